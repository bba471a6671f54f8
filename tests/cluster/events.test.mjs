// docs/protocol.md: creating, entering and leaving rooms, with peers spread over two and three
// nodes.
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
import { assertRoom, infoOf, useCluster } from './nodes.mjs';

const taken = 'Room already taken someone else. Please type another room name or stay it blank.';

for (const size of [2, 3]) {
  describe(`a room over ${size} nodes: its making and its door`, () => {
    const cluster = useCluster({ size });

    it('has a name that nobody can take on any node', async () => {
      const [owner, ...others] = await cluster.peers(1 + size);
      const room = freshRoom();
      assert.deepEqual(await owner.ask('room-create-request', { room, payload: 1 }), {
        ok: true,
        room,
      });
      assert.deepEqual(await owner.next('room-create-accept'), { room, payload: 1 });
      for (const other of others) {
        const answer = await other.ask('room-create-request', { room, payload: [2] });
        assertRefused(answer, 'room-taken');
        const rejection = { message: taken, payload: [2] };
        assert.deepEqual(await other.next('room-create-reject'), rejection);
        assert.deepEqual(other.unread('room-create-accept'), []);
      }
    });

    it('gets a UUID as its name if nobody names it, and can be joined by that', async () => {
      const [owner, guest] = await cluster.peers(2);
      const { room } = await owner.ask('room-create-request');
      assert.match(room, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      await admit(owner, guest, room);
    });

    for (const [what, mark] of [
      ['braces', '{a}{'],
      ['an empty pair of braces', '{}'],
      ['braces the wrong way round', '}{'],
      ['what looks like a length', '$3'],
      ['a line separator', '\u2028'],
      ['colons and stars', ':*:?'],
      ['quotes', '"\'\\'],
      ['letters beyond ASCII', 'κόσμε 😀'],
    ]) {
      it(`may have ${what} in its name`, async () => {
        const [owner, guest, other] = await cluster.peers(3);
        const room = await createRoom(owner, mark + freshRoom());
        assertRefused(await guest.ask('room-create-request', { room }), 'room-taken');
        await admit(owner, guest, room);
        await relay(guest, owner, room);
        assertRefused(await other.ask('room-join-request', { room: `${room} ` }), 'room-not-found');
        assert.equal((await infoOf(guest, room)).room, room);
      });
    }

    it('asks its owner on another node, with the candidate’s description of itself', async () => {
      const owner = await cluster.nodes[0].peer({ peerinfo: { name: 'Ada' } });
      const guest = await cluster.nodes[1].peer();
      const candidate = await cluster.nodes[size - 1].peer({ peerinfo: { name: 'Zoë' } });
      const room = await meeting(owner, guest);
      const peerinfo = { name: 'Zoë' };
      const answer = await candidate.ask('room-join-request', { room, payload: { knock: 1 } });
      assert.deepEqual(answer, { ok: true, room });
      assert.deepEqual(await owner.next('room-join-request'), {
        room,
        peer_id: candidate.id,
        peerinfo,
        payload: { knock: 1 },
      });
      const fields = { room, peer_id: candidate.id, payload: 'come in' };
      assert.deepEqual(await owner.ask('room-join-accept', fields), { ok: true });
      assert.deepEqual(await candidate.next('room-join-accept'), {
        room,
        peer_id: candidate.id,
        peers: [owner.id, guest.id],
        peersinfo: { [owner.id]: { name: 'Ada' } },
        payload: 'come in',
      });
      const told = { room, peer_id: candidate.id, peerinfo, payload: 'come in' };
      for (const member of [owner, guest]) {
        assert.deepEqual(await member.next('room-user-join'), told);
      }
      await guest.expectNone('room-join-request');
      await candidate.expectNone('room-user-join');
    });

    it('tells newcomers of the others in the order of their coming', async () => {
      const [owner, ...others] = await cluster.peers(6);
      const room = await createRoom(owner);
      const present = [owner];
      for (const other of others) {
        const { peers } = await admit(owner, other, room, present);
        assert.deepEqual(
          peers,
          present.map(({ id }) => id),
        );
        present.push(other);
      }
      for (const member of present) {
        const { owners, peers } = await infoOf(member, room);
        assert.deepEqual([owners, peers], [[owner.id], present.map(({ id }) => id)]);
      }
    });

    it('tells of the peerinfo that a peer has given last', async () => {
      const [owner, guest, late] = await cluster.peers(3);
      const room = await meeting(owner, guest);
      await guest.authenticate({ peerinfo: { name: 'Ben' } });
      await relay(guest, owner, room);
      const { peersinfo } = await admit(owner, late, room, [owner, guest]);
      assert.deepEqual(peersinfo, { [guest.id]: { name: 'Ben' } });
    });

    it('rejects a candidate of another node, who may ask again', async () => {
      const [owner, candidate] = await cluster.peers(2);
      const room = await createRoom(owner);
      await askToJoin(candidate, owner, room);
      const named = { room, peer_id: candidate.id };
      assert.deepEqual(await owner.ask('room-join-reject', { ...named, payload: 'no' }), {
        ok: true,
      });
      assert.deepEqual(await candidate.next('room-join-reject'), {
        ...named,
        message: 'Room owner was rejected your request',
        code: 'rejected-by-owner',
        payload: 'no',
      });
      for (const event of ['room-join-accept', 'room-join-reject']) {
        assertRefused(await owner.ask(event, named), 'no-join-request');
      }
      await admit(owner, candidate, room);
    });

    it('hears of a candidate that withdraws its request, or goes', async () => {
      const [owner, candidate] = await cluster.peers(2);
      const room = await createRoom(owner);
      const cancelled = { room, peer_id: candidate.id };
      await askToJoin(candidate, owner, room);
      assertOk(await candidate.ask('room-leave-request', { room }));
      assert.deepEqual(await owner.next('room-join-cancel'), cancelled);
      assertRefused(await owner.ask('room-join-accept', cancelled), 'no-join-request');
      await askToJoin(candidate, owner, room);
      candidate.disconnect();
      assert.deepEqual(await owner.next('room-join-cancel'), cancelled);
      await owner.expectNone('room-user-leave');
    });

    it('asks the owner again when a candidate does', async () => {
      const [owner, candidate] = await cluster.peers(2);
      const room = await createRoom(owner);
      await askToJoin(candidate, owner, room, { payload: 1 });
      assert.equal((await askToJoin(candidate, owner, room, { payload: 2 })).payload, 2);
      await accept(owner, candidate, room);
      await candidate.expectNone('room-join-accept');
    });

    it('lets only its owner answer, whatever node the others are on', async () => {
      const [owner, member, candidate, stranger] = await cluster.peers(4);
      const room = await meeting(owner, member);
      await askToJoin(candidate, owner, room);
      const named = { room, peer_id: candidate.id };
      for (const peer of [member, stranger, candidate]) {
        for (const event of ['room-join-accept', 'room-join-reject']) {
          assertRefused(await peer.ask(event, named), 'not-owner');
        }
      }
      assertRefused(
        await owner.ask('room-join-accept', { room, peer_id: stranger.id }),
        'no-join-request',
      );
      await accept(owner, candidate, room);
    });

    it('is entered once by those who ask twice, and is not found if there is none', async () => {
      const [owner, member] = await cluster.peers(2);
      const room = await meeting(owner, member);
      assert.deepEqual(await member.ask('room-join-request', { room }), { ok: true, room });
      assert.deepEqual((await member.next('room-join-accept')).peers, [owner.id]);
      await owner.expectNone('room-user-join');
      const nowhere = { room: freshRoom(), payload: 0 };
      assertRefused(await member.ask('room-join-request', nowhere), 'room-not-found');
      assert.deepEqual(await member.next('room-join-reject'), {
        message: 'Room is not found.',
        code: 'room-not-found',
        payload: 0,
      });
    });

    it('is closed to session tokens of other connections, on this node and others', async () => {
      const [owner, thief] = await cluster.peers(2);
      const room = await createRoom(owner);
      const answer = await thief.ask('room-info-request', { room, auth: owner.sessionToken });
      assertRefused(answer, 'unauthorized');
      await thief.next('unauthorized');
    });
  });

  describe(`a room over ${size} nodes: a member that leaves it`, () => {
    const cluster = useCluster({ size });

    it('is seen by the others, and the longest-present member owns it then', async () => {
      const [owner, second, third] = await cluster.peers(3);
      const room = await meeting(owner, second, third);
      assertOk(await owner.ask('room-leave-request', { room, payload: { why: 'tea' } }));
      for (const member of [second, third]) {
        const left = { room, peer_id: owner.id, payload: { why: 'tea' } };
        assert.deepEqual(await member.next('room-user-leave'), left);
        const change = { room, peer_id: second.id };
        assert.deepEqual(await member.next('room-owner-change'), change);
      }
      const late = { room, to: second.id, data: 1 };
      assertRefused(await owner.ask('relay-message', late), 'not-in-room');
      await admit(second, owner, room, [second, third]);
      await assertRoom(room, { owners: [second], peers: [owner, second, third] });
    });

    it('hands the room on from node to node, by the time of joining', async () => {
      const members = await cluster.peers(5);
      const room = await meeting(...members);
      while (members.length > 1) {
        const [leaver, heir] = members;
        const left = { room, peer_id: leaver.id };
        leaver.disconnect();
        members.shift();
        for (const member of members) {
          assert.deepEqual(await member.next('room-user-leave'), left);
          assert.deepEqual(await member.next('room-owner-change'), { room, peer_id: heir.id });
        }
        await assertRoom(room, { owners: [heir], peers: members });
      }
    });

    it('changes no owner unless it is the owner', async () => {
      const [owner, leaver, stayer] = await cluster.peers(3);
      const room = await meeting(owner, leaver, stayer);
      leaver.disconnect();
      await Promise.all([owner, stayer].map((member) => member.next('room-user-leave')));
      await relay(owner, stayer, room);
      await stayer.expectNone('room-owner-change');
      await assertRoom(room, { owners: [owner], peers: [owner, stayer] });
    });

    it('leaves its pending requests to the next owner, as they were', async () => {
      const [owner, heir] = await cluster.peers(2);
      const node = cluster.nodes[size - 1];
      const one = await node.peer({ peerinfo: { name: 'Zoë' } });
      const two = await node.peer();
      const room = await meeting(owner, heir);
      const asked = [
        await askToJoin(one, owner, room, { payload: { knock: 1 } }),
        await askToJoin(two, owner, room),
      ];
      owner.disconnect();
      const again = [await heir.next('room-join-request'), await heir.next('room-join-request')];
      const byPeer = (a, b) => (a.peer_id < b.peer_id ? -1 : 1);
      assert.deepEqual(again.sort(byPeer), asked.sort(byPeer));
      assert.deepEqual((await accept(heir, one, room)).peers, [heir.id]);
      assertOk(await heir.ask('room-join-reject', { room, peer_id: two.id }));
      await two.next('room-join-reject');
      await heir.expectNone('room-join-request');
    });

    it('ends the room as the last one: candidates are rejected, and the name is free', async () => {
      const [owner, candidate, other] = await cluster.peers(3);
      const room = await createRoom(owner);
      await askToJoin(candidate, owner, room);
      assertOk(await owner.ask('room-leave-request', { room }));
      const rejection = await candidate.next('room-join-reject');
      assert.deepEqual([rejection.room, rejection.message], [room, 'Room is not found.']);
      assertRefused(await other.ask('room-join-request', { room }), 'room-not-found');
      await createRoom(other, room);
      await admit(other, candidate, room);
      await assertRoom(room, { owners: [other], peers: [other, candidate] });
    });

    it('is heard of by members of the same room only', async () => {
      const [guest, one, two] = await cluster.peers(3);
      const [first, second] = [await meeting(one, guest), await meeting(two, guest)];
      const id = guest.id;
      guest.disconnect();
      assert.deepEqual(await one.next('room-user-leave'), { room: first, peer_id: id });
      assert.deepEqual(await two.next('room-user-leave'), { room: second, peer_id: id });
      const together = await meeting(one, two);
      await relay(one, two, together);
      await relay(two, one, together);
      await one.expectNone('room-user-leave');
      await two.expectNone('room-user-leave');
    });
  });

  describe(`a room over ${size} nodes: a peer outside`, () => {
    const cluster = useCluster({ size });

    it('hears nothing of it, no matter what happens in it', async () => {
      const strangers = await cluster.strangers();
      const members = await cluster.peers(2 * size);
      const [owner, second, third] = members;
      const refused = await cluster.nodes[size - 1].peer();
      const room = await meeting(...members);
      await askToJoin(refused, owner, room);
      assertOk(await owner.ask('room-join-reject', { room, peer_id: refused.id }));
      await refused.next('room-join-reject');
      await relay(second, third, room);
      assertOk(await third.ask('relay-message', { room, data: 'to all' }));
      assertOk(await owner.ask('room-update-request', { room, locked: true }));
      assertOk(await owner.ask('room-kick-request', { room, peer_id: third.id }));
      await third.next('room-kick');
      assertOk(await owner.ask('room-leave-request', { room }));
      await second.next('room-owner-change');
      assertOk(await second.ask('relay-message', { room, data: 'to the rest' }));
      await strangers.heardNothing();
      const outside = ['room-user-join', 'room-update', 'room-user-leave', 'message'];
      await refused.expectNone(...outside, 'room-join-request', 'room-owner-change');
      await owner.expectNone('room-owner-change');
      assert.deepEqual(third.unread('room-owner-change'), []);
    });
  });
}
