// Engine.IO 4, "Handshake": a session begins by one GET request, over either transport.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { request } from '../../support/http.mjs';
import {
  assertWebSocketRefused,
  PollingSession,
  pollingPath,
  WebSocketSession,
  webSocketPath,
} from '../../support/engineio.mjs';
import { useProgram } from '../../support/server.mjs';

const prefix = '/engine.io/';

describe('Engine.IO handshake', () => {
  const program = useProgram('engineio_echo');

  async function statusOf(path, options = {}) {
    return (await request(program.port, { path, ...options })).status;
  }

  function assertHandshake(handshake, upgrades) {
    const { sid, ...rest } = handshake;
    assert.ok(typeof sid === 'string' && sid.length >= 20, `sid ${sid} has 120 bits or more`);
    assert.match(sid, /^[A-Za-z0-9_-]+$/, 'a sid that needs no escaping in a query');
    assert.deepEqual(rest, {
      upgrades,
      pingInterval: 300,
      pingTimeout: 200,
      maxPayload: 1_000_000,
    });
  }

  it('polling: answers one open packet, with the upgrade to WebSocket on offer', async () => {
    const session = await PollingSession.open(program.port, prefix);
    assertHandshake(session.handshake, ['websocket']);
  });

  it('polling: the payload is plain text in UTF-8', async () => {
    const { headers } = await request(program.port, { path: pollingPath(prefix) });
    assert.match(headers['content-type'], /^text\/plain; *charset=utf-8$/i);
  });

  it('polling: the answer may not be cached', async () => {
    const first = await request(program.port, { path: pollingPath(prefix) });
    assert.doesNotMatch(first.headers['cache-control'] ?? 'no-store', /public|max-age=[1-9]/);
  });

  it('WebSocket: the first frame is the open packet, with no further upgrade on offer', async () => {
    const session = await WebSocketSession.open(program.port, prefix);
    assertHandshake(session.handshake, []);
    session.destroy();
  });

  it('gives every session an id of its own', async () => {
    const sessions = await Promise.all(
      Array.from({ length: 50 }, () => PollingSession.open(program.port, prefix)),
    );
    assert.equal(new Set(sessions.map(({ sid }) => sid)).size, 50);
  });

  it('ignores query parameters it does not know, in any order', async () => {
    assert.equal(await statusOf(`${prefix}?t=N8hyd6w&transport=polling&b64=1&EIO=4&x`), 200);
  });

  for (const [what, query] of [
    ['no parameter at all', ''],
    ['no EIO', '?transport=polling'],
    ['an empty EIO', '?EIO=&transport=polling'],
    ['EIO 5', '?EIO=5&transport=polling'],
    ['EIO "abc"', '?EIO=abc&transport=polling'],
    ['no transport', '?EIO=4'],
    ['an unknown transport', '?EIO=4&transport=abc'],
    ['an empty transport', '?EIO=4&transport='],
    ['the WebSocket transport without an upgrade', '?EIO=4&transport=websocket'],
    ['an unknown session', '?EIO=4&transport=polling&sid=unknown'],
  ]) {
    it(`polling: answers 400 to ${what}`, async () => {
      assert.equal(await statusOf(`${prefix}${query}`), 400);
    });
  }

  for (const method of ['PUT', 'DELETE', 'PATCH', 'POST']) {
    it(`polling: opens no session for ${method}`, async () => {
      assert.equal(await statusOf(pollingPath(prefix), { method }), 400);
    });
  }

  for (const [what, query] of [
    ['no EIO', '?transport=websocket'],
    ['EIO 3', '?EIO=3&transport=websocket'],
    ['EIO "abc"', '?EIO=abc&transport=websocket'],
    ['no transport', '?EIO=4'],
    ['an unknown transport', '?EIO=4&transport=abc'],
    ['the polling transport', '?EIO=4&transport=polling'],
    ['an unknown session', '?EIO=4&transport=websocket&sid=unknown'],
  ]) {
    it(`WebSocket: refuses ${what}`, async () => {
      await assertWebSocketRefused(program.port, `${prefix}${query}`);
    });
  }

  it('refuses a WebSocket on another path', async () => {
    await assertWebSocketRefused(program.port, webSocketPath('/elsewhere/'));
  });
});
