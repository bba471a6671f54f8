// docs/configuration.md: a connection without a CONNECT is closed after CONNECT_TIMEOUT.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { RawSocketIo } from '../support/socketio.mjs';
import { WebSocketSession } from '../support/engineio.mjs';
import { useServer } from '../support/server.mjs';

describe('a connection without CONNECT', () => {
  const server = useServer({ env: { CONNECT_TIMEOUT: 300 } });

  it('is closed after the connect timeout', async () => {
    const session = await WebSocketSession.open(server.port);
    await session.end();
  });

  it('is closed too when its CONNECT was refused', async () => {
    const session = await WebSocketSession.open(server.port);
    session.send('40{"token":"wrong"}');
    await session.end();
  });

  it('does not shorten the life of a connection with one', async () => {
    const client = await RawSocketIo.connect(server.port, {
      auth: { token: await server.appToken() },
    });
    const silent = await WebSocketSession.open(server.port);
    await silent.end();
    client.send('21["no-such-event"]');
    assert.match(await client.next(), /^31\[\{"ok":false/);
    client.destroy();
  });
});
