// The papers say what the code does: names, links and the README's example.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { eventually, within } from '../support/patience.mjs';
import { useServer } from '../support/server.mjs';
import { unlimited } from '../support/settings.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file) => readFileSync(path.join(root, file), 'utf8');
const papers = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter(Boolean);

describe('the papers', () => {
  const server = useServer({ env: unlimited });

  it('link to files that are there', () => {
    const broken = papers.flatMap((paper) =>
      [...read(paper).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map(([, target]) => target)
        .filter((target) => !existsSync(path.join(root, path.dirname(paper), target)))
        .map((target) => `${paper}: ${target}`),
    );
    assert.deepEqual(broken, []);
  });

  it('docs/protocol.md names every event that the server takes', () => {
    const protocol = read('docs/protocol.md');
    const events = [...read('src/signaling/command.cpp').matchAll(/\{"([a-z-]+)", parse_/g)];
    assert.ok(events.length >= 7);
    assert.deepEqual(
      events.map(([, name]) => name).filter((name) => !protocol.includes(`\`${name}\``)),
      [],
    );
  });

  it('docs/protocol.md and docs/log.md name every reason for which a connection ends', () => {
    const pages = read('docs/protocol.md') + read('docs/log.md');
    const rows = [
      ...read('src/gateway/close_reason.cpp').matchAll(/Row\{k\w+,\s*\{[\w:]+, "([^"]+)"/g),
    ];
    assert.ok(rows.length >= 20);
    assert.deepEqual(
      rows.map(([, text]) => text).filter((text) => !pages.includes(`\`${text}\``)),
      [],
    );
  });

  it('docs/decisions/README.md lists every decision', () => {
    const list = read('docs/decisions/README.md');
    const pages = papers.filter((paper) => /^docs\/decisions\/(?!README)/.test(paper));
    assert.deepEqual(
      pages.filter((page) => !list.includes(`(${path.basename(page)})`)),
      [],
    );
  });

  it('docs/README.md lists every page', () => {
    const list = read('docs/README.md');
    const pages = papers.filter((paper) => /^docs\/(?!README)[^/]+$/.test(paper));
    assert.ok(pages.length > 10);
    assert.deepEqual(
      pages.filter((page) => !list.includes(`(${path.basename(page)})`)),
      [],
    );
  });

  it('docs/troubleshooting.md quotes lines and reasons as the server logs them', () => {
    const page = read('docs/troubleshooting.md');
    const known = read('docs/log.md') + read('docs/protocol.md') + read('docs/turn.md');
    const reasons = [...page.matchAll(/reason="([^"]+)"/g)].map(([, reason]) => reason);
    assert.ok(reasons.length > 5);
    const texts = execFileSync('grep', ['-rhoE', '"[^"]+"', 'src'], {
      cwd: root,
      encoding: 'utf8',
    });
    assert.deepEqual(
      reasons.filter((reason) => reason !== '…' && !texts.includes(`"${reason}"`)),
      [],
    );
    const codes = [...page.matchAll(/code=([a-z-]+)/g)].map(([, code]) => code);
    assert.deepEqual(
      codes.filter((code) => !known.includes(`\`${code}\``)),
      [],
    );
  });

  it('the client of the README opens a room and lets people in', async () => {
    const [, example] = read('README.md').match(/```js\n(.*?)```/s);
    const program = example.replace('http://localhost:5000', server.url);
    assert.notEqual(program, example);
    const client = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: root,
      env: { ...process.env, APP_TOKEN: await server.appToken() },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const said = new Promise((resolve) =>
        createInterface({ input: client.stdout }).once('line', resolve),
      );
      const peer = await server.peer({ peerinfo: { name: 'Ben' } });
      // The example runs in a process of its own; nothing tells us that its room is there.
      await eventually(
        async () => (await peer.ask('room-join-request', { room: 'lobby' })).ok,
        'the example creates its room',
      );
      assert.equal(await within(said, 'the example says who has come'), 'Ben is in lobby');
    } finally {
      client.kill();
    }
  });
});
