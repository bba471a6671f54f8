// docs/protocol.md, "What an owner may set": settings and kicks, with peers spread over two and
// three nodes.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  accept,
  admit,
  askToJoin,
  assertOk,
  assertRefused,
  createRoom,
  meeting,
  relay,
} from '../support/rooms.mjs';
import { assertRoom, infoOf, useCluster } from './nodes.mjs';

for (const size of [2, 3]) {
  describe(`a room over ${size} nodes: the rights of its owner`, () => {
    const cluster = useCluster({ size });

    it('all members get the settings, and so does a member that asks', async () => {
      const [owner, ...members] = await cluster.peers(1 + size);
      const room = await meeting(owner, ...members);
      const settings = { locked: true, capacity: 9, admission: 'owner' };
      const wish = { room, locked: true, capacity: 9, payload: 'p' };
      assert.deepEqual(await owner.ask('room-update-request', wish), { ok: true, ...settings });
      for (const member of [owner, ...members]) {
        const told = { room, ...settings, payload: 'p' };
        assert.deepEqual(await member.next('room-update'), told);
        assert.deepEqual(await member.ask('room-info-request', { room }), {
          ok: true,
          room,
          owners: [owner.id],
          peers: [owner, ...members].map(({ id }) => id),
          ...settings,
        });
      }
    });

    it('asks a member on another node to mute, and nobody else hears of it', async () => {
      const [owner, ...members] = await cluster.peers(1 + size);
      const room = await meeting(owner, ...members);
      for (const member of members) {
        assertOk(await owner.ask('room-mute-request', { room, peer_id: member.id, kind: 'video' }));
        const told = { room, peer_id: owner.id, kind: 'video' };
        assert.deepEqual(await member.next('room-mute'), told);
        assertRefused(
          await member.ask('room-mute-request', { room, peer_id: owner.id, kind: 'audio' }),
          'not-owner',
        );
      }
      await owner.expectNone('room-mute');
      for (const member of members) assert.deepEqual(member.unread('room-mute'), []);
    });

    it('a locked and a full room turn people away on every node', async () => {
      const [owner, waiting, ...late] = await cluster.peers(2 + size);
      const room = await createRoom(owner);
      await askToJoin(waiting, owner, room);
      assertOk(await owner.ask('room-update-request', { room, locked: true }));
      for (const peer of late) {
        assertRefused(await peer.ask('room-join-request', { room }), 'room-locked');
        assert.match((await peer.next('room-join-reject')).message, /locked/);
      }
      await accept(owner, waiting, room);
      assertOk(await owner.ask('room-update-request', { room, locked: false, capacity: 2 }));
      for (const peer of late) {
        assertRefused(await peer.ask('room-join-request', { room }), 'room-full');
        assert.match((await peer.next('room-join-reject')).message, /full/);
      }
      assertOk(await owner.ask('room-update-request', { room, capacity: null }));
      await admit(owner, late[0], room, [owner, waiting]);
    });

    it('an open room lets in everybody who asks, and those who were waiting', async () => {
      const [owner, waiting, late] = await cluster.peers(3);
      const room = await createRoom(owner);
      await askToJoin(waiting, owner, room, { payload: 'knock' });
      assertOk(await owner.ask('room-update-request', { room, admission: 'open' }));
      const accepted = await waiting.next('room-join-accept');
      assert.deepEqual(
        [accepted.peer_id, accepted.peers, accepted.payload],
        [waiting.id, [owner.id], 'knock'],
      );
      assert.equal((await owner.next('room-user-join')).peer_id, waiting.id);
      assertOk(await late.ask('room-join-request', { room }));
      assert.deepEqual((await late.next('room-join-accept')).peers, [owner.id, waiting.id]);
      await relay(late, waiting, room);
      await owner.expectNone('room-join-request');
    });

    it('if many enter an open room at once, as many come in as it holds', async () => {
      const [owner, ...candidates] = await cluster.peers(25);
      const room = await createRoom(owner);
      const wish = { room, admission: 'open', capacity: 10 };
      assertOk(await owner.ask('room-update-request', wish));
      const answers = await Promise.all(
        candidates.map((candidate) => candidate.ask('room-join-request', { room })),
      );
      const inside = candidates.filter((_, i) => answers[i].ok);
      assert.equal(inside.length, 9);
      for (const answer of answers) if (!answer.ok) assertRefused(answer, 'room-full');
      const places = await Promise.all(inside.map((member) => member.next('room-join-accept')));
      const before = places.map(({ peers }) => peers.length).sort((a, b) => a - b);
      assert.deepEqual(before, [1, 2, 3, 4, 5, 6, 7, 8, 9], 'each knows all that came before');
      await assertRoom(room, { owners: [owner], peers: [owner, ...inside] });
    });

    it('a password opens the door on every node, and is told to nobody', async () => {
      const [owner, ...guests] = await cluster.peers(1 + size);
      const room = await createRoom(owner);
      const password = 'correct horse';
      const wish = { room, admission: 'password', password };
      const told = [await owner.ask('room-update-request', wish), await owner.next('room-update')];
      assertOk(told[0]);
      for (const guest of guests) {
        for (const wrong of [{}, { password: 'battery staple' }, { password: '' }]) {
          assertRefused(await guest.ask('room-join-request', { room, ...wrong }), 'wrong-password');
        }
        assertOk(await guest.ask('room-join-request', { room, password }));
        told.push(await guest.next('room-join-accept'), await infoOf(guest, room));
      }
      assert.ok(!JSON.stringify(told).includes(password));
    });

    it('a member is taken out, and may ask again unless banned', async () => {
      const [owner, pest, witness] = await cluster.peers(3);
      const room = await meeting(owner, pest, witness);
      const kick = { room, peer_id: pest.id };
      assertOk(await owner.ask('room-kick-request', { ...kick, payload: 'out' }));
      const { message, ...told } = await pest.next('room-kick');
      assert.deepEqual(told, { ...kick, payload: 'out' });
      assert.match(message, /taken you out/);
      for (const member of [owner, witness]) {
        const left = await member.next('room-user-leave');
        assert.deepEqual(left, { ...kick, payload: 'out' });
      }
      assertRefused(await pest.ask('relay-message', { room, data: 1 }), 'not-in-room');

      await admit(owner, pest, room, [owner, witness]);
      assertOk(await owner.ask('room-kick-request', { ...kick, ban: true }));
      await pest.next('room-kick');
      assertRefused(await pest.ask('room-join-request', { room }), 'banned');
      assert.match((await pest.next('room-join-reject')).message, /not come back/);
      await assertRoom(room, { owners: [owner], peers: [owner, witness] });
    });

    it('a candidate is turned away for good by a ban', async () => {
      const [owner, candidate] = await cluster.peers(2);
      const room = await createRoom(owner);
      await askToJoin(candidate, owner, room);
      const ban = { room, peer_id: candidate.id, ban: true };
      assertOk(await owner.ask('room-kick-request', ban));
      assert.equal((await candidate.next('room-join-reject')).peer_id, candidate.id);
      assertRefused(await candidate.ask('room-join-request', { room }), 'banned');
      await owner.expectNone('room-user-leave');
    });

    it('nobody else has them, whatever the node', async () => {
      const [owner, ...others] = await cluster.peers(2 + size);
      const [member, ...strangers] = others;
      const room = await meeting(owner, member);
      for (const peer of others) {
        const update = { room, locked: true };
        assertRefused(await peer.ask('room-update-request', update), 'not-owner');
        const kick = { room, peer_id: owner.id };
        assertRefused(await peer.ask('room-kick-request', kick), 'not-owner');
      }
      for (const stranger of strangers) {
        assertRefused(await stranger.ask('room-info-request', { room }), 'not-in-room');
        assertRefused(await stranger.ask('room-leave-request', { room }), 'not-in-room');
        const kick = { room, peer_id: stranger.id };
        assertRefused(await owner.ask('room-kick-request', kick), 'peer-not-in-room');
      }
      await relay(owner, member, room);
      await member.expectNone('room-update', 'room-user-leave', 'room-kick');
    });
  });
}
