// docs/configuration.md, "Demo": `--public-dir` with the folder of the Node.js server that
// Heliograph replaces serves that server's page unchanged at /demo.
import { after, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { files, makePublicFolder } from '../support/public_folder.mjs';
import { serve, startServer, useServer } from '../support/server.mjs';

const types = {
  'css/style.css': /^text\/css/,
  'scripts/index.js': /^(text|application)\/javascript/,
  'scripts/adapter.mjs': /^(text|application)\/javascript/,
  'images/logo.svg': /^image\/svg\+xml/,
  'images/dot.png': /^image\/png/,
  'data/list.json': /^application\/json/,
  'notes.txt': /^text\/plain/,
};

describe('a public folder', () => {
  const made = makePublicFolder();
  const server = useServer({ args: ['--public-dir', made.folder], env: { DEMO: 'on' } });
  after(made.remove);

  it('is where the demo page comes from', async () => {
    const answer = await server.request({ path: '/demo' });
    assert.equal(answer.status, 200);
    assert.match(answer.headers['content-type'], /^text\/html/);
    assert.equal(answer.body, files['demo.html']);
  });

  for (const [name, content] of Object.entries(files)) {
    it(`serves ${name}`, async () => {
      const path = `/${name.split('/').map(encodeURIComponent).join('/')}`;
      const answer = await server.request({ path });
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.raw, Buffer.from(content));
      if (name in types) assert.match(answer.headers['content-type'], types[name]);
    });
  }

  it('ignores a query', async () => {
    assert.equal(
      (await server.request({ path: '/css/style.css?v=3' })).body,
      files['css/style.css'],
    );
  });

  it('serves the browser client all the same', async () => {
    const answer = await server.request({ path: '/socket.io/socket.io.js' });
    assert.equal(answer.status, 200);
    assert.match(answer.body, /Socket\.IO v4/);
  });

  it('does not open GET /', async () => {
    assert.equal((await server.request({ path: '/' })).status, 401);
  });

  it('lists no folder', async () => {
    for (const path of ['/css', '/css/', '/scripts/', '/images']) {
      const answer = await server.request({ path });
      assert.ok(answer.status >= 300, `${path}: ${answer.status}`);
      assert.doesNotMatch(answer.body, /style\.css|index\.js/);
    }
  });

  it('answers 404 in the envelope for a file that is not there', async () => {
    const answer = await server.request({ path: '/css/missing.css' });
    assert.equal(answer.status, 404);
    assert.deepEqual(Object.keys(JSON.parse(answer.body)), ['status', 'error', 'response']);
  });

  it('may be shown in no frame, and tells other sites no more than its own', async () => {
    const { headers } = await server.request({ path: '/demo' });
    assert.equal(headers['content-security-policy'], "frame-ancestors 'none'");
    assert.equal(headers['referrer-policy'], 'strict-origin-when-cross-origin');
  });

  it('answers HEAD with the length of the file', async () => {
    const answer = await server.request({ method: 'HEAD', path: '/css/style.css' });
    assert.deepEqual([answer.status, answer.body], [200, '']);
    assert.equal(Number(answer.headers['content-length']), files['css/style.css'].length);
  });

  it('answers 304 when the client has the file', async () => {
    const { headers } = await server.request({ path: '/css/style.css' });
    const known = { 'If-None-Match': headers.etag };
    const answer = await server.request({ path: '/css/style.css', headers: known });
    assert.deepEqual([answer.status, answer.body], [304, '']);
  });
});

describe('FRAME_ANCESTORS', () => {
  const framing = { FRAME_ANCESTORS: 'self https://portal.example' };
  const directive = "frame-ancestors 'self' https://portal.example";

  it('lets others show the pages of a public folder in a frame', async (t) => {
    const made = makePublicFolder();
    t.after(made.remove);
    const server = await serve(t, { env: { ...framing, PUBLIC_DIR: made.folder } });
    const { headers } = await server.request({ path: '/demo' });
    assert.equal(headers['content-security-policy'], directive);
  });

  it('is part of the embedded demo’s own policy', async (t) => {
    const server = await serve(t, { env: { ...framing, DEMO: 'on' } });
    const { headers } = await server.request({ path: '/demo' });
    const policy = headers['content-security-policy'];
    assert.ok(policy.startsWith("default-src 'none'; "), policy);
    assert.ok(policy.endsWith(`; ${directive}`), policy);
  });
});

describe('PUBLIC_DIR', () => {
  it('is the same by environment', async () => {
    const made = makePublicFolder();
    const server = await startServer({ env: { PUBLIC_DIR: made.folder, DEMO: 'on' } });
    try {
      assert.equal(
        (await server.request({ path: '/scripts/config.js' })).body,
        files['scripts/config.js'],
      );
    } finally {
      await server.stop();
      made.remove();
    }
  });
});
