// docs/protocol.md, "Server to client": every remaining member of each room gets `room-user-leave`,
// at every stage of a call.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { admit, askToJoin, assertRefused, createRoom, meeting, relay } from '../support/rooms.mjs';
import { WebSocketSession } from '../support/engineio.mjs';
import { rawMember } from '../support/socketio.mjs';
import { useServer } from '../support/server.mjs';

const ways = {
  'says good-bye': (peer) => peer.disconnect(),
  'loses its connection': (peer) => peer.vanish(),
  'leaves the namespace': (peer) => peer.socket.io.engine.write('41'),
};

describe('a peer that goes', () => {
  const server = useServer();

  for (const [way, go] of Object.entries(ways)) {
    it(`${way}: the others are told, with its peerinfo`, async () => {
      const guest = await server.peer({ peerinfo: { name: 'Bob' } });
      const [owner, other] = await server.peers(2);
      const room = await meeting(owner, guest, other);
      const left = { room, peer_id: guest.id, peerinfo: { name: 'Bob' } };
      go(guest);
      assert.deepEqual(await owner.next('room-user-leave'), left);
      assert.deepEqual(await other.next('room-user-leave'), left);
    });
  }

  it('leaves out a peerinfo that it never had', async () => {
    const [owner, guest] = await server.peers(2);
    const room = await meeting(owner, guest);
    const left = { room, peer_id: guest.id };
    guest.disconnect();
    assert.deepEqual(await owner.next('room-user-leave'), left);
  });

  it('leaves each of its rooms, and each is told of itself only', async () => {
    const [one, two, guest] = await server.peers(3);
    const [first, second] = [await meeting(one, guest), await meeting(two, guest)];
    const id = guest.id;
    guest.disconnect();
    assert.deepEqual(await one.next('room-user-leave'), { room: first, peer_id: id });
    assert.deepEqual(await two.next('room-user-leave'), { room: second, peer_id: id });
    await one.expectNone('room-user-leave');
    await two.expectNone('room-user-leave');
  });

  it('is heard of once by a peer that shared one room with it, twice by one that shared two', async () => {
    const [owner, guest] = await server.peers(2);
    const rooms = [await meeting(owner, guest), await meeting(owner, guest)];
    guest.disconnect();
    const left = [await owner.next('room-user-leave'), await owner.next('room-user-leave')];
    assert.deepEqual(left.map(({ room }) => room).sort(), rooms.sort());
    await owner.expectNone('room-user-leave');
  });

  it('disturbs nobody before it has connected to the namespace', async () => {
    const [owner, guest] = await server.peers(2);
    const room = await meeting(owner, guest);
    for (let i = 0; i < 10; i += 1) (await WebSocketSession.open(server.port)).destroy();
    await relay(owner, guest, room);
  });

  it('disturbs nobody before it has authenticated', async () => {
    const [owner, guest, stranger] = [...(await server.peers(2)), await server.connect()];
    const room = await meeting(owner, guest);
    stranger.vanish();
    await relay(owner, guest, room);
    await owner.expectNone('room-user-leave');
  });

  it('disturbs nobody while it waits to be let in', async () => {
    const [owner, guest, candidate] = await server.peers(3);
    const room = await meeting(owner, guest);
    await askToJoin(candidate, owner, room);
    candidate.vanish();
    await relay(owner, guest, room);
    await owner.expectNone('room-user-leave');
    await guest.expectNone('room-user-leave');
  });

  it('goes right after it asked: the request or nothing comes, and the server goes on', async () => {
    const [owner, guest] = await server.peers(2);
    const room = await meeting(owner, guest);
    for (const candidate of await server.peers(10)) {
      candidate.emit('room-join-request', { room });
      candidate.disconnect();
    }
    await relay(owner, guest, room);
  });

  it('goes right after it relayed: the relay still arrives', async () => {
    const owner = await server.peer();
    const room = await createRoom(owner);
    const client = await rawMember(server, owner, room);
    const last = { room, auth: client.auth, to: owner.id, ice_candidate: 'the last words' };
    client.transport.socket.socket.cork();
    client.send(`2${JSON.stringify(['relay-ice-candidate', last])}`);
    client.transport.socket.sendClose(1000);
    client.transport.socket.socket.uncork();
    assert.equal((await owner.next('ice-candidate')).ice_candidate, 'the last words');
    await owner.next('room-user-leave');
  });

  it('may be followed by the same person under a new id', async () => {
    const [owner, guest] = await server.peers(2);
    const room = await meeting(owner, guest);
    const old = guest.id;
    guest.vanish();
    assert.equal((await owner.next('room-user-leave')).peer_id, old);
    const again = await server.peer();
    assert.notEqual(again.id, old);
    await admit(owner, again, room);
    await relay(again, owner, room);
  });

  it('takes its pending requests with it', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await createRoom(owner);
    const shared = await meeting(owner, candidate);
    const { peer_id } = await askToJoin(candidate, owner, room);
    candidate.disconnect();
    assert.equal((await owner.next('room-user-leave')).room, shared);
    const answer = await owner.ask('room-join-accept', { room, peer_id });
    assertRefused(answer, 'no-join-request');
  });

  it('an owner goes while it accepts: the candidate is in, or hears that the room is gone', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [owner, candidate] = await server.peers(2);
      const room = await createRoom(owner);
      await askToJoin(candidate, owner, room);
      owner.emit('room-join-accept', { room, to: candidate.id });
      owner.disconnect();
      await Promise.any([candidate.next('room-join-accept'), candidate.next('room-join-reject')]);
    }
  });
});
