// docs/cluster.md, "What is promised": connections to Redis break while relays flow between nodes.
import { describe, it } from 'node:test';
import { meeting } from '../support/rooms.mjs';
import { receiveInOrder } from '../support/sequence.mjs';
import { assertRoom, clusterFor } from './nodes.mjs';
import { unlimited } from '../support/settings.mjs';

describe('bus connections that are cut in mid-stream', () => {
  const total = 600;

  it('lose nothing, repeat nothing, and keep the order', async (t) => {
    const cluster = await clusterFor(t, { wired: true, size: 3, env: unlimited });
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
      await receiveInOrder(
        member,
        members.filter((other) => other !== member),
        total,
      );
    }
    await assertRoom(room, { owners: [members[0]], peers: members });
  });
});
