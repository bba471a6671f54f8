// docs/protocol.md, "Client to server": `room-join-request` asks the owner, or tells the candidate
// why not.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  accept,
  askToJoin,
  assertOk,
  assertRefused,
  createRoom,
  freshRoom,
  meeting,
} from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

describe('room-join-request', () => {
  const server = useServer();

  it('asks the owner, with the candidate’s id, peerinfo and payload', async () => {
    const [owner, candidate] = await Promise.all([
      server.peer(),
      server.peer({ peerinfo: { name: 'Ann' } }),
    ]);
    const room = await createRoom(owner);
    const answer = await candidate.ask('room-join-request', {
      room,
      payload: { greeting: 'hello' },
    });
    assert.deepEqual(answer, { ok: true, room });
    assert.deepEqual(await owner.next('room-join-request'), {
      room,
      peer_id: candidate.id,
      peerinfo: { name: 'Ann' },
      payload: { greeting: 'hello' },
    });
  });

  it('asks nobody but the owner', async () => {
    const [owner, guest, candidate] = await server.peers(3);
    const room = await meeting(owner, guest);
    await askToJoin(candidate, owner, room);
    await guest.expectNone('room-join-request');
    await candidate.expectNone('room-join-request', 'room-join-accept', 'room-join-reject');
  });

  it('does not make the candidate a member yet', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    const fields = { room, to: owner.id, ice_candidate: {} };
    assertRefused(await candidate.ask('relay-ice-candidate', fields), 'not-in-room');
    await owner.expectNone('ice-candidate', 'room-user-join');
  });

  it('refuses when there is no such room', async () => {
    const peer = await server.peer();
    assertRefused(await peer.ask('room-join-request', { room: freshRoom() }), 'room-not-found');
    assert.deepEqual(await peer.next('room-join-reject'), {
      message: 'Room is not found.',
      code: 'room-not-found',
    });
  });

  it('hands the payload back with the refusal', async () => {
    const peer = await server.peer();
    peer.emit('room-join-request', { room: freshRoom(), payload: ['p'] });
    assert.deepEqual(await peer.next('room-join-reject'), {
      message: 'Room is not found.',
      code: 'room-not-found',
      payload: ['p'],
    });
  });

  it('of a member is answered as the first one was', async () => {
    const [owner, guest] = await server.peers(2);
    const room = await meeting(owner, guest);
    for (const member of [owner, guest]) {
      assert.deepEqual(await member.ask('room-join-request', { room }), { ok: true, room });
      assert.equal((await member.next('room-join-accept')).peer_id, member.id);
    }
    await owner.expectNone('room-join-request');
  });

  it('asks the owner again when the candidate asks again, and one answer settles both', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await createRoom(owner);
    const first = await askToJoin(candidate, owner, room, { payload: 1 });
    const second = await askToJoin(candidate, owner, room, { payload: 2 });
    assert.deepEqual([first.payload, second.payload], [1, 2]);
    await accept(owner, candidate, room);
    const named = { room, peer_id: candidate.id };
    assert.deepEqual(await owner.ask('room-join-accept', named), { ok: true });
    assertRefused(await owner.ask('room-join-reject', named), 'no-join-request');
    await candidate.expectNone('room-join-accept', 'room-join-reject');
  });

  it('lets a candidate wait at several rooms at once', async () => {
    const [owner, candidate] = await server.peers(2);
    const rooms = [await createRoom(owner), await createRoom(owner)];
    for (const room of rooms) await askToJoin(candidate, owner, room);
    for (const room of rooms.reverse()) await accept(owner, candidate, room);
  });

  it('lets several candidates wait at one room', async () => {
    const [owner, ...candidates] = await server.peers(4);
    const room = await createRoom(owner);
    await Promise.all(
      candidates.map((candidate) => candidate.ask('room-join-request', { room }).then(assertOk)),
    );
    const asked = [];
    while (asked.length < 3) asked.push((await owner.next('room-join-request')).peer_id);
    assert.deepEqual(asked.sort(), candidates.map(({ id }) => id).sort());
    for (const candidate of candidates.reverse()) await accept(owner, candidate, room);
  });

  it('works between apps: rooms are shared', async () => {
    const [owner, candidate] = await Promise.all([
      server.peer({ app: 'one' }),
      server.peer({ app: 'two' }),
    ]);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    await accept(owner, candidate, room);
  });
});
