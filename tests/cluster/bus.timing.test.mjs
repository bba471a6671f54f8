// docs/cluster.md, "What is promised": nodes are without Redis for longer than a request waits.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { eventually } from '../support/patience.mjs';
import { assertRefused, meeting, relay } from '../support/rooms.mjs';
import { clusterFor, shortLease } from './nodes.mjs';
import { unlimited } from '../support/settings.mjs';

describe('connections to Redis', () => {
  it('lose nothing that was acknowledged if they stay away for a while', async (t) => {
    const cluster = await clusterFor(t, { wired: true, lease: 4 * shortLease, env: unlimited });
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
      assert.ok(
        (await sayMany()).some((isOk) => !isOk),
        'some relays are refused while a connection is cut',
      );
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
