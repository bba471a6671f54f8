import { describe } from 'node:test';
import { describeRetries } from '../support/retries.mjs';
import { unlimited } from '../support/settings.mjs';
import { useCluster } from './nodes.mjs';

describe('a client that retries over a stalled network, with 3 nodes', () => {
  const cluster = useCluster({ size: 3, env: unlimited });
  describeRetries((count) => cluster.nodes.slice(0, count));
});
