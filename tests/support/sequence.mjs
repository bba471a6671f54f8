import assert from 'node:assert/strict';

/** Asserts that the member's next messages from each of these senders are 0, 1, … up to count. */
export async function receiveInOrder(member, senders, count) {
  const expected = new Map(senders.map(({ id }) => [id, 0]));
  for (let n = 0; n < senders.length * count; n += 1) {
    const { peer_id, data } = await member.next('message');
    assert.equal(data, expected.get(peer_id), `the next from ${peer_id}`);
    expected.set(peer_id, data + 1);
  }
  await member.expectNone('message');
}
