// docs/protocol.md, "Server to client": a join request never stays without an answer.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { accept, askToJoin, createRoom, meeting } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

describe('a pending join request', () => {
  const server = useServer();

  it('goes to the new owner when the owner vanishes, as it was', async () => {
    const [owner, heir] = await server.peers(2);
    const candidate = await server.peer({ peerinfo: { name: 'Zoë' } });
    const room = await meeting(owner, heir);
    const asked = await askToJoin(candidate, owner, room, { payload: { knock: 1 } });
    owner.disconnect();
    assert.deepEqual(await heir.next('room-join-request'), asked);
    assert.deepEqual((await accept(heir, candidate, room)).peers, [heir.id]);
  });

  it('goes on from owner to owner', async () => {
    const [first, second, third, candidate] = await server.peers(4);
    const room = await meeting(first, second, third);
    await askToJoin(candidate, first, room);
    first.disconnect();
    await second.next('room-join-request');
    second.disconnect();
    assert.equal((await third.next('room-join-request')).peer_id, candidate.id);
    await accept(third, candidate, room);
  });

  it('all pending requests go to the new owner', async () => {
    const [owner, heir, ...candidates] = await server.peers(5);
    const room = await meeting(owner, heir);
    for (const candidate of candidates) await askToJoin(candidate, owner, room);
    owner.disconnect();
    const asked = [];
    while (asked.length < candidates.length)
      asked.push((await heir.next('room-join-request')).peer_id);
    assert.deepEqual(asked.sort(), candidates.map(({ id }) => id).sort());
    await heir.expectNone('room-join-request');
  });

  it('is rejected when the room goes', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    owner.disconnect();
    const rejection = await candidate.next('room-join-reject');
    assert.deepEqual([rejection.room, rejection.message], [room, 'Room is not found.']);
    assert.equal(rejection.code, 'room-not-found');
    assert.ok([undefined, candidate.id].includes(rejection.peer_id));
  });

  it('is rejected once for each room that goes', async () => {
    const [owner, candidate] = await server.peers(2);
    const rooms = [await createRoom(owner), await createRoom(owner)];
    for (const room of rooms) await askToJoin(candidate, owner, room);
    owner.disconnect();
    const gone = [
      await candidate.next('room-join-reject'),
      await candidate.next('room-join-reject'),
    ];
    assert.deepEqual(gone.map(({ room }) => room).sort(), rooms.sort());
    await candidate.expectNone('room-join-reject');
  });

  it('is not passed on when its candidate has gone', async () => {
    const [owner, heir, candidate, other] = await server.peers(4);
    const room = await meeting(owner, heir);
    const guestRoom = await meeting(candidate, other);
    await askToJoin(candidate, owner, room);
    candidate.disconnect();
    assert.equal((await other.next('room-user-leave')).room, guestRoom);
    owner.disconnect();
    await heir.next('room-owner-change');
    await heir.expectNone('room-join-request');
  });
});
