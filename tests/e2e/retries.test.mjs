import { describe } from 'node:test';
import { useServer } from '../support/server.mjs';
import { unlimited } from '../support/settings.mjs';
import { describeRetries } from '../support/retries.mjs';

describe('a client that retries over a stalled network', () => {
  const server = useServer({ env: unlimited });
  describeRetries((count) => Array(count).fill(server));
});
