// docs/protocol.md, "HTTP": routes, the form of every error, HEAD.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { useServer } from '../support/server.mjs';

function assertEnvelope(answer, status) {
  assert.equal(answer.status, status);
  assert.match(answer.headers['content-type'], /^application\/json/);
  const envelope = JSON.parse(answer.body);
  assert.deepEqual(Object.keys(envelope).slice(0, 3), ['status', 'error', 'response']);
  assert.deepEqual([envelope.status, envelope.response], [status, false]);
  assert.ok(typeof envelope.error === 'string' && envelope.error.length > 0);
}

describe('routes', () => {
  const server = useServer({ env: { DEMO: 'on' } });

  it('GET / is 401 in the envelope', async () => {
    const answer = await server.request({ path: '/' });
    assert.equal(answer.body, '{"status":401,"error":"Unauthorized","response":false}');
    assertEnvelope(answer, 401);
  });

  for (const path of [
    '/nowhere',
    '/app/',
    '/app/x',
    '/APP',
    '//',
    '/?x',
    '/demo/x',
    '/%',
    '/%zz',
    '/%00',
    `/${'x'.repeat(2000)}`,
  ]) {
    it(`GET ${path.slice(0, 20)} is an error in the envelope`, async () => {
      const answer = await server.request({ path });
      assert.ok([400, 401, 404].includes(answer.status), `${answer.status}`);
      assertEnvelope(answer, answer.status);
    });
  }

  for (const path of ['/healthz', '/readyz']) {
    it(`GET and HEAD ${path} are 200 without a token, and not to be stored`, async () => {
      for (const method of ['GET', 'HEAD']) {
        const answer = await server.request({ method, path });
        assert.equal(answer.status, 200);
        assert.equal(answer.headers['cache-control'], 'no-store');
        assert.equal(answer.body, method === 'GET' ? 'ok' : '');
      }
    });
  }

  it('an unknown route is 404', async () => {
    assertEnvelope(await server.request({ path: '/nowhere' }), 404);
    assertEnvelope(await server.request({ method: 'POST', path: '/nowhere', body: 'x' }), 404);
  });

  it('a known route with another method is 404 or 405', async () => {
    for (const [method, path] of [
      ['GET', '/app'],
      ['PUT', '/app'],
      ['DELETE', '/app'],
      ['POST', '/demo'],
      ['PUT', '/'],
    ]) {
      const answer = await server.request({ method, path });
      assert.ok([404, 405].includes(answer.status), `${method} ${path}: ${answer.status}`);
      assertEnvelope(answer, answer.status);
    }
  });

  it('an unheard-of method is an error in the envelope', async () => {
    const answer = await server.request({ method: 'BREW', path: '/app' });
    assert.ok([400, 404, 405, 501].includes(answer.status), `${answer.status}`);
    assertEnvelope(answer, answer.status);
  });

  it('errors of the Socket.IO route have the envelope too', async () => {
    for (const path of [
      '/socket.io/',
      '/socket.io/?EIO=5&transport=polling',
      '/socket.io/?EIO=4&transport=polling&sid=x',
    ]) {
      assertEnvelope(await server.request({ path }), 400);
    }
  });

  it('GET /demo is a page', async () => {
    const answer = await server.request({ path: '/demo' });
    assert.equal(answer.status, 200);
    assert.match(answer.headers['content-type'], /^text\/html/);
    assert.match(answer.body, /<html/i);
  });

  it('the demo’s own files are served beside it', async () => {
    const page = (await server.request({ path: '/demo' })).body;
    const files = [...page.matchAll(/(?:src|href)="([^":#]+\.(?:js|mjs|css|svg|png|ico))"/g)].map(
      ([, path]) => path,
    );
    assert.ok(files.length >= 2, page);
    for (const file of files) {
      const { pathname } = new URL(file, `${server.url}/demo`);
      const answer = await server.request({ path: pathname });
      assert.equal(answer.status, 200, file);
    }
  });

  for (const path of ['/demo', '/socket.io/socket.io.js']) {
    it(`HEAD ${path} is GET without the body`, async () => {
      const [head, get] = [
        await server.request({ method: 'HEAD', path }),
        await server.request({ path }),
      ];
      assert.equal(head.status, 200);
      assert.equal(head.body, '');
      assert.equal(head.headers['content-type'], get.headers['content-type']);
      if ('content-length' in head.headers)
        assert.equal(head.headers['content-length'], get.headers['content-length']);
    });
  }

  it('HEAD of an error has its status and no body', async () => {
    assert.deepEqual(await statusAndBody({ method: 'HEAD', path: '/' }), [401, '']);
    assert.deepEqual(await statusAndBody({ method: 'HEAD', path: '/nowhere' }), [404, '']);
  });

  async function statusAndBody(options) {
    const { status, body } = await server.request(options);
    return [status, body];
  }

  it('answers are not guessed at by browsers', async () => {
    const { headers } = await server.request({ path: '/demo' });
    assert.equal(headers['x-content-type-options'], 'nosniff');
  });
});

describe('DEMO off', () => {
  const server = useServer({ env: { DEMO: 'off' } });

  it('/demo is 404', async () => {
    assertEnvelope(await server.request({ path: '/demo' }), 404);
  });

  it('the browser client and the server are there as ever', async () => {
    assert.equal((await server.request({ path: '/socket.io/socket.io.js' })).status, 200);
    await server.peer();
  });
});
