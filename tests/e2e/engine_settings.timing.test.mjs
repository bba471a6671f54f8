// docs/configuration.md, "Engine.IO": the times of the transport are as the settings say.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { PollingSession, WebSocketSession, webSocketPath } from '../support/engineio.mjs';
import { RawWebSocket } from '../support/raw_websocket.mjs';
import { useServer } from '../support/server.mjs';

describe('UPGRADE_TIMEOUT', () => {
  const server = useServer({ env: { UPGRADE_TIMEOUT: 300 } });

  for (const [what, begin] of [
    ['has probed but does not finish', (polling) => WebSocketSession.probe(polling)],
    [
      'does not even probe',
      async ({ prefix, sid }) =>
        new WebSocketSession(
          await RawWebSocket.connect(server.port, { path: webSocketPath(prefix, sid) }),
        ),
    ],
  ]) {
    it(`closes a WebSocket that ${what}; the session stays with polling`, async () => {
      const polling = await PollingSession.open(server.port);
      await polling.send(`40${JSON.stringify({ token: await server.appToken() })}`);
      assert.match((await polling.packets())[0], /^40\{/);
      const probing = await begin(polling);
      await probing.end();
      await polling.send('421["no-such-event"]');
      const received = [];
      while (!received.some((packet) => packet.startsWith('431')))
        received.push(...(await polling.packets()));
    });
  }
});

describe('PING_INTERVAL and PING_TIMEOUT', () => {
  const server = useServer({ env: { PING_INTERVAL: 100, PING_TIMEOUT: 1000 } });

  it('are told in the handshake and kept', async () => {
    const session = await WebSocketSession.open(server.port);
    assert.deepEqual([session.handshake.pingInterval, session.handshake.pingTimeout], [100, 1000]);
    for (let i = 0; i < 5; i += 1) {
      assert.equal(await session.nextPacket(), '2');
      session.send('3');
    }
    await session.nextPacket();
    await session.socket.end();
  });

  it('hold for socket.io clients over both transports', async () => {
    const peers = [await server.peer(), await server.peer({ transports: ['polling'] })];
    const silent = await WebSocketSession.open(server.port);
    await silent.socket.end();
    for (const peer of peers) {
      await peer.settle();
      assert.ok(peer.socket.connected);
    }
  });
});
