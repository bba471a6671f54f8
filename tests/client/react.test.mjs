// The README's example for React, in StrictMode, which runs each effect twice: mount, unmount,
// mount.
/* global allow, asked, mounts, tracksSoFar -- of the page */
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { launchBrowser } from '../browser/browser.mjs';
import { useServer } from '../support/server.mjs';
import { installPacked } from './packed.mjs';
import { exampleOf } from './readme.mjs';
import { openPage, page, servePages, showsVideos } from './readme_pages.mjs';

const kMain = `
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Meeting } from './meeting';

function App() {
  const [isIn, setIn] = useState(true);
  useEffect(() => {
    window.mounts = (window.mounts ?? 0) + 1;
  }, []);
  const meeting = <Meeting url={server} token={appToken} room="lobby" />;
  return <><button onClick={() => setIn(!isIn)}>Come or go</button>{isIn && meeting}</>;
}
createRoot(document.getElementById('root')).render(<StrictMode><App /></StrictMode>);
`;

/** Runs in the page before everything else: keeps count of what is open. */
function keepCount() {
  const opened = { connections: [], sockets: [], tracks: [] };
  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(...values) {
      super(...values);
      opened.connections.push(this);
    }
  };
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...values) {
      super(...values);
      opened.sockets.push(this);
    }
  };
  const { mediaDevices } = navigator;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  window.allowed = Promise.resolve();
  window.asked = 0;
  mediaDevices.getUserMedia = async (...values) => {
    window.asked += 1;
    await window.allowed;
    const media = await ask(...values);
    opened.tracks.push(...media.getTracks());
    return media;
  };
  window.tracksSoFar = () => opened.tracks.length;
  window.open = () => ({
    connections: opened.connections.filter(({ signalingState }) => signalingState !== 'closed')
      .length,
    sockets: opened.sockets.filter(({ readyState }) => readyState <= Socket.OPEN).length,
    tracks: opened.tracks.filter(({ readyState }) => readyState === 'live').length,
  });
}

const kInCall = { connections: 1, sockets: 1, tracks: 2 };
const kNothing = { connections: 0, sockets: 0, tracks: 0 };

describe("in StrictMode, the README's component for React", () => {
  const server = useServer();
  let browser;
  let site;

  before(async () => {
    const project = installPacked();
    const given = { appToken: await server.appToken(), server: server.url };
    const files = {
      'index.html': page(
        '<div id="root"></div>',
        'main.tsx',
        `Object.assign(window, ${JSON.stringify(given)});`,
      ),
      'main.tsx': kMain,
      'meeting.tsx': exampleOf(project, 'react'),
      'tsconfig.json': '{ "compilerOptions": { "jsx": "react-jsx" } }',
    };
    site = await servePages(project, 'react', files, { env: { NODE_ENV: 'development' } });
    browser = await launchBrowser();
  });
  after(async () => {
    site?.close();
    await browser?.close();
  });

  const has = (opened, wanted) =>
    opened.waitForFunction(
      (wanted) => JSON.stringify(window.open()) === wanted,
      JSON.stringify(wanted),
    );
  const comeOrGo = (opened) => opened.click('button');
  const goAway = async (...all) => {
    for (const opened of all) {
      assert.deepEqual(opened.problems, []);
      await opened.context().close();
    }
  };

  test('makes one call, and ends it when it is unmounted', async () => {
    const ada = await openPage(browser, site.url, keepCount);
    const ben = await openPage(browser, site.url, keepCount);
    for (const opened of [ada, ben]) {
      await showsVideos(opened, 1);
      await has(opened, kInCall);
      assert.equal(await opened.evaluate(() => mounts), 2, 'effects ran twice');
    }
    await comeOrGo(ben);
    await has(ben, kNothing);
    await showsVideos(ada, 0);
    await comeOrGo(ben);
    for (const opened of [ada, ben]) {
      await showsVideos(opened, 1);
      await has(opened, kInCall);
    }
    await goAway(ada, ben);
  });

  test('stops a camera that is allowed only after it was unmounted', async () => {
    const ada = await openPage(browser, site.url, keepCount);
    await has(ada, { connections: 0, sockets: 1, tracks: 2 });
    await comeOrGo(ada);
    await has(ada, kNothing);
    await ada.evaluate(() => {
      window.allowed = new Promise((resolve) => (window.allow = resolve));
      window.asked = 0;
    });
    await comeOrGo(ada);
    await ada.waitForFunction(() => asked > 0);
    await comeOrGo(ada);
    const before = await ada.evaluate(() => tracksSoFar());
    await ada.evaluate(() => allow());
    await ada.waitForFunction((before) => tracksSoFar() > before, before);
    await has(ada, kNothing);
    await goAway(ada);
  });

  test('says why there is no call', async () => {
    const refuse = () => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('No camera for you'));
    };
    const ada = await openPage(browser, site.url, refuse);
    await ada.getByText('No camera for you').waitFor();
    await goAway(ada);
  });
});
