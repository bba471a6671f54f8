// docs/protocol.md: a peer whose heartbeat stops has left.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { createRoom } from '../support/rooms.mjs';
import { rawMember } from '../support/socketio.mjs';
import { useServer } from '../support/server.mjs';

describe('a peer whose heartbeat stops', () => {
  const server = useServer({ env: { PING_INTERVAL: 200, PING_TIMEOUT: 200 } });

  it('is taken for gone, and the others are told', async () => {
    const owner = await server.peer();
    const room = await createRoom(owner);
    const client = await rawMember(server, owner, room);
    assert.deepEqual(await owner.next('room-user-leave'), { room, peer_id: client.id });
    assert.ok(owner.socket.connected);
    client.destroy();
  });
});
