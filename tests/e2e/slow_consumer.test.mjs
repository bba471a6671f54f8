// docs/configuration.md, "Limits": at most MAX_UNSENT_BYTES wait for a connection. One that does
// not read is cut; others go on.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { accept, admit, askToJoin, createRoom, relay } from '../support/rooms.mjs';
import { rawMember } from '../support/socketio.mjs';
import { useServer } from '../support/server.mjs';
import { unlimited } from '../support/settings.mjs';

const env = { ...unlimited, MAX_UNSENT_BYTES: 270_000 };
const payload = 'x'.repeat(50_000);

/** Relays to the peer of this id until the server has cut it; at most 64 MB. */
async function floodUntilGone(sender, id, room) {
  for (let sent = 0; sent < 64e6; sent += payload.length) {
    const answer = await sender.ask('relay-ice-candidate', {
      room,
      to: id,
      ice_candidate: sent,
      payload,
    });
    if (!answer.ok) {
      assert.equal(answer.error.code, 'peer-not-in-room');
      return;
    }
  }
  assert.fail('64 MB wait for a connection that reads nothing');
}

describe('a connection that does not read', () => {
  const server = useServer({ env });

  it('is cut at the limit, and the room is told', async () => {
    const owner = await server.peer();
    const room = await createRoom(owner);
    const slow = await rawMember(server, owner, room);
    slow.transport.socket.socket.pause();
    await floodUntilGone(owner, slow.id, room);
    assert.equal((await owner.next('room-user-leave')).peer_id, slow.id);
    slow.destroy();
  });

  it('is also cut when it stops polling', async () => {
    const owner = await server.peer();
    const room = await createRoom(owner);
    const slow = await rawMember(server, owner, room, { how: 'connectPolling' });
    await floodUntilGone(owner, slow.id, room);
    assert.equal((await owner.next('room-user-leave')).peer_id, slow.id);
    assert.ok(await slow.transport.session.isClosed());
  });

  it('disturbs nobody else while it is flooded', async () => {
    const [owner, guest] = await server.peers(2);
    const room = await createRoom(owner);
    const slow = await rawMember(server, owner, room);
    await admit(owner, guest, room);
    slow.transport.socket.socket.pause();
    let gone = false;
    const flood = floodUntilGone(owner, slow.id, room).finally(() => (gone = true));
    let relayed = 0;
    while (!gone) {
      await relay(guest, owner, room);
      relayed += 1;
    }
    await flood;
    assert.ok(relayed > 10, `${relayed} relayed meanwhile`);
    await relay(owner, guest, room);
    slow.destroy();
  });

  it('a reader that keeps up gets everything, even many times the limit', async () => {
    const [owner, guest] = await server.peers(2);
    const room = await createRoom(owner);
    await askToJoin(guest, owner, room);
    await accept(owner, guest, room);
    for (let i = 0; i < 100; i += 1) await relay(owner, guest, room, { i, payload });
  });
});
