// docs/cluster.md, "What is promised": connections to Redis are cut in mid-stream while relays flow
// between the nodes, and each relay arrives once, in order.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { eventually } from '../support/patience.mjs';
import { assertRefused, meeting, relay } from '../support/rooms.mjs';
import { receiveInOrder } from '../support/sequence.mjs';
import { assertRoom, clusterFor, longLease } from './nodes.mjs';

const unlimited = { EVENTS_PER_SECOND: 0 };

describe('bus connections that are cut in mid-stream', () => {
  const total = 600;

  it('lose nothing, repeat nothing, and keep the order', async (t) => {
    const cluster = await clusterFor(t, {
      wired: true,
      size: 3,
      leaseTime: longLease,
      env: unlimited,
    });
    const members = await cluster.peers(3);
    const room = await meeting(...members);
    for (let n = 0; n < total; n += 1) {
      for (const from of members) {
        for (const to of members) {
          if (to !== from) from.emit('relay-message', { room, to: to.id, data: n });
        }
      }
      if (n % 50 !== 25) continue;
      // All of them, or those of one node, while what was said before is on its way.
      const round = Math.floor(n / 50);
      const wires = round % 2 ? cluster.wires : [cluster.wires[round % 3]];
      await members[round % 3].settle();
      for (const wire of wires) wire.drop();
    }
    for (const member of members) {
      await receiveInOrder(member, members.filter((other) => other !== member), total);
    }
    await assertRoom(room, { owners: [members[0]], peers: members });
  });

  it('lose nothing that was acknowledged where they stay away for a while', async (t) => {
    const cluster = await clusterFor(t, { wired: true, leaseTime: longLease, env: unlimited });
    const [one, two] = await cluster.peers(2);
    const room = await meeting(one, two);
    const acknowledged = new Map([one, two].map((peer) => [peer, []]));
    let number = 0;
    const say = async (from, to) => {
      const data = (number += 1);
      const answer = await from.ask('relay-message', { room, to: to.id, data });
      if (answer.ok) acknowledged.get(from).push(data);
      else assertRefused(answer, 'cluster-unavailable');
      return answer.ok;
    };
    const sayMany = () =>
      Promise.all(Array.from({ length: 50 }, () => [say(one, two), say(two, one)]).flat());
    for (const wires of [[0], [1], [0, 1], [0, 1]]) {
      const early = sayMany();
      for (const i of wires) cluster.wires[i].cut();
      const late = sayMany();
      await Promise.all([early, late]);
      assert.ok((await sayMany()).some((isOk) => !isOk), 'what cannot be done is refused');
      for (const i of wires) cluster.wires[i].mend();
      await eventually(() => say(one, two), 'relays there');
      await eventually(() => say(two, one), 'relays back');
    }
    await relay(one, two, room);
    await relay(two, one, room);
    await one.settle();
    await two.settle();
    for (const [from, to] of [
      [one, two],
      [two, one],
    ]) {
      const arrived = to.unread('message').map(({ data }) => data);
      const inOrder = [...new Set(arrived)].sort((a, b) => a - b);
      assert.deepEqual(arrived, inOrder, 'in order, and none twice');
      const lost = acknowledged.get(from).filter((data) => !arrived.includes(data));
      assert.deepEqual(lost, []);
    }
  });
});
