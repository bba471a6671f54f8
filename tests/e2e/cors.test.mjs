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
const preflight = (origin, method = 'POST') => ({
  method: 'OPTIONS',
  path: '/app',
  headers: {
    Origin: origin,
    'Access-Control-Request-Method': method,
    'Access-Control-Request-Headers': 'content-type',
  },
});

describe('CORS by default', () => {
  const server = useServer();

  for (const [what, options] of [
    ['a token', { ...app, body }],
    ['a refusal', { ...app, body: '' }],
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

  it('answers a preflight', async () => {
    const answer = await server.request(preflight('https://anywhere.example'));
    assert.ok([200, 204].includes(answer.status), `${answer.status}`);
    assert.equal(answer.headers['access-control-allow-origin'], '*');
    assert.match(answer.headers['access-control-allow-methods'], /\bPOST\b/);
    assert.match(answer.headers['access-control-allow-headers'], /content-type|\*/i);
  });

  it('answers the preflight of a polling POST', async () => {
    const path = '/socket.io/?EIO=4&transport=polling&sid=x';
    const answer = await server.request({ ...preflight('https://anywhere.example'), path });
    assert.ok([200, 204].includes(answer.status), `${answer.status}`);
    assert.equal(answer.headers['access-control-allow-origin'], '*');
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
