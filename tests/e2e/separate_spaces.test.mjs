// docs/protocol.md, "What differs from the server it re-creates": rooms, peers and owners live in
// separate spaces; no name collides with another.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  accept,
  admit,
  askToJoin,
  assertOk,
  assertRefused,
  createRoom,
  freshRoom,
  meeting,
  relay,
} from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

describe('names of rooms and ids of peers', () => {
  const server = useServer();

  it('a room named like a peer gets nothing that is meant for the peer', async () => {
    const [owner, guest, eavesdropper] = await server.peers(3);
    await createRoom(eavesdropper, guest.id);
    const room = await meeting(owner, guest);
    await relay(owner, guest, room);
    await eavesdropper.expectNone('ice-candidate', 'room-user-join', 'room-join-accept');
  });

  it('a room named like a peer gives its members no say over that peer’s rooms', async () => {
    const [owner, candidate, intruder] = await server.peers(3);
    const room = await createRoom(owner);
    await createRoom(intruder, owner.id);
    await askToJoin(candidate, owner, room);
    await intruder.expectNone('room-join-request');
    const answer = await intruder.ask('room-join-accept', { room, peer_id: candidate.id });
    assert.ok(['not-owner', 'not-in-room'].includes(answer.error?.code), JSON.stringify(answer));
    await accept(owner, candidate, room);
  });

  it('a peer may name a room like itself', async () => {
    const [owner, guest] = await server.peers(2);
    const room = await createRoom(owner, owner.id);
    await admit(owner, guest, room);
    await relay(owner, guest, room);
    await relay(guest, owner, room);
  });

  for (const suffix of [
    ':owner',
    ':owners',
    '-owner',
    '_owners',
    '/owner',
    '#owner',
    ':pending',
    ':members',
  ]) {
    it(`a room named "<other>${suffix}" is no part of the other`, async () => {
      const [owner, intruder, candidate] = await server.peers(3);
      const room = await createRoom(owner, freshRoom());
      await createRoom(intruder, `${room}${suffix}`);
      await askToJoin(candidate, owner, room);
      await intruder.expectNone('room-join-request');
      const answer = await intruder.ask('room-join-accept', { room, peer_id: candidate.id });
      assert.ok(['not-owner', 'not-in-room'].includes(answer.error?.code), JSON.stringify(answer));
    });
  }

  it('a room with a prefix of another’s name is another room', async () => {
    const [one, two, candidate] = await server.peers(3);
    const long = await createRoom(one);
    const short = await createRoom(two, long.slice(0, -1));
    await askToJoin(candidate, two, short);
    await one.expectNone('room-join-request');
  });

  it('leaving a room that shares its name with a peer tells that room only', async () => {
    const [owner, guest, bystander] = await server.peers(3);
    const room = await createRoom(owner, bystander.id);
    await admit(owner, guest, room);
    guest.disconnect();
    assert.equal((await owner.next('room-user-leave')).room, bystander.id);
    await bystander.expectNone('room-user-leave');
  });

  it('a peer that owns one room owns no other', async () => {
    const [owner, other, candidate] = await server.peers(3);
    const room = await meeting(owner, other);
    assertOk(await other.ask('room-create-request', { room: freshRoom() }));
    await askToJoin(candidate, owner, room);
    assertRefused(
      await other.ask('room-join-accept', { room, peer_id: candidate.id }),
      'not-owner',
    );
  });
});
