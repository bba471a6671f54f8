// docs/cluster.md, "What happens when": a node is told to end, or sleeps for less than its lease.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { askToJoin, createRoom, meeting, relay } from '../support/rooms.mjs';
import { receiveInOrder } from '../support/sequence.mjs';
import { assertRoom, clusterFor, haveHeardOfLeaving } from './nodes.mjs';

describe('a node that is told to end', () => {
  it('takes its peers out at once, and does not wait for its lease to run out', async (t) => {
    const cluster = await clusterFor(t, { size: 3 });
    const [first, second, third] = cluster.nodes;
    const strangers = await cluster.strangers();
    const [owner, alone, candidate] = await second.peers(3);
    const [heir, last] = [await first.peer(), await third.peer()];
    const room = await meeting(owner, heir, last);
    const empty = await createRoom(alone);
    const asked = await createRoom(heir);
    await askToJoin(candidate, heir, asked);
    const ids = { owner: owner.id, candidate: candidate.id };
    await cluster.terminate(second);
    await haveHeardOfLeaving([heir, last], room, [ids.owner]);
    for (const member of [heir, last]) {
      assert.equal((await member.next('room-owner-change')).peer_id, heir.id);
    }
    const cancelled = { room: asked, peer_id: ids.candidate };
    assert.deepEqual(await heir.next('room-join-cancel'), cancelled);
    await assertRoom(room, { owners: [heir], peers: [heir, last] });
    await createRoom(last, empty);
    await strangers.heardNothing();
  });

  it('gives its id back', async (t) => {
    const cluster = await clusterFor(t, { size: 1 });
    await cluster.terminate(await cluster.add({ NODE_ID: 7 }));
    const again = await cluster.add({ NODE_ID: 7 });
    const [owner, guest] = [await cluster.nodes[0].peer(), await again.peer()];
    await relay(owner, guest, await meeting(owner, guest));
  });
});

describe('a node that sleeps', () => {
  it('for less than its lease has missed nothing', async (t) => {
    const cluster = await clusterFor(t, {});
    const [first, second] = cluster.nodes;
    const [owner, guest] = [await first.peer(), await second.peer()];
    const room = await meeting(owner, guest);
    second.program.signal('SIGSTOP');
    for (let n = 0; n < 50; n += 1) {
      owner.emit('relay-message', { room, to: guest.id, data: n });
      guest.emit('relay-message', { room, to: owner.id, data: n });
    }
    await owner.settle();
    second.program.signal('SIGCONT');
    await receiveInOrder(guest, [owner], 50);
    await receiveInOrder(owner, [guest], 50);
    await owner.expectNone('room-user-leave');
    await assertRoom(room, { owners: [owner], peers: [owner, guest] });
  });
});
