import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { launchBrowser } from '../browser/browser.mjs';
import { patience } from '../support/patience.mjs';
import { useServer } from '../support/server.mjs';
import { root, workshop } from './build.mjs';

const source = join(root, 'clients/typescript');
const kLargest = 24_700;
const kLargestCompressed = 10_950;

/** What `npm pack` of the client makes, installed into a project that has nothing else. */
function installInEmptyProject() {
  const folder = workshop();
  const client = join(folder, 'client');
  cpSync(source, client, { recursive: true, filter: (path) => !/dist$|node_modules/.test(path) });
  const npm = (cwd, ...values) => execFileSync('npm', values, { cwd, encoding: 'utf8' });
  npm(client, 'pack', '--silent', '--pack-destination', folder);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  const project = join(folder, 'project');
  mkdirSync(project);
  const dependencies = {
    '@heliograph/client': `file:../${tarball}`,
    'socket.io-client': `file:${join(root, 'node_modules/socket.io-client')}`,
  };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, dependencies }));
  npm(project, 'install', '--offline', '--install-links=false', '--no-audit', '--no-package-lock');
  return project;
}

describe('the package as npm packs it', () => {
  const server = useServer();
  let project;
  let browser;

  before(async () => {
    project = installInEmptyProject();
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  const node = (file, program) => {
    writeFileSync(join(project, file), program);
    return execFileSync(process.execPath, [file], { cwd: project, encoding: 'utf8' }).trim();
  };

  test('holds what is built, the examples and nothing of the source', () => {
    const files = readdirSync(join(project, 'node_modules/@heliograph/client'));
    assert.deepEqual(files.sort(), ['README.md', 'dist', 'examples', 'package.json']);
  });

  test('is imported and required, with the same things in it', () => {
    const say = 'console.log(Object.keys(client).sort().join())';
    const names = 'Call,Emitter,Signal,SignalError';
    assert.equal(node('a.mjs', `import * as client from '@heliograph/client';${say}`), names);
    assert.equal(node('a.cjs', `const client = require('@heliograph/client');${say}`), names);
    const stats = '@heliograph/client/stats';
    const statsNames = 'createStatsMeter,watchStats';
    assert.equal(node('a.mjs', `import * as client from '${stats}';${say}`), statsNames);
    assert.equal(node('a.cjs', `const client = require('${stats}');${say}`), statsNames);
  });

  test('has types, for both kinds of module', () => {
    const program = `import { Call, Signal } from '@heliograph/client';
      import { watchStats } from '@heliograph/client/stats';
      export async function meet(url: string, token: string): Promise<number> {
        const call = new Call(await Signal.connect(url, { token }));
        call.on('stream', ({ stream, kind }) => console.log(stream.id, kind.length));
        watchStats(call, 1000, ({ peer, stats }) => console.log(peer.id, stats.quality.length));
        await call.enter('lobby', { password: 'opal' });
        // @ts-expect-error: there is no such event
        call.on('no-such-event', () => {});
        return call.peers.size;
      }`;
    writeFileSync(join(project, 'b.mts'), program);
    writeFileSync(join(project, 'b.cts'), program);
    const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022'];
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const all = [compiler, ...options, 'b.mts', 'b.cts'];
    execFileSync(process.execPath, all, { cwd: project, stdio: 'inherit' });
  });

  test('is small in a page, without socket.io-client', async () => {
    const { outputFiles } = await build({
      stdin: { contents: "export * from '@heliograph/client'", resolveDir: project },
      bundle: true,
      external: ['socket.io-client'],
      format: 'esm',
      minify: true,
      write: false,
    });
    const { contents } = outputFiles[0];
    assert.ok(contents.length < kLargest, `${contents.length} bytes`);
    const compressed = gzipSync(contents).length;
    assert.ok(compressed < kLargestCompressed, `${compressed} bytes compressed`);
  });

  test('is left out of a bundle that does not use it', async () => {
    const { outputFiles } = await build({
      stdin: { contents: "import '@heliograph/client'", resolveDir: project },
      bundle: true,
      format: 'esm',
      write: false,
      logLevel: 'silent',
    });
    assert.ok(!outputFiles[0].text.includes('class'));
  });

  test('makes a call by the lines of its README, as they are printed', async () => {
    const readme = readFileSync(join(project, 'node_modules/@heliograph/client/README.md'), 'utf8');
    const [, example] = /```js\n(.*?)```/s.exec(readme);
    const lines = example.split('\n').filter((line) => line.trim());
    assert.ok(lines.length <= 12, `${lines.length} lines`);
    assert.ok(example.includes("'http://localhost:5000'"));
    const contents = example.replace('http://localhost:5000', server.url);
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: project },
      bundle: true,
      format: 'esm',
      write: false,
    });
    const token = JSON.stringify(await server.appToken());
    const script = `<script>const appToken = ${token};</script><script type="module" src="/a.js">`;
    const site = createServer(({ url }, response) => {
      const isScript = url === '/a.js';
      response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? outputFiles[0].text : `<!doctype html>${script}</script><body>`);
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');

    const pages = [];
    for (let count = 0; count < 2; count += 1) {
      const page = await browser.newPage();
      page.setDefaultTimeout(3 * patience);
      page.on('pageerror', (error) => assert.fail(error));
      await page.goto(`http://127.0.0.1:${site.address().port}`);
      pages.push(page);
    }
    for (const page of pages) {
      await page.waitForFunction(() => document.querySelector('video')?.currentTime > 0.3);
    }
    await pages[1].close();
    await pages[0].waitForFunction(() => !document.querySelector('video'));
    await pages[0].close();
    site.close();
  });
});
