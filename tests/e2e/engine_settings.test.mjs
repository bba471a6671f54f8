// docs/configuration.md, "Engine.IO": the settings of the transport do what they say.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { PollingSession } from '../support/engineio.mjs';
import { RawSocketIo } from '../support/socketio.mjs';
import { useServer } from '../support/server.mjs';

describe('MAX_PAYLOAD', () => {
  const server = useServer({
    env: { MAX_PAYLOAD: 10_000, MAX_EVENT_BYTES: 5000, MAX_DESCRIPTION_BYTES: 5000 },
  });

  async function connect(how) {
    return RawSocketIo[how](server.port, { auth: { token: await server.appToken() } });
  }

  it('is told in the handshake', async () => {
    assert.equal((await PollingSession.open(server.port)).handshake.maxPayload, 10_000);
  });

  it('a WebSocket message beyond it is closed with 1009, one below it is refused as an event', async () => {
    const client = await connect('connect');
    client.send(`21["no-such-event","${'x'.repeat(8000)}"]`);
    assert.match(await client.next(), /^31\[\{"ok":false,"error":\{"code":"event-too-large"/);
    client.send(`2["no-such-event","${'x'.repeat(11_000)}"]`);
    assert.equal((await client.transport.socket.nextClose()).code, 1009);
  });

  it('a POST beyond it is answered 413', async () => {
    const client = await connect('connectPolling');
    assert.equal(
      (await client.transport.session.post(`42["x","${'x'.repeat(11_000)}"]`)).status,
      413,
    );
  });
});
