import { describe } from 'node:test';
import { useServer } from '../support/server.mjs';
import { unlimited } from '../support/settings.mjs';
import { describeReplacing } from '../support/replace.mjs';

for (const WORKERS of [1, 3]) {
  describe(`a client that replaces its old peer, on ${WORKERS} workers`, () => {
    const server = useServer({ env: { ...unlimited, WORKERS } });
    describeReplacing((count) => Array(count).fill(server));
  });
}
