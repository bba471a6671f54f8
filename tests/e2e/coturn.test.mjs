// docs/turn.md: coturn's `use-auth-secret` accepts the credentials that the server issues.
import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { useCoturn } from '../support/coturn.mjs';
import { eventually } from '../support/patience.mjs';
import { Server } from '../support/server.mjs';
import { TurnClient } from '../support/turn.mjs';

// Long enough to ask for a relay in good time, on a busy machine, too.
const shortLife = 4;

/** In a `describe`: a server that knows the coturn, and whose peers are told of it. */
function useServerWith(coturn, secrets, ttl = 600) {
  const fixture = {};
  before(async () => {
    const env = { TURN_URLS: coturn.url, TURN_SECRET: secrets, TURN_TTL: ttl };
    fixture.server = await new Server({ env }).start();
  });
  after(() => fixture.server?.stop());
  fixture.credential = async () => {
    const peer = await fixture.server.connect();
    const { ice_servers: servers } = await peer.authenticate();
    const [{ urls, ...credential }] = servers;
    assert.deepEqual(urls, [coturn.url]);
    return credential;
  };
  return fixture;
}

describe('coturn with the secret', () => {
  const coturn = useCoturn({ secrets: ['a secret of coturn'] });
  const fixture = useServerWith(coturn, 'a secret of coturn');

  it('takes a fresh credential', async () => {
    assert.equal(await coturn.allocate(await fixture.credential()), null);
  });

  it('takes one of GET /ice-servers', async () => {
    const peer = await fixture.server.peer();
    const { body } = await fixture.server.request({
      path: '/ice-servers',
      headers: { Authorization: `Bearer ${peer.sessionToken}` },
    });
    const [{ username, credential }] = JSON.parse(body).response.ice_servers;
    assert.equal(await coturn.allocate({ username, credential }), null);
  });

  it('refuses another user’s name, and a later end', async () => {
    const { username, credential } = await fixture.credential();
    const [expiry, user] = username.split(':');
    const somebody = { username: `${expiry}:somebody`, credential };
    assert.equal(await coturn.allocate(somebody), 401);
    const later = { username: `${Number(expiry) + 60}:${user}`, credential };
    assert.equal(await coturn.allocate(later), 401);
  });
});

describe('coturn, when a credential expires', () => {
  const coturn = useCoturn({ secrets: ['a secret of coturn'] });
  const fixture = useServerWith(coturn, 'a secret of coturn', shortLife);

  it('makes no new relay for it, keeps the one that stands, and takes a fresh credential', async () => {
    const credential = await fixture.credential();
    const relay = new TurnClient(coturn.port, credential);
    assert.equal(await relay.allocate(), null);
    const end = Number.parseInt(credential.username, 10);
    // With time for coturn, which looks at the clock once a second, to have noticed.
    await eventually(() => Date.now() / 1000 > end + 3, 'its time is over');
    assert.equal(await coturn.allocate(credential), 401);
    assert.equal(await relay.refresh(), null);
    await relay.close();
    assert.equal(await coturn.allocate(await fixture.credential()), null);
  });
});

describe('a rotation of the secret', () => {
  const both = useCoturn({ secrets: ['the new secret', 'the old secret'] });
  const old = useCoturn({ secrets: ['the old secret'] });
  const signsWithOld = useServerWith(both, 'the old secret');
  const signsWithNew = useServerWith(both, 'the new secret,the old secret');
  const tooEarly = useServerWith(old, 'the new secret,the old secret');

  it('finds a coturn that is given both taking either', async () => {
    assert.equal(await both.allocate(await signsWithOld.credential()), null);
    assert.equal(await both.allocate(await signsWithNew.credential()), null);
  });

  it('signs with the first, so coturn has to have it before', async () => {
    assert.equal(await old.allocate(await tooEarly.credential()), 401);
  });
});
