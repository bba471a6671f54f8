// docs/protocol.md: a peer whose heartbeat stops has left.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { accept, createRoom } from '../support/rooms.mjs';
import { RawSocketIo, authenticate } from '../support/socketio.mjs';
import { useServer } from '../support/server.mjs';

describe('a peer whose heartbeat stops', () => {
  const server = useServer({ env: { PING_INTERVAL: 200, PING_TIMEOUT: 200, RECOVERY_WINDOW: 0 } });

  it('is taken for gone, and the others are told', async () => {
    const client = await RawSocketIo.connect(server.port, {
      auth: { token: await server.appToken() },
    });
    const auth = await authenticate(client, await server.appToken());
    const owner = await server.peer();
    const room = await createRoom(owner);
    client.send(`2${JSON.stringify(['room-join-request', { room, auth }])}`);
    await owner.next('room-join-request');
    await accept(owner, { id: client.id, next: (event) => client.nextEvent(event) }, room);
    assert.deepEqual(await owner.next('room-user-leave'), { room, peer_id: client.id });
    assert.ok(owner.socket.connected);
    client.destroy();
  });
});
