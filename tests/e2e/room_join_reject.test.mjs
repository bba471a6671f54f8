// docs/protocol.md, "Client to server": `room-join-reject`, by an owner only.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { accept, askToJoin, assertRefused, createRoom, meeting } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

const message = 'Room owner was rejected your request';

describe('room-join-reject', () => {
  const server = useServer();

  it('tells the candidate, and nobody else', async () => {
    const [owner, guest, candidate] = await server.peers(3);
    const room = await meeting(owner, guest);
    await askToJoin(candidate, owner, room);
    const named = { room, peer_id: candidate.id, to: candidate.id };
    assert.deepEqual(await owner.ask('room-join-reject', named), { ok: true });
    assert.deepEqual(await candidate.next('room-join-reject'), {
      room,
      peer_id: candidate.id,
      message,
      code: 'rejected-by-owner',
    });
    await owner.expectNone('room-join-reject', 'room-user-join');
    await guest.expectNone('room-join-reject', 'room-user-join');
  });

  it('carries the owner’s payload', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    owner.emit('room-join-reject', {
      room,
      peer_id: candidate.id,
      to: candidate.id,
      payload: { reason: 'full' },
    });
    assert.deepEqual((await candidate.next('room-join-reject')).payload, { reason: 'full' });
  });

  it('leaves the candidate outside', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    await owner.ask('room-join-reject', { room, peer_id: candidate.id });
    await candidate.next('room-join-reject');
    const answer = await candidate.ask('relay-ice-candidate', {
      room,
      to: owner.id,
      ice_candidate: {},
    });
    assertRefused(answer, 'not-in-room');
  });

  it('ends the request: neither a second reject nor an accept finds it', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    await owner.ask('room-join-reject', { room, peer_id: candidate.id });
    await candidate.next('room-join-reject');
    for (const event of ['room-join-reject', 'room-join-accept']) {
      assertRefused(await owner.ask(event, { room, peer_id: candidate.id }), 'no-join-request');
    }
    await candidate.expectNone('room-join-reject', 'room-join-accept');
  });

  it('lets the candidate ask again and be accepted then', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    await owner.ask('room-join-reject', { room, to: candidate.id });
    await candidate.next('room-join-reject');
    await askToJoin(candidate, owner, room);
    await accept(owner, candidate, room);
  });
});
