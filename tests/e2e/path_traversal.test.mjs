// Nothing outside the public folder is served, however the path is written.
import { after, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import path from 'node:path';
import { makePublicFolder, secretContent } from '../support/public_folder.mjs';
import { useServer } from '../support/server.mjs';

const dots = [
  '..',
  '%2e%2e',
  '.%2e',
  '%2E.',
  '%252e%252e',
  '%c0%ae%c0%ae',
  '%u002e%u002e',
  '..;',
  '. .',
  '.\u0000.',
  '..%00',
  '...',
  '....',
];
const slashes = ['/', '//', '/./', '%2f', '%2F', '\\', '%5c', '%255c', '%252f', '%c0%af', '/%2f'];

describe('path traversal', () => {
  const made = makePublicFolder();
  const server = useServer({ args: ['--public-dir', made.folder], env: { DEMO: 'on' } });
  after(made.remove);

  async function assertSafe(target) {
    const answer = await server.request({ path: target });
    assert.ok(answer.status >= 400 && answer.status < 500, `${target}: ${answer.status}`);
    assert.ok(!answer.body.includes(secretContent), target);
    assert.ok(!answer.body.includes('root:'), target);
  }

  for (const dot of dots) {
    it(`"${dot}" with every slash leads nowhere`, async () => {
      for (const slash of slashes) {
        await assertSafe(`/${dot}${slash}secret.txt`);
        await assertSafe(`${slash}${dot}${slash}secret.txt`.replace(/^(?!\/)/, '/'));
        await assertSafe(`/css${slash}${dot}${slash}${dot}${slash}secret.txt`);
        await assertSafe(`/css/${`${dot}${slash}`.repeat(30)}etc${slash}passwd`);
      }
    });
  }

  it('neither do absolute paths and drives', async () => {
    const secret = path.join(made.parent, 'secret.txt');
    const targets = [
      `/${secret}`,
      `//${secret}`,
      `/%2f${secret.slice(1)}`,
      '//etc/passwd',
      '/file:///etc/passwd',
      '/C:/boot.ini',
    ];
    for (const target of targets) await assertSafe(target);
  });

  it('nor a target in absolute form or without its slash', async () => {
    for (const target of [
      `http://localhost/../secret.txt`,
      'http://localhost/%2e%2e/secret.txt',
      '../secret.txt',
    ]) {
      await assertSafe(target);
    }
  });

  it('nor a neighbour whose name begins like the folder’s', async () => {
    await assertSafe('/../public-other/secret.txt');
    await assertSafe('/%2e%2e/public-other/secret.txt');
    await assertSafe('/-other/secret.txt');
  });

  it('nor a symbolic link', async () => {
    for (const target of [
      '/link.txt',
      '/relative.txt',
      '/up/secret.txt',
      '/up/public-other/secret.txt',
      '/up',
    ]) {
      await assertSafe(target);
    }
  });

  it('nor a NUL byte behind a name', async () => {
    for (const target of ['/notes.txt%00', '/notes.txt%00.png', '/css/%00', '/%00/../secret.txt'])
      await assertSafe(target);
  });

  it('nor the files of the server itself beside the demo', async () => {
    for (const target of [
      '/demo/../../secret.txt',
      '/demo/..',
      '/socket.io/../../secret.txt',
      '/socket.io/../notes.txt/..',
    ]) {
      await assertSafe(target);
    }
  });
});
