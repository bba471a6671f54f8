// docs/cluster.md, "What happens when": Redis stalls or cannot be reached, by all nodes or by one.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { eventually } from '../support/patience.mjs';
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
import {
  assertRoom,
  clusterFor,
  lookOutFor,
  receives,
  reconnecting,
  shortLease,
  worksAgain,
} from './nodes.mjs';
import { unlimited } from '../support/settings.mjs';

// Once Redis is back each node has this long to be back, too, on a machine that is busy with
// others.
const lease = 2 * shortLease;

/** Relays within the node go on, all the time until the leases are over. */
async function relayPastTheLeases(one, two, room) {
  const end = Date.now() + 1.25 * lease;
  do {
    await relay(one, two, room);
    await relay(two, one, room);
  } while (Date.now() < end);
}

/** Two members on the first node, one on the second, a candidate on each; some others. */
async function meetOnTwoNodes(cluster) {
  const [first, second] = cluster.nodes;
  const [owner, near, nearCandidate, outsider] = await first.peers(4);
  const [far, farCandidate] = await second.peers(2);
  const room = await meeting(owner, near, far);
  for (const candidate of [nearCandidate, farCandidate]) await askToJoin(candidate, owner, room);
  return { owner, near, far, nearCandidate, farCandidate, outsider, room };
}

/**
 * Requests that need Redis are refused, each with the same error, and by the reject events, too.
 */
async function assertAllRefused({ owner, near, far, nearCandidate, outsider, room }) {
  const candidate = { room, peer_id: nearCandidate.id };
  const toFar = { room, to: far.id };
  const requests = [
    [outsider, 'room-create-request', { room: freshRoom() }],
    [outsider, 'room-join-request', { room }],
    [owner, 'room-join-accept', candidate],
    [owner, 'room-join-reject', candidate],
    [owner, 'room-kick-request', { room, peer_id: near.id }],
    [owner, 'room-update-request', { room, locked: true }],
    [near, 'room-info-request', { room }],
    [near, 'relay-message', { room, data: 'to all' }],
    [near, 'relay-message', { ...toFar, data: 'to the other node' }],
    [near, 'relay-session-description', { ...toFar, session_description: {} }],
    [near, 'relay-ice-candidate', { ...toFar, ice_candidate: {} }],
    // The last one: who is leaving says nothing more.
    [near, 'room-leave-request', { room }],
  ];
  const answers = await Promise.all(requests.map(([peer, ...request]) => peer.ask(...request)));
  for (const answer of answers) assertRefused(answer, 'cluster-unavailable');
  const { message } = answers[0].error;
  assert.equal((await outsider.next('room-create-reject')).message, message);
  assert.equal((await outsider.next('room-join-reject')).message, message);
}

/** Waits for this answer of /readyz. */
async function becomes(node, status, error) {
  const isSo = async () => {
    const answer = await node.request({ path: '/readyz' });
    const told = answer.status === 200 ? undefined : JSON.parse(answer.body).error;
    return answer.status === status && told === error;
  };
  await eventually(isSo, `/readyz says ${status}`);
  assert.equal((await node.request({ path: '/healthz' })).status, 200);
}

const troubles = {
  'cannot be reached': {
    begin: (cluster) => cluster.wires.forEach((wire) => wire.cut()),
    end: (cluster) => cluster.wires.forEach((wire) => wire.mend()),
  },
  stalls: {
    begin: (cluster) => cluster.wires.forEach((wire) => wire.stall()),
    end: (cluster) => cluster.wires.forEach((wire) => wire.flow()),
  },
};

for (const [what, { begin, end }] of Object.entries(troubles)) {
  describe(`while Redis ${what}`, { concurrency: 3 }, () => {
    it('requests that need it are refused, relays within a node go on, all works afterwards', async (t) => {
      const cluster = await clusterFor(t, { wired: true, lease, env: unlimited });
      const strangers = await cluster.strangers();
      const scene = await meetOnTwoNodes(cluster);
      const { owner, near, far, nearCandidate, farCandidate, outsider, room } = scene;
      begin(cluster);
      await assertAllRefused(scene);
      await relayPastTheLeases(owner, near, room);
      // A client that comes meanwhile can sign in, but do nothing that needs Redis.
      const newcomer = await cluster.nodes[0].peer();
      assertRefused(await newcomer.ask('room-create-request'), 'cluster-unavailable');
      for (const node of cluster.nodes) await becomes(node, 503, 'redis-unreachable');

      end(cluster);
      const members = [owner, near, far];
      await worksAgain(members, room);
      for (const node of cluster.nodes) await becomes(node, 200);
      const everyone = [...members, nearCandidate, farCandidate, outsider, newcomer];
      assert.ok(
        everyone.every(({ socket }) => socket.connected),
        'nobody was disconnected',
      );
      await assertRoom(room, { owners: [owner], peers: members });
      for (const candidate of [nearCandidate, farCandidate]) {
        await accept(owner, candidate, room);
        await Promise.all(members.map((member) => member.next('room-user-join')));
        members.push(candidate);
      }
      await admit(owner, newcomer, room, members);
      members.push(newcomer);
      assertOk(await near.ask('relay-message', { room, data: 'again' }));
      for (const member of members) {
        if (member !== near) await receives(member, 'message', ({ data }) => data === 'again');
      }
      await createRoom(outsider);
      const unheard = ['room-user-leave', 'room-owner-change', 'room-update', 'room-kick'];
      for (const member of members) await member.expectNone(...unheard);
      await strangers.heardNothing();
    });

    it('a peer that goes has left when it is back', async (t) => {
      const cluster = await clusterFor(t, { wired: true, lease });
      const [owner, heir] = await cluster.peers(2);
      const room = await meeting(owner, heir);
      const left = { room, peer_id: owner.id };
      begin(cluster);
      assertRefused(await owner.ask('room-info-request', { room }), 'cluster-unavailable');
      owner.disconnect();
      end(cluster);
      assert.deepEqual(await heir.next('room-user-leave'), left);
      assert.deepEqual(await heir.next('room-owner-change'), { room, peer_id: heir.id });
      await worksAgain([heir], room);
      await assertRoom(room, { owners: [heir], peers: [heir] });
    });

    it('a refused request does not happen later', async (t) => {
      const cluster = await clusterFor(t, { wired: true, lease });
      const [owner, other, candidate] = await cluster.peers(3);
      const room = await meeting(owner, other);
      const [name, open] = [freshRoom(), await createRoom(other)];
      assertOk(await other.ask('room-update-request', { room: open, admission: 'open' }));
      await other.next('room-update');
      begin(cluster);
      const refused = await Promise.all([
        owner.ask('room-create-request', { room: name }),
        owner.ask('room-kick-request', { room, peer_id: other.id }),
        owner.ask('room-update-request', { room, locked: true }),
        candidate.ask('room-join-request', { room: open }),
      ]);
      for (const answer of refused) assertRefused(answer, 'cluster-unavailable');
      end(cluster);
      await worksAgain([owner, other], room);
      await eventually(
        async () => (await other.ask('room-create-request', { room: name })).ok,
        'a name that was refused is free',
      );
      assertRefused(await owner.ask('room-info-request', { room: name }), 'not-in-room');
      await assertRoom(name, { owners: [other], peers: [other] });
      await assertRoom(open, { owners: [other], peers: [other] });
      await assertRoom(room, { owners: [owner], peers: [owner, other] });
      assert.equal((await owner.ask('room-info-request', { room })).locked, false);
      assertRefused(await candidate.ask('room-info-request', { room: open }), 'not-in-room');
      await candidate.expectNone('room-join-accept');
      for (const member of [owner, other]) {
        await member.expectNone('room-kick', 'room-update', 'room-user-leave');
      }
    });
  });
}

describe('while one node alone cannot reach Redis', () => {
  it('past its lease, the others go on without it, and its clients come back as new', async (t) => {
    const cluster = await clusterFor(t, { wired: true, size: 3, lease: shortLease });
    const [first, second, third] = cluster.nodes;
    const [owner, near] = await second.peers(2, reconnecting);
    const [heir, last] = [await first.peer(), await third.peer()];
    const room = await meeting(owner, near, heir, last);
    const old = [owner.id, near.id];
    const back = lookOutFor(owner, near);
    cluster.wires[1].cut();
    for (const member of [heir, last]) {
      const left = [await member.next('room-user-leave'), await member.next('room-user-leave')];
      assert.deepEqual(left.map(({ peer_id }) => peer_id).sort(), [...old].sort());
      let owned = await member.next('room-owner-change');
      if (owned.peer_id === old[1]) owned = await member.next('room-owner-change');
      assert.equal(owned.peer_id, heir.id);
    }
    await assertRoom(room, { owners: [heir], peers: [heir, last] });
    await relay(heir, last, room);
    await relay(owner, near, room);

    cluster.wires[1].mend();
    await back();
    for (const peer of [owner, near]) {
      assert.ok(!peer.socket.recovered && !old.includes(peer.id), 'a new peer');
      await peer.authenticate();
      const isRefused = async () =>
        (await peer.ask('room-info-request', { room })).error?.code === 'not-in-room';
      await eventually(isRefused, 'the node is served again');
    }
    await assertRoom(room, { owners: [heir], peers: [heir, last] });
    await admit(heir, owner, room, [heir, last]);
    await relay(owner, last, room);
    for (const member of [heir, last]) {
      await member.expectNone('room-owner-change', 'room-user-leave');
    }
  });
});
