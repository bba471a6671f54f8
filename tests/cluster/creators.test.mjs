// docs/cluster.md, "What is promised": of peers that create one name at once, on any nodes, exactly
// one is accepted.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { assertOk, assertRefused, freshRoom } from '../support/rooms.mjs';
import { assertRoom, useCluster } from './nodes.mjs';
import { unlimited } from '../support/settings.mjs';

const creators = 100;
const rounds = 200;
const group = 10;

describe('many clients that create one room at once over three nodes', () => {
  const cluster = useCluster({ size: 3, env: unlimited });

  /** Some at a time: a hundred connections at once are more than a busy machine opens in time. */
  async function arrive() {
    const peers = [];
    while (peers.length < creators) peers.push(...(await cluster.peers(group)));
    return peers;
  }

  /** All ask for the name at once; who is accepted, after all have been told by events, too. */
  async function race(peers, room) {
    const answers = await Promise.all(
      peers.map((peer) => peer.ask('room-create-request', { room })),
    );
    const [winner, ...others] = peers.filter((_, i) => answers[i].ok);
    assert.ok(winner, 'somebody is accepted');
    assert.deepEqual(
      others.map(({ id }) => id),
      [],
      'nobody else is',
    );
    assert.deepEqual(await winner.next('room-create-accept'), { room });
    for (const answer of answers) if (!answer.ok) assertRefused(answer, 'room-taken');
    const losers = peers.filter((peer) => peer !== winner);
    await Promise.all(losers.map((peer) => peer.next('room-create-reject')));
    for (const loser of losers) assert.deepEqual(loser.unread('room-create-accept'), []);
    return winner;
  }

  it(`of ${creators} exactly one is accepted, ${rounds} times over`, async () => {
    const peers = await arrive();
    for (let round = 0; round < rounds; round += 1) {
      const room = freshRoom();
      const winner = await race(peers, room);
      assertOk(await winner.ask('room-leave-request', { room }));
    }
    for (const peer of peers) await peer.expectNone('room-create-accept', 'room-create-reject');
  });

  it('the same if the name was in use a moment ago', async () => {
    const peers = await arrive();
    const room = freshRoom();
    for (let round = 0; round < rounds / 10; round += 1) {
      const winner = await race(peers, room);
      await assertRoom(room, { owners: [winner], peers: [winner] });
      assertOk(await winner.ask('room-leave-request', { room }));
    }
  });
});
