// Peers see the same on whichever worker they landed.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  accept,
  admit,
  askToJoin,
  assertRefused,
  createRoom,
  freshRoom,
  meeting,
  relay,
} from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

describe('four workers', () => {
  const server = useServer({ env: { WORKERS: 4 } });

  it('a room of eight: everyone reaches everyone, and hears of everyone', async () => {
    const peers = await server.peers(8);
    const room = await meeting(...peers);
    for (const from of peers) {
      for (const to of peers) if (from !== to) await relay(from, to, room);
    }
    const [owner, ...others] = peers;
    owner.disconnect();
    for (const other of others) {
      await other.next('room-user-leave');
      assert.equal((await other.next('room-owner-change')).peer_id, others[0].id);
    }
  });

  it('many rooms at once, each with its own owner and guest', async () => {
    const peers = await server.peers(40);
    const pairs = Array.from({ length: 20 }, (_, i) => peers.slice(2 * i, 2 * i + 2));
    await Promise.all(
      pairs.map(async ([owner, guest]) => {
        const room = await meeting(owner, guest);
        for (let i = 0; i < 10; i += 1)
          await relay(i % 2 ? owner : guest, i % 2 ? guest : owner, room);
      }),
    );
    for (const peer of peers)
      await peer.expectNone('room-join-request', 'ice-candidate', 'room-user-leave');
  });

  it('the order of one sender’s messages to one target holds', async () => {
    const peers = await server.peers(6);
    const room = await meeting(...peers);
    const [sender, ...targets] = peers;
    for (let n = 0; n < 30; n += 1) {
      for (const to of targets)
        sender.emit('relay-ice-candidate', { room, to: to.id, ice_candidate: n });
    }
    for (const target of targets) {
      for (let n = 0; n < 30; n += 1)
        assert.equal((await target.next('ice-candidate')).ice_candidate, n);
    }
  });

  it('a relay sent right after room-join-accept, before any answer, arrives after it', async () => {
    for (let round = 0; round < 20; round += 1) {
      const [owner, guest] = await server.peers(2);
      const room = await createRoom(owner);
      await askToJoin(guest, owner, room);
      owner.emit('room-join-accept', { room, to: guest.id });
      owner.emit('relay-session-description', {
        room,
        to: guest.id,
        session_description: 'at once',
      });
      assert.equal((await guest.next('session-description')).session_description, 'at once');
      assert.equal(guest.unread('room-join-accept').length, 1);
    }
  });

  it('an offer sent on room-user-join, in the same moment, finds the newcomer in the room', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [owner, ...guests] = await server.peers(12);
      owner.socket.on('room-user-join', ({ room, peer_id }) => {
        owner.emit('relay-session-description', {
          room,
          to: peer_id,
          session_description: 'offer',
        });
      });
      const room = await createRoom(owner);
      for (const guest of guests) {
        await askToJoin(guest, owner, room);
        owner.emit('room-join-accept', { room, to: guest.id });
        assert.equal((await guest.next('session-description')).session_description, 'offer');
        assert.equal(guest.unread('room-join-accept').length, 1, 'accepted before it is offered');
      }
    }
  });

  it('an answer sent on room-join-accept finds every member, who has read room-user-join before', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [owner, first, second] = await server.peers(3);
      const room = await meeting(owner, first);
      await askToJoin(second, owner, room);
      const { peers } = await accept(owner, second, room);
      for (const to of peers)
        second.emit('relay-ice-candidate', { room, to, ice_candidate: 'hello' });
      for (const member of [owner, first]) {
        await member.next('ice-candidate');
        assert.equal(member.unread('room-user-join').length, 1);
      }
    }
  });

  it('rooms are seen from every worker: taken, not found, pending', async () => {
    const [owner, ...others] = await server.peers(12);
    const room = await createRoom(owner);
    for (const other of others) {
      assertRefused(await other.ask('room-create-request', { room }), 'room-taken');
      assertRefused(await other.ask('room-join-request', { room: freshRoom() }), 'room-not-found');
    }
    for (const other of others) await askToJoin(other, owner, room);
    for (const other of others.reverse()) await accept(owner, other, room);
  });

  it('many owners and candidates that go at the same time leave nothing behind', async () => {
    for (let round = 0; round < 5; round += 1) {
      const peers = await server.peers(20);
      const rooms = await Promise.all(peers.map((peer) => createRoom(peer)));
      await Promise.all(
        peers.map((peer, i) => peer.ask('room-join-request', { room: rooms[(i + 1) % 20] })),
      );
      for (const peer of peers) peer.vanish();
      const [next] = await server.peers(1);
      for (const room of rooms) {
        let answer = await next.ask('room-create-request', { room });
        while (!answer.ok) answer = await next.ask('room-create-request', { room });
      }
      next.disconnect();
    }
  });
});

describe('one worker', () => {
  const server = useServer({ env: { WORKERS: 1 } });

  it('does it all', async () => {
    const [owner, ...others] = await server.peers(4);
    const room = await meeting(owner, ...others);
    const late = await server.peer({ transports: ['polling'] });
    await admit(owner, late, room, [owner, ...others]);
    await relay(late, others[2], room);
  });
});
