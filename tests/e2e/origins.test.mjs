// docs/configuration.md, "Access": which origins may open a WebSocket.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { RawWebSocket } from '../support/raw_websocket.mjs';
import { PollingSession, webSocketPath } from '../support/engineio.mjs';
import { within } from '../support/patience.mjs';
import { useServer } from '../support/server.mjs';

const good = 'https://good.example';
const evil = [
  'https://evil.example',
  'http://good.example',
  'https://good.example:444',
  'https://good.example.evil.example',
  'https://sub.good.example',
  'https://evil-good.example',
  'null',
];

describe('WEBSOCKET_ORIGINS', () => {
  const server = useServer({ env: { WEBSOCKET_ORIGINS: `${good},https://other.example:8443` } });

  async function statusFor(headers, path = webSocketPath('/socket.io/')) {
    const client = await RawWebSocket.open(server.port, { path, headers });
    const response = await within(client.response, 'answer to the handshake');
    client.destroy();
    return response?.status;
  }

  for (const origin of [good, 'https://other.example:8443']) {
    it(`lets ${origin} in`, async () => assert.equal(await statusFor({ Origin: origin }), 101));
  }

  for (const origin of evil) {
    it(`answers 403 to "${origin}"`, async () =>
      assert.equal(await statusFor({ Origin: origin }), 403));
  }

  it('lets a client in that sends no origin: it is no browser', async () => {
    assert.equal(await statusFor({}), 101);
    await server.peer();
  });

  it('holds for the upgrade of a polling session, which stays as it was', async () => {
    const polling = await PollingSession.open(server.port);
    const path = webSocketPath('/socket.io/', polling.sid);
    assert.equal(await statusFor({ Origin: evil[0] }, path), 403);
    await polling.send('40{"token":"wrong"}');
    assert.match((await polling.packets())[0], /^44/);
  });
});

describe('WEBSOCKET_ORIGINS by default', () => {
  const server = useServer();

  it('lets any origin in', async () => {
    const headers = { Origin: 'https://anywhere.example' };
    const client = await RawWebSocket.connect(server.port, {
      path: webSocketPath('/socket.io/'),
      headers,
    });
    assert.match(await client.next(), /^0\{/);
    client.destroy();
  });
});
