// docs/protocol.md, "Tokens": a session ends by its expiry while connected, and `auth-request`
// renews it.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { assertOk, createRoom, freshRoom } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

describe('a renewed session token', () => {
  const server = useServer();

  it('leaves the one before it valid until its own expiry', async () => {
    const peer = await server.peer();
    const first = peer.sessionToken;
    await peer.authenticate();
    assertOk(await peer.ask('room-create-request', { auth: first, room: freshRoom() }));
    assertOk(await peer.ask('room-create-request', { room: freshRoom() }));
  });

  it('keeps the peer in its rooms, as their owner', async () => {
    const [owner, other] = await server.peers(2);
    const room = await createRoom(owner);
    await owner.authenticate();
    assertOk(await other.ask('room-join-request', { room }));
    assert.equal((await owner.next('room-join-request')).peer_id, other.id);
  });
});
