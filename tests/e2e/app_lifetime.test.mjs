// docs/protocol.md, "Tokens": app tokens that expire, and those of the demo.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { assertOk, assertRefused, freshRoom } from '../support/rooms.mjs';
import { password, secret, serve, useServer } from '../support/server.mjs';
import { decode, jwt } from '../support/tokens.mjs';

const now = () => Math.floor(Date.now() / 1000);

function assertNear(seconds, expected) {
  assert.ok(Math.abs(seconds - expected) <= 60, `${seconds}, not about ${expected}`);
}

describe('POST /app with a lifetime', () => {
  const server = useServer();

  const post = (type, body) =>
    server.request({ method: 'POST', path: '/app', headers: { 'Content-Type': type }, body });
  const ask = {
    'a form': (fields) =>
      post('application/x-www-form-urlencoded', new URLSearchParams(fields).toString()),
    JSON: (fields) => post('application/json', JSON.stringify(fields)),
  };

  for (const [what, send] of Object.entries(ask)) {
    it(`in ${what} gives a token that expires`, async () => {
      const { status, body } = await send({ app: 'x', password, lifetime: 5000 });
      assert.equal(status, 200, body);
      const { token } = JSON.parse(body).response;
      const { app, kind, exp } = decode(token).claims;
      assert.deepEqual([app, kind], ['x', 'app']);
      assertNear(exp, now() + 5000);
      const peer = await server.peer({ token });
      assertOk(await peer.ask('room-create-request', { room: freshRoom() }));
    });

    it(`in ${what} must be a whole number from 1 to ten years`, async () => {
      for (const lifetime of [0, -1, 1.5, 315_360_001, 'soon', '']) {
        const { status, body } = await send({ app: 'x', password, lifetime });
        assert.equal(status, 400, body);
        assert.deepEqual(JSON.parse(body), {
          status: 400,
          error: 'Property lifetime must be a whole number of seconds from 1 to 315360000',
          response: false,
        });
      }
    });
  }
});

describe('an app token that expires', () => {
  const server = useServer();
  const tokenUntil = (exp) => jwt({ app: 'x', kind: 'app', exp });

  it('is refused at CONNECT once it has expired', async () => {
    await assert.rejects(server.connect({ token: tokenUntil(now() - 1) }), (error) => {
      assert.equal(error.message, 'Token is not valid');
      assert.deepEqual(error.data, { code: 'unauthorized' });
      return true;
    });
  });

  it('is refused by auth-request once it has expired, and the session goes on', async () => {
    const peer = await server.peer();
    const answer = await peer.askRaw('auth-request', { token: tokenUntil(now() - 1) });
    assertRefused(answer, 'unauthorized');
    assert.equal(answer.error.reason, 'token-expired');
    assert.deepEqual(await peer.next('auth-reject'), { message: 'Token is not valid' });
    assertOk(await peer.ask('room-create-request', { room: freshRoom() }));
  });

  it('is the end of its session tokens', async () => {
    for (const [left, expected] of [
      [1000, 1000],
      [100_000, 86_400],
    ]) {
      const exp = now() + left;
      const peer = await server.peer({ token: tokenUntil(exp) });
      const { claims } = decode(peer.sessionToken);
      if (expected === left) assert.equal(claims.exp, exp);
      else assertNear(claims.exp, now() + expected);
    }
  });
});

describe('a token of the demo', () => {
  const server = useServer({ dev: true, env: { APP_SECRET: secret, APP_PASS: password } });

  async function demoToken() {
    const { status, body } = await server.request({ path: '/demo/config.json' });
    assert.equal(status, 200, body);
    return JSON.parse(body).token;
  }

  it('lasts an hour', async () => {
    const token = await demoToken();
    assertNear(decode(token).claims.exp, now() + 3600);
    const peer = await server.peer({ token });
    assertNear(decode(peer.sessionToken).claims.exp, now() + 3600);
  });

  it('is refused by a server without the demo', async (t) => {
    const token = await demoToken();
    const other = await serve(t);
    await assert.rejects(other.connect({ token }), /Token is not valid/);
    const peer = await other.connect();
    const answer = await peer.askRaw('auth-request', { token });
    assertRefused(answer, 'unauthorized');
    assert.equal(answer.error.reason, 'token-invalid');
  });
});
