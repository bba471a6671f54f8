// docs/cluster.md, "What happens when": Redis comes back empty, and the nodes write their rooms
// again.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  admit,
  askToJoin,
  assertOk,
  assertRefused,
  createRoom,
  meeting,
  relay,
} from '../support/rooms.mjs';
import { assertRoom, clusterFor, worksAgain } from './nodes.mjs';
import { unlimited } from '../support/settings.mjs';

describe('Redis that is restarted empty', () => {
  /** As if its machine had been replaced. */
  async function restart(cluster) {
    await cluster.redis.kill();
    await cluster.redis.start();
  }

  // Long because each check needs the same four rooms over three losses.
  it('is told of the rooms again: members stay, owners own, names are in use', async (t) => {
    const cluster = await clusterFor(t, { size: 3 });
    const strangers = await cluster.strangers();
    const members = await cluster.peers(6);
    const rooms = [
      await meeting(...members),
      await meeting(...[...members].reverse()),
      await meeting(members[1], members[2]),
      await createRoom(members[0]),
    ];
    const allWork = async () => {
      await worksAgain(members, rooms[0]);
      await worksAgain([...members].reverse(), rooms[1]);
      await worksAgain([members[1], members[2]], rooms[2]);
      await worksAgain([members[0]], rooms[3]);
    };
    await allWork(); // and have heard what was before that
    for (let round = 0; round < 3; round += 1) {
      await restart(cluster);
      await allWork();
      await assertRoom(rooms[0], { owners: [members[0]], peers: members });
      await assertRoom(rooms[1], { owners: [members[5]], peers: members });
      await assertRoom(rooms[2], { owners: [members[1]], peers: [members[1], members[2]] });
      await assertRoom(rooms[3], { owners: [members[0]], peers: [members[0]] });
      for (const room of rooms) {
        for (const node of cluster.nodes) {
          const other = await node.peer();
          assertRefused(await other.ask('room-create-request', { room }), 'room-taken');
        }
      }
    }
    const unheard = ['room-user-leave', 'room-user-join', 'room-owner-change', 'room-kick'];
    for (const member of members) await member.expectNone(...unheard, 'room-update', 'message');
    assertRefused(
      await members[1].ask('room-update-request', { room: rooms[0], locked: true }),
      'not-owner',
    );
    const late = await cluster.nodes[2].peer();
    await admit(members[5], late, rooms[1], members);
    members[5].disconnect();
    await late.next('room-owner-change');
    await strangers.heardNothing();
  });

  it('opens no door that an owner had shut', async (t) => {
    const cluster = await clusterFor(t, { size: 3 });
    const [owner, member, pest, stranger] = await cluster.peers(4);
    const locked = await meeting(owner, member);
    const full = await meeting(owner, member);
    const secret = await meeting(owner, member);
    const banned = await meeting(owner, member, pest);
    assertOk(await owner.ask('room-update-request', { room: locked, locked: true }));
    assertOk(await owner.ask('room-update-request', { room: full, capacity: 2 }));
    const password = 'correct horse';
    const wish = { room: secret, admission: 'password', password };
    assertOk(await owner.ask('room-update-request', wish));
    const ban = { room: banned, peer_id: pest.id, ban: true };
    assertOk(await owner.ask('room-kick-request', ban));
    const rooms = [locked, full, secret, banned];
    await pest.next('room-kick');
    for (const room of rooms) await worksAgain([owner, member], room);
    await restart(cluster);
    for (const room of rooms) await worksAgain([owner, member], room);
    const ask = (peer, room, fields) => peer.ask('room-join-request', { room, ...fields });
    assertRefused(await ask(stranger, locked), 'room-locked');
    assertRefused(await ask(stranger, full), 'room-full');
    assertRefused(await ask(stranger, secret), 'wrong-password');
    assertRefused(await ask(pest, banned), 'banned');
    assertOk(await ask(stranger, secret, { password }));
  });

  it('leaves no request to join without an answer', async (t) => {
    const cluster = await clusterFor(t);
    const [owner, candidate] = await cluster.peers(2);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    await restart(cluster);
    await worksAgain([owner], room);
    const answer = await owner.ask('room-join-accept', { room, peer_id: candidate.id });
    if (answer.ok) {
      assert.deepEqual((await candidate.next('room-join-accept')).peers, [owner.id]);
    } else {
      assertRefused(answer, 'no-join-request');
      await candidate.next('room-join-reject');
      await admit(owner, candidate, room);
    }
    await relay(owner, candidate, room);
  });

  it('gives nobody a room that is there, however soon one asks', async (t) => {
    const cluster = await clusterFor(t, { size: 3, env: unlimited });
    const [owner, member, thief] = await cluster.peers(3);
    const rooms = [];
    for (let n = 0; n < 10; n += 1) rooms.push(await meeting(owner, member));
    await cluster.redis.kill();
    const restarted = cluster.redis.start();
    // From before it is back until it serves everybody: as fast as the answers come.
    let isBack = false;
    const stealing = (async () => {
      const stolen = [];
      while (!isBack) {
        for (const room of rooms) {
          if ((await thief.ask('room-create-request', { room })).ok) stolen.push(room);
        }
      }
      return stolen;
    })();
    try {
      await restarted;
      for (const room of rooms) await worksAgain([owner, member], room);
    } finally {
      isBack = true;
    }
    assert.deepEqual(await stealing, []);
    for (const room of rooms) await assertRoom(room, { owners: [owner], peers: [owner, member] });
    await owner.expectNone('room-user-leave', 'room-owner-change', 'room-kick');
  });
});
