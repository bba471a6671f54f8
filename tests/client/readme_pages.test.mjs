// The examples of the README in pages that Vite has built with its defaults; whatever goes wrong in
// them, no rejection is left unhandled.
/* global call, example, heard, saved -- of the pages */
import { after, afterEach, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { launchBrowser } from '../browser/browser.mjs';
import { freeTcpPort } from '../support/ports.mjs';
import { serve, useServer } from '../support/server.mjs';
import { installPacked } from './packed.mjs';
import { exampleOf } from './readme.mjs';
import { openPage, page, servePages, showsVideos } from './readme_pages.mjs';

/** Somebody in a call, as the first example makes it; `example(name)` runs another one. */
const kInCall = `
import { Call, Signal } from '@heliograph/client';

const examples = {
  commands: () => import('./commands.js'),
  stats: () => import('./stats.js'),
  file: () => import('./file.ts'),
};
window.heard = [];
window.saved = [];
window.save = (file) => saved.push(file);
window.example = (name) => examples[name]();

async function start() {
  const signal = await Signal.connect(server, { token: appToken });
  const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  window.call = new Call(signal, { media, status: 'here', channels: { files: {} } });
  call.on('join-request', ({ peerId }) => call.accept(peerId).catch(console.warn));
  for (const name of ['message', 'status', 'room-updated', 'stream']) {
    call.on(name, ({ data, status, settings, kind }) => {
      heard.push([name, data ?? status ?? settings?.admission ?? kind]);
    });
  }
  signal.on('state', ({ state }) => heard.push(['state', state]));
  await call.enter(new URLSearchParams(location.search).get('room') ?? 'commands');
}
start().catch((error) => document.body.append(error.message));
`;

const refuseCamera = () => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('No camera for you'));
};
const refuseScreen = () => {
  navigator.mediaDevices.getDisplayMedia = () => Promise.reject(new Error('No screen for you'));
};

describe('in a page that Vite has built, an example of the README', () => {
  const server = useServer();
  const pages = [];
  let browser;
  let project;
  let sites = 0;

  before(async () => {
    project = installPacked();
    browser = await launchBrowser();
  });
  after(() => browser?.close());
  afterEach(async () => {
    for (const { close } of pages.splice(0)) await close();
  });

  async function open(url, prepare) {
    const opened = await openPage(browser, url, prepare);
    pages.push({ close: () => opened.context().close() });
    return opened;
  }

  const serveScript = async (files, to) => {
    const token = JSON.stringify(await server.appToken());
    const given = `const appToken = ${token}; const server = ${JSON.stringify(to)};`;
    const html = page('<button id="share">Share</button>', 'main.js', given);
    sites += 1;
    const site = await servePages(project, `site${sites}`, { 'index.html': html, ...files });
    pages.push(site);
    return site.url;
  };
  const serveHello = (to, room = 'lobby') => {
    const code = exampleOf(project, 'hello', { server: to }).replace('lobby', room);
    return serveScript({ 'main.js': code }, to);
  };
  const serveCalls = (to) => {
    const files = { 'main.js': kInCall };
    for (const file of ['commands.js', 'stats.js', 'file.ts']) {
      files[file] = exampleOf(project, file.split('.')[0]);
    }
    return serveScript(files, to);
  };

  const hears = (opened, ...event) =>
    opened.waitForFunction((event) => heard.some((each) => String(each) === String(event)), event);
  const says = (opened, words) =>
    opened.waitForEvent('console', (line) => line.text().includes(words));
  const shows = (opened, words) => opened.getByText(words).waitFor();

  /** Rejections that nobody handles are told when the task ends that left them. */
  const isCalm = async (...all) => {
    for (const opened of all) {
      await opened.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
      assert.deepEqual(opened.problems, []);
    }
  };

  test('makes a call', async () => {
    const url = await serveHello(server.url);
    const ada = await open(url);
    const ben = await open(url);
    await showsVideos(ada, 1);
    await showsVideos(ben, 1);
    await ben.close();
    await showsVideos(ada, 0);
    await isCalm(ada);
  });

  test('carries out the commands of a call, and measures the connection', async () => {
    const url = await serveCalls(server.url);
    const ada = await open(url);
    await hears(ada, 'room-updated', 'owner');
    const ben = await open(url);
    for (const opened of [ada, ben]) await hears(opened, 'status', 'here');
    const measured = says(ada, ' good');
    await ada.evaluate(() => example('stats'));
    await measured;
    await ada.evaluate(() => example('commands'));
    await hears(ben, 'message', '[object Object]');
    await hears(ben, 'status', '[object Object]');
    await hears(ben, 'room-updated', 'password');
    await ada.click('#share');
    await hears(ben, 'stream', 'screen');
    await isCalm(ada, ben);
  });

  test('sends a file to a peer and tells of its progress', async () => {
    const url = `${await serveCalls(server.url)}?room=files`;
    const ada = await open(url);
    await hears(ada, 'room-updated', 'owner');
    const ben = await open(url);
    await hears(ada, 'status', 'here');
    await ben.evaluate(() => example('file').then(() => true));
    const size = 1_000_000;
    const shares = await ada.evaluate(async (size) => {
      const { sendFile } = await example('file');
      const bytes = Uint8Array.from({ length: size }, (_, index) => index % 251);
      const shares = [];
      const [peer] = call.peers.values();
      for (const name of ['one.bin', 'two.bin']) {
        await sendFile(peer, new File([bytes], name), (share) => shares.push(share));
      }
      return shares;
    }, size);
    const part = 2 ** 18 / size;
    assert.deepEqual(shares, [part, 2 * part, 3 * part, 1, part, 2 * part, 3 * part, 1]);
    await ben.waitForFunction(() => saved.length === 2);
    const names = await ben.evaluate(async (size) => {
      const isWhole = async (file) => {
        const bytes = new Uint8Array(await file.arrayBuffer());
        return bytes.length === size && bytes.every((byte, index) => byte === index % 251);
      };
      return Promise.all(saved.map(async (file) => [file.name, await isWhole(file)]));
    }, size);
    assert.deepEqual(names, [
      ['one.bin', true],
      ['two.bin', true],
    ]);
    await isCalm(ada, ben);
  });

  test('says that a page may not see the screen, and that only owners change rules', async () => {
    const url = `${await serveCalls(server.url)}?room=refusals`;
    const ada = await open(url);
    await hears(ada, 'room-updated', 'owner');
    const ben = await open(url, refuseScreen);
    await hears(ben, 'status', 'here');
    const refused = says(ben, 'not-owner');
    await ben.evaluate(() => example('commands'));
    await refused;
    const hidden = says(ben, 'No screen for you');
    await ben.click('#share');
    await hidden;
    await isCalm(ada, ben);
  });

  test('says that nobody is there', async () => {
    const ada = await open(await serveHello(`http://127.0.0.1:${await freeTcpPort()}`));
    await shows(ada, 'error');
    await isCalm(ada);
  });

  test('says that there is no camera', async () => {
    const ada = await open(await serveHello(server.url), refuseCamera);
    await shows(ada, 'No camera for you');
    await isCalm(ada);
  });

  test('says that an owner does not let it in', async () => {
    const owner = await server.peer();
    await owner.ask('room-create-request', { room: 'mine' });
    const ada = await open(await serveHello(server.url, 'mine'));
    const { peer_id } = await owner.next('room-join-request');
    await owner.ask('room-join-reject', { room: 'mine', peer_id });
    await shows(ada, 'rejected');
    await isCalm(ada);
  });

  test('outlives a server that goes in the middle of a call', async (t) => {
    const mortal = await serve(t);
    const url = await serveCalls(mortal.url);
    const ada = await open(url);
    await hears(ada, 'room-updated', 'owner');
    const ben = await open(url);
    for (const opened of [ada, ben]) await hears(opened, 'status', 'here');
    mortal.program.signal('SIGKILL');
    for (const opened of [ada, ben]) await hears(opened, 'state', 'reconnecting');
    await ada.evaluate(() => example('commands'));
    await hears(ben, 'message', '[object Object]');
    await ada.evaluate(() => call.leave());
    await isCalm(ada, ben);
  });

  test('would be noticed if it left a rejection unhandled', async () => {
    const script = "Promise.reject(new Error('Nobody cares')); document.body.append('done');";
    const ada = await open(await serveScript({ 'main.js': script }, server.url));
    await shows(ada, 'done');
    await assert.rejects(isCalm(ada), /Nobody cares/);
  });
});
