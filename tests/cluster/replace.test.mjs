import { describe, it } from 'node:test';
import { eventually } from '../support/patience.mjs';
import { assertOk, assertRefused, freshRoom } from '../support/rooms.mjs';
import { describeReplacing } from '../support/replace.mjs';
import { unlimited } from '../support/settings.mjs';
import { useCluster } from './nodes.mjs';

for (const size of [2, 3]) {
  describe(`a client that replaces its old peer, over ${size} nodes`, () => {
    const cluster = useCluster({ size, env: unlimited });
    describeReplacing((count) =>
      Array.from({ length: count }, (_, index) => cluster.nodes[index % size]),
    );
  });
}

describe('a client whose old peer is on a node that does not answer', () => {
  const cluster = useCluster({ size: 2, env: unlimited });

  it('signs in all the same, and gets its room when that node goes on', async () => {
    const [here, there] = cluster.nodes;
    const old = await there.peer();
    const room = freshRoom();
    assertOk(await old.ask('room-create-request', { room }));
    there.program.signal('SIGSTOP');
    try {
      const again = await here.connect();
      await again.authenticate({ replaces: old.sessionToken });
      assertRefused(await again.ask('room-create-request', { room }), 'room-taken');
      there.program.signal('SIGCONT');
      await eventually(
        async () => (await again.ask('room-create-request', { room })).ok,
        'the room is free',
      );
    } finally {
      there.program.signal('SIGCONT');
    }
  });
});
