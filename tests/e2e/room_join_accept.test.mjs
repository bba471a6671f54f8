// docs/protocol.md, "Client to server": `room-join-accept`, by an owner only, for a candidate that
// has asked.
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

describe('room-join-accept', () => {
  const server = useServer();

  it('tells the candidate who is there, and the members who came', async () => {
    const people = ['owner', 'guest', 'candidate'].map((name) =>
      server.peer({ peerinfo: { name } }),
    );
    const [owner, guest, candidate] = await Promise.all(people);
    const room = await meeting(owner, guest);
    await askToJoin(candidate, owner, room);
    const named = { room, peer_id: candidate.id, to: candidate.id };
    assert.deepEqual(await owner.ask('room-join-accept', { ...named, payload: { seat: 3 } }), {
      ok: true,
    });
    const accepted = await candidate.next('room-join-accept');
    assert.deepEqual(accepted.peers.sort(), [owner.id, guest.id].sort());
    assert.deepEqual(accepted, {
      room,
      peer_id: candidate.id,
      peers: accepted.peers,
      peersinfo: { [owner.id]: { name: 'owner' }, [guest.id]: { name: 'guest' } },
      payload: { seat: 3 },
    });
    const joined = {
      room,
      peer_id: candidate.id,
      peerinfo: { name: 'candidate' },
      payload: { seat: 3 },
    };
    assert.deepEqual(await owner.next('room-user-join'), joined);
    assert.deepEqual(await guest.next('room-user-join'), joined);
    await candidate.expectNone('room-user-join');
  });

  it('leaves out fields that nobody gave: no peerinfo, no payload', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    const accepted = await accept(owner, candidate, room);
    assert.deepEqual(accepted, { room, peer_id: candidate.id, peers: [owner.id], peersinfo: {} });
    assert.deepEqual(await owner.next('room-user-join'), { room, peer_id: candidate.id });
  });

  it('makes the candidate a member: relays go both ways', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await meeting(owner, candidate);
    await relay(owner, candidate, room);
    await relay(candidate, owner, room);
  });

  it('does not make the candidate an owner', async () => {
    const [owner, guest, candidate] = await server.peers(3);
    const room = await meeting(owner, guest);
    await askToJoin(candidate, owner, room);
    assertRefused(
      await guest.ask('room-join-accept', { room, peer_id: candidate.id }),
      'not-owner',
    );
    assertRefused(
      await guest.ask('room-join-reject', { room, peer_id: candidate.id }),
      'not-owner',
    );
    await candidate.expectNone('room-join-accept', 'room-join-reject');
    await accept(owner, candidate, room);
  });

  for (const event of ['room-join-accept', 'room-join-reject']) {
    it(`${event}: refused to the candidate itself`, async () => {
      const [owner, candidate] = await server.peers(2);
      const room = await createRoom(owner);
      await askToJoin(candidate, owner, room);
      const answer = await candidate.ask(event, { room, peer_id: candidate.id });
      assert.ok(['not-owner', 'not-in-room'].includes(answer.error?.code), JSON.stringify(answer));
      await candidate.expectNone('room-join-accept', 'room-join-reject');
      await owner.expectNone('room-user-join');
    });

    it(`${event}: refused to a stranger`, async () => {
      const [owner, candidate, stranger] = await server.peers(3);
      const room = await createRoom(owner);
      await createRoom(stranger);
      await askToJoin(candidate, owner, room);
      const answer = await stranger.ask(event, { room, peer_id: candidate.id });
      assert.ok(['not-owner', 'not-in-room'].includes(answer.error?.code), JSON.stringify(answer));
      await candidate.expectNone('room-join-accept', 'room-join-reject');
    });

    it(`${event}: refused if nobody asked`, async () => {
      const [owner, bystander] = await server.peers(2);
      const room = await createRoom(owner);
      assertRefused(await owner.ask(event, { room, peer_id: bystander.id }), 'no-join-request');
      await bystander.expectNone('room-join-accept', 'room-join-reject');
    });

    it(`${event}: refused for a request to another room of the same owner`, async () => {
      const [owner, candidate] = await server.peers(2);
      const [asked, other] = [await createRoom(owner), await createRoom(owner)];
      await askToJoin(candidate, owner, asked);
      assertRefused(
        await owner.ask(event, { room: other, peer_id: candidate.id }),
        'no-join-request',
      );
      await candidate.expectNone('room-join-accept', 'room-join-reject');
    });

    it(`${event}: refused for a peer that does not exist`, async () => {
      const owner = await server.peer();
      const room = await createRoom(owner);
      assertRefused(await owner.ask(event, { room, peer_id: 'nobody' }), 'no-join-request');
    });

    it(`${event}: refused if there is no such room`, async () => {
      const [owner, candidate] = await server.peers(2);
      const answer = await owner.ask(event, { room: freshRoom(), peer_id: candidate.id });
      assertRefused(answer, 'room-not-found');
    });
  }

  it('is ok for a peer that is a member already, and changes nothing', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await meeting(owner, candidate);
    const named = { room, peer_id: candidate.id };
    assert.deepEqual(await owner.ask('room-join-accept', named), { ok: true });
    await candidate.expectNone('room-join-accept');
    await owner.expectNone('room-user-join');
  });

  it('finds no request of a candidate that went away', async () => {
    const [owner, candidate, other] = await server.peers(3);
    const room = await createRoom(owner);
    const { peer_id } = await askToJoin(candidate, owner, room);
    candidate.disconnect();
    let answer = await owner.ask('room-join-accept', { room, peer_id });
    if (answer.ok) {
      // The accept overtook the good-bye; then the members hear of the coming and of the going.
      await owner.next('room-user-join');
      await owner.next('room-user-leave');
      answer = await owner.ask('room-join-accept', { room, peer_id });
    }
    assertRefused(answer, 'no-join-request');
    assert.deepEqual((await admit(owner, other, room)).peers, [owner.id]);
  });

  it('takes `to` alone, `peer_id` alone, or both alike', async () => {
    const [owner, ...candidates] = await server.peers(4);
    const room = await createRoom(owner);
    const naming = [
      (id) => ({ to: id }),
      (id) => ({ peer_id: id }),
      (id) => ({ to: id, peer_id: id }),
    ];
    for (const [i, name] of naming.entries()) {
      await askToJoin(candidates[i], owner, room);
      assertOk(await owner.ask('room-join-accept', { room, ...name(candidates[i].id) }));
      await candidates[i].next('room-join-accept');
    }
  });
});
