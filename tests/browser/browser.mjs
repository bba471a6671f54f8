import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

function findChromium() {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const found = paths.find((path) => existsSync(path));
  if (!found) throw new Error('no Chromium found: on Debian, apt-get install chromium');
  return found;
}

const commonArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--allow-loopback-in-peer-connection', // Works on a machine that has no other network, too.
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

const fakeDevices = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

/** A headless Chromium; with `devices`, it has a camera and a microphone, free to be used. */
export function launchBrowser({ devices = true } = {}) {
  return chromium.launch({
    executablePath: findChromium(),
    args: [...commonArguments, ...(devices ? fakeDevices : [])],
  });
}
