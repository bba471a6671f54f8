// docs/turn.md: `GET /ice-servers` of a peer that is on another node.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { eventually } from '../support/patience.mjs';
import { alone, clusterFor } from './nodes.mjs';

describe('GET /ice-servers at another node than the peer’s', { skip: alone }, () => {
  it('works as long as that node lives', async (t) => {
    const cluster = await clusterFor(t);
    const [first, second] = cluster.nodes;
    const peer = await second.peer();
    const headers = { Authorization: `Bearer ${peer.sessionToken}` };
    const status = async (node) => (await node.request({ path: '/ice-servers', headers })).status;
    assert.equal(await status(second), 200);
    await eventually(async () => (await status(first)) === 200, 'the first node knows the second');
    await cluster.terminate(second);
    await eventually(
      async () => (await status(first)) === 401,
      'the first node knows that it has ended',
    );
  });
});
