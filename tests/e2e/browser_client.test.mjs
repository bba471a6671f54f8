// docs/protocol.md, "HTTP": the browser client, at the addresses where Socket.IO servers serve it.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { useServer } from '../support/server.mjs';

const require = createRequire(import.meta.url);
const dist = path.join(path.dirname(require.resolve('socket.io-client/package.json')), 'dist');
const { version } = require('socket.io-client/package.json');

describe('the browser client', () => {
  const server = useServer();

  for (const name of ['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js']) {
    const target = `/socket.io/${name}`;

    it(`${target} is the file of socket.io-client ${version}`, async () => {
      const answer = await server.request({ path: target });
      assert.equal(answer.status, 200);
      assert.match(answer.headers['content-type'], /^(application|text)\/javascript/);
      assert.match(answer.body, new RegExp(`Socket\\.IO v${version.replaceAll('.', '\\.')}`));
      assert.equal(stripMap(answer.body), stripMap(readFileSync(path.join(dist, name), 'utf8')));
    });

    it(`${target} is asked for again by its tag`, async () => {
      const { etag } = (await server.request({ path: target })).headers;
      assert.match(etag, /^(W\/)?"[^"]+"$/);
      for (const known of [etag, `"other", ${etag}`, '*']) {
        const answer = await server.request({ path: target, headers: { 'If-None-Match': known } });
        assert.deepEqual([answer.status, answer.body], [304, '']);
        assert.equal(answer.headers.etag, etag);
      }
      const stale = await server.request({ path: target, headers: { 'If-None-Match': '"stale"' } });
      assert.equal(stale.status, 200);
    });
  }

  it('has a tag of its own for each file', async () => {
    const tags = new Set();
    for (const name of ['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js']) {
      tags.add((await server.request({ path: `/socket.io/${name}` })).headers.etag);
    }
    assert.equal(tags.size, 3);
  });

  it('ignores a query, and is nothing else under that path', async () => {
    assert.equal((await server.request({ path: '/socket.io/socket.io.js?v=1' })).status, 200);
    assert.ok((await server.request({ path: '/socket.io/other.js' })).status >= 400);
  });
});

/** The comment that names the source map may be left out if no map is served. */
function stripMap(text) {
  return text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '').trim();
}
