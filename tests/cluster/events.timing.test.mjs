// docs/protocol.md, "Server to client": a join request over two nodes that nobody answers ends.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { askToJoin, assertRefused, createRoom } from '../support/rooms.mjs';
import { useCluster } from './nodes.mjs';

describe('a join request over two nodes that nobody answers', () => {
  const cluster = useCluster({ size: 2, env: { JOIN_REQUEST_TIMEOUT: 300 } });

  it('is rejected after the timeout, and the owner is told that it is over', async () => {
    const [owner, candidate] = await cluster.peers(2);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    assert.match((await candidate.next('room-join-reject')).message, /in time/);
    const named = { room, peer_id: candidate.id };
    assert.deepEqual(await owner.next('room-join-cancel'), named);
    for (const event of ['room-join-accept', 'room-join-reject']) {
      assertRefused(await owner.ask(event, named), 'no-join-request');
    }
    await candidate.expectNone('room-join-accept', 'room-join-reject');
  });
});
