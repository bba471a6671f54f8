import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { launchBrowser } from '../browser/browser.mjs';
import { patience, within } from '../support/patience.mjs';
import { Queue } from '../support/queue.mjs';
import { password, useServer } from '../support/server.mjs';
import { installPacked } from './packed.mjs';
import { serveFolder, viteBuild } from './site.mjs';

const milliseconds = 3 * patience;

/** The examples of the installed package, and the server that makes pages of them. */
const kWays = {
  'as they are': ({ site }) => ({ url: site, close: () => {} }),
  'built by Vite': ({ examples, site }) => {
    const pages = ['index', 'call', 'camera', 'cursors'].map((name) =>
      join(examples, `${name}.html`),
    );
    const access = async () => (await fetch(new URL('access', site))).text();
    return serveFolder(viteBuild(examples, { pages }), { '/access': access });
  },
};

/** Before the tests that follow: a server, a browser, and the pages of the examples. */
function useExamples(makePages) {
  const server = useServer();
  const programs = [];
  let examples;
  let browser;
  let pages;

  function run(program, env) {
    const child = spawn(process.execPath, [join(examples, program)], {
      env: { ...process.env, HELIOGRAPH: server.url, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    programs.push(child);
    const lines = new Queue();
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    return lines;
  }

  before(async () => {
    examples = join(installPacked(), 'node_modules/@heliograph/client/examples');
    const lines = run('serve.mjs', { PORT: 0, APP_PASS: password });
    pages = await makePages({ examples, site: await lines.next('the address of the pages') });
    browser = await launchBrowser();
  });
  after(async () => {
    for (const program of programs) program.kill();
    pages?.close();
    await browser?.close();
  });

  async function open(path) {
    const page = await browser.newPage();
    page.setDefaultTimeout(milliseconds);
    page.errors = [];
    page.on('pageerror', (error) => page.errors.push(String(error)));
    await page.goto(new URL(path, pages.url).href);
    return page;
  }

  const fileOf = (name) => join(examples, name);
  return { server, run, open, fileOf };
}

const showsMoving = (page, count) =>
  page.waitForFunction((count) => {
    const videos = [...document.querySelectorAll('video')];
    return videos.length === count && videos.every(({ currentTime }) => currentTime > 0.3);
  }, count);

async function close(...pages) {
  for (const page of pages) {
    assert.deepEqual(page.errors, []);
    await page.close();
  }
}

function testPages({ open }) {
  test('call.html: two windows see each other, until one is closed', async () => {
    const ada = await open('call.html');
    const ben = await open('call.html');
    await showsMoving(ada, 2);
    await showsMoving(ben, 2);
    await ben.click('#mute');
    assert.equal(await ben.textContent('#mute'), 'Unmute');
    await ben.click('#screen');
    await showsMoving(ada, 3);
    await close(ben);
    await showsMoving(ada, 1);
    await close(ada);
  });

  test('cursors.html: one moves, the other sees it', async () => {
    const ada = await open('cursors.html');
    const ben = await open('cursors.html');
    await within(
      (async () => {
        for (let x = 10; !(await ben.$('.cursor')); x += 1) await ada.mouse.move(x, 70);
      })(),
      'the cursor on the other page',
      milliseconds,
    );
    await ben.waitForFunction(() => document.querySelector('.cursor').style.top === '70px');
    await close(ben, ada);
  });

  test('camera.html: a viewer sees the camera and sends nothing', async () => {
    const camera = await open('camera.html');
    await camera.getByText('0 watching').waitFor();
    const viewer = await open('camera.html?watch');
    await showsMoving(viewer, 1);
    await camera.getByText('1 watching').waitFor();
    await close(viewer);
    await camera.getByText('0 watching').waitFor();
    await close(camera);
  });
}

function testNodePeer({ server, run, fileOf }) {
  test('node_peer.mjs: says why it ends if it may not come in', async () => {
    const env = { ...process.env, HELIOGRAPH: server.url, APP_TOKEN: 'nonsense' };
    const program = spawn(process.execPath, [fileOf('node_peer.mjs')], { env });
    const said = new Queue();
    createInterface({ input: program.stderr }).on('line', (line) => said.push(line));
    const [code] = await within(once(program, 'exit'), 'its end');
    assert.equal(code, 1);
    assert.doesNotMatch(await said.next('why'), /node:internal|^file:/);
  });

  test('node_peer.mjs: tells the time to everybody who asks', async () => {
    const lines = run('node_peer.mjs', { APP_TOKEN: await server.appToken() });
    assert.equal(await lines.next('the room'), 'created examples: node');
    const peer = await server.peer();
    await peer.ask('room-join-request', { room: 'examples: node' });
    assert.equal((await peer.next('message')).data, 'Ask me for the time.');
    await peer.ask('relay-message', { room: 'examples: node', data: 'What time is it?' });
    assert.match((await peer.next('message')).data, /^\d{4}-\d\d-\d\dT/);
    assert.match(await lines.next('the question'), /What time is it\?/);
  });
}

for (const [way, makePages] of Object.entries(kWays)) {
  describe(`the examples of the client, ${way}`, () => {
    const examples = useExamples(makePages);
    testPages(examples);
    testNodePeer(examples);
  });
}
