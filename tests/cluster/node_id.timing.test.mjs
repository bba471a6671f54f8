// docs/cluster.md, "What happens when": two nodes have one NODE_ID.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { eventually } from '../support/patience.mjs';
import { meeting, relay } from '../support/rooms.mjs';
import { clusterFor, refusal, shortLease, timesOf } from './nodes.mjs';

describe('the id of a node', () => {
  it('is refused to a second, and the first goes on', async (t) => {
    const cluster = await clusterFor(t, { size: 1 });
    const first = await cluster.add({ NODE_ID: 7 });
    const [owner, guest] = [await first.peer(), await cluster.nodes[0].peer()];
    const room = await meeting(owner, guest);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const times = timesOf(shortLease); // It gives up when a dead node's lease would be over.
      const line = await refusal({ REDIS_URL: cluster.redis.url, NODE_ID: 7, ...times });
      assert.match(line, /NODE_ID|node-id|node id/i);
      assert.match(line, /\b7\b/);
      await relay(owner, guest, room);
      await relay(guest, owner, room);
    }
    await owner.expectNone('room-user-leave');
    await guest.expectNone('room-user-leave');
  });

  it('of one that was killed is free again when its lease is over', async (t) => {
    const cluster = await clusterFor(t, { size: 1, lease: shortLease });
    await cluster.kill(await cluster.add({ NODE_ID: 7 }));
    const again = await eventually(
      () => cluster.add({ NODE_ID: 7 }).catch(() => null),
      'the id is free',
    );
    const [owner, guest] = [await cluster.nodes[0].peer(), await again.peer()];
    const room = await meeting(owner, guest);
    await relay(owner, guest, room);
    await relay(guest, owner, room);
  });
});
