// docs/configuration.md, "Access": CORS as configured.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { password, useServer } from '../support/server.mjs';

const app = {
  method: 'POST',
  path: '/app',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
};
const body = new URLSearchParams({ app: 'x', password }).toString();
const polling = '/socket.io/?EIO=4&transport=polling&sid=x';
const preflight = (origin, path = '/app') => ({
  method: 'OPTIONS',
  path,
  headers: {
    Origin: origin,
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'content-type',
  },
});

describe('CORS by default', () => {
  const server = useServer();

  for (const [what, options] of [
    ['an unknown route', { path: '/nowhere' }],
    ['a polling handshake', { path: '/socket.io/?EIO=4&transport=polling' }],
    ['a polling error', { path: '/socket.io/?EIO=4&transport=polling&sid=x' }],
  ]) {
    it(`allows any origin to read ${what}`, async () => {
      const headers = { ...options.headers, Origin: 'https://anywhere.example' };
      const answer = await server.request({ ...options, headers });
      assert.equal(answer.headers['access-control-allow-origin'], '*');
      assert.equal(answer.headers['access-control-allow-credentials'], undefined);
    });
  }

  it('answers the preflight of a polling POST', async () => {
    const answer = await server.request(preflight('https://anywhere.example', polling));
    assert.ok([200, 204].includes(answer.status), `${answer.status}`);
    assert.equal(answer.headers['access-control-allow-origin'], '*');
    assert.match(answer.headers['access-control-allow-methods'], /\bPOST\b/);
    assert.match(answer.headers['access-control-allow-headers'], /content-type|\*/i);
  });

  // The password of POST /app would be in the page, for everyone to read.
  for (const [what, options, status] of [
    ['a token', { ...app, body }, 200],
    ['a refusal', { ...app, body: '' }, 401],
    ['a wrong method', { path: '/app' }, 405],
    ['a body that is too large', { ...app, body: 'x'.repeat(20_000) }, 413],
    ['the answer to a preflight', preflight(), 204],
    ['the same by another spelling', preflight(undefined, '/%61pp'), 204],
  ]) {
    it(`allows nobody to read of POST /app ${what}`, async () => {
      const headers = { ...options.headers, Origin: 'https://anywhere.example' };
      const answer = await server.request({ ...options, headers });
      assert.equal(answer.status, status);
      const told = Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'));
      assert.deepEqual(told, []);
    });
  }
});

describe('CORS_ORIGIN of * and a name', () => {
  const good = 'https://good.example';
  const server = useServer({ env: { CORS_ORIGIN: `*,${good}` } });

  it('lets only the one that is named read app tokens', async () => {
    const allowedTo = async (origin) => {
      const headers = { ...app.headers, Origin: origin };
      const answer = await server.request({ ...app, body, headers });
      return answer.headers['access-control-allow-origin'];
    };
    assert.equal(await allowedTo(good), good);
    assert.equal(await allowedTo('https://anywhere.example'), undefined);
  });
});

describe('CORS_ORIGIN', () => {
  const good = 'https://good.example';
  const server = useServer({ env: { CORS_ORIGIN: `${good},https://other.example:8443` } });

  for (const origin of [good, 'https://other.example:8443']) {
    it(`allows ${origin}, and says that the answer varies`, async () => {
      const answer = await server.request({
        ...app,
        body,
        headers: { ...app.headers, Origin: origin },
      });
      assert.equal(answer.headers['access-control-allow-origin'], origin);
      assert.match(answer.headers.vary, /\borigin\b/i);
      assert.equal(
        (await server.request(preflight(origin))).headers['access-control-allow-origin'],
        origin,
      );
    });
  }

  for (const origin of [
    'https://evil.example',
    'http://good.example',
    'https://good.example.evil',
    'https://good.example:1',
    'null',
  ]) {
    it(`does not allow ${origin}`, async () => {
      const answer = await server.request({
        ...app,
        body,
        headers: { ...app.headers, Origin: origin },
      });
      assert.ok(![origin, '*'].includes(answer.headers['access-control-allow-origin']));
      const asked = await server.request(preflight(origin));
      assert.ok(![origin, '*'].includes(asked.headers['access-control-allow-origin']));
    });
  }
});
