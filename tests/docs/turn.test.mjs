// docs/turn.md: its two configurations, as printed, are a pair.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { useCoturn } from '../support/coturn.mjs';
import { useServer } from '../support/server.mjs';

const page = readFileSync(new URL('../../docs/turn.md', import.meta.url), 'utf8');
const [, configuration] = /```ini\n(.*?)```/s.exec(page);
const [, settings] = /```sh\n(TURN_URLS.*?)```/s.exec(page);
const env = Object.fromEntries(
  [...settings.matchAll(/^(\w+)='?(.*?)'?$/gm)].map(([, name, value]) => [name, value]),
);

describe('docs/turn.md', () => {
  const coturn = useCoturn({ configuration });
  const server = useServer({ env });

  it('has a coturn that takes the credentials of its Heliograph', async () => {
    const peer = await server.connect();
    const { ice_servers: servers } = await peer.authenticate();
    assert.deepEqual(servers[0], { urls: 'stun:turn.example.org' });
    assert.deepEqual(servers[1].urls, env.TURN_URLS.split(','));
    assert.equal(await coturn.allocate(servers[1]), null);
    assert.equal(await coturn.allocate({ ...servers[1], credential: 'x' }), 401);
  });
});
