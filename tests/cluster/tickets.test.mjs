// docs/protocol.md, "Tickets": a client that shows one is let in on every node.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { askToJoin, assertOk, assertRefused, createRoom, freshRoom } from '../support/rooms.mjs';
import { unlimited } from '../support/settings.mjs';
import { describeShortLinger, describeTickets } from '../support/tickets.mjs';
import { clusterFor, shortLease, useCluster } from './nodes.mjs';

for (const size of [2, 3]) {
  describe(`tickets over ${size} nodes`, () => {
    const cluster = useCluster({ size, env: unlimited });
    describeTickets((count) =>
      Array.from({ length: count }, (_, index) => cluster.nodes[index % cluster.nodes.length]),
    );
  });
}

describe('short times over 3 nodes', () => {
  const cluster = useCluster({
    size: 3,
    env: { ...unlimited, ROOM_LINGER: 50, TICKET_LIFETIME: 1 },
  });
  describeShortLinger(() => cluster.nodes);
});

describe('a node that is told to end', () => {
  it('leaves the rooms that wait to the others', async (t) => {
    const cluster = await clusterFor(t, { size: 2 });
    const [first, second] = cluster.nodes;
    const owner = await second.peer({ recovery: true });
    const room = freshRoom();
    assertOk(await owner.ask('room-create-request', { room }));
    const { ticket } = await owner.next('room-create-accept');
    await cluster.terminate(second);
    const again = await first.peer({ recovery: true });
    assertRefused(await again.ask('room-create-request', { room }), 'room-taken');
    await again.next('room-create-reject');
    const answer = await again.ask('room-join-request', { room, ticket });
    assertOk(answer);
    assert.equal((await again.next('room-join-accept')).owner, true);
  });

  it('and these see to their end', async (t) => {
    const cluster = await clusterFor(t, { size: 2, env: { ROOM_LINGER: 1 }, lease: shortLease });
    const [first, second] = cluster.nodes;
    const owner = await second.peer({ recovery: true });
    const [candidate, room] = [await first.peer(), freshRoom()];
    assertOk(await owner.ask('room-create-request', { room }));
    await askToJoin(candidate, owner, room);
    await cluster.terminate(second);
    assert.equal((await candidate.next('room-join-reject')).code, 'room-not-found');
    await createRoom(await first.peer(), room);
  });
});
