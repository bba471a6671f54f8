// Out of file descriptors, the server closes the oldest connection without a CONNECT.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { eventually } from '../support/patience.mjs';
import { HttpConnection, request } from '../support/http.mjs';
import { underAttack } from './attack.mjs';

const descriptors = 200; // half of them are for the bystanders
const kIdle = 200;
const kInterval = 50; // milliseconds between two idle connections

const openIdle = async (attack) => attack.add(await HttpConnection.open(attack.server.port));

it('idle connections that use up the descriptors', (t) =>
  underAttack(t, { descriptors, env: { HEADER_TIMEOUT: 600_000 } }, async (attack) => {
    for (let i = 0; i < kIdle; i += 1) await openIdle(attack);
    attack.begin();
    let newcomers = 0;
    const arrive = async () => {
      // As every client does, it tries again if its connection is closed.
      const client = await eventually(
        () => attack.client().catch(() => null),
        'a newcomer gets in',
      );
      attack.remove(client);
      newcomers += 1;
    };
    const goOn = async () => {
      await openIdle(attack);
      await attack.rest(kInterval);
    };
    await Promise.all([attack.repeat(1, goOn), attack.repeat(1, arrive)]);
    assert.ok(newcomers > 0, 'newcomers get in');
  }));

it('clients that use up the descriptors', (t) =>
  underAttack(t, { descriptors }, async (attack) => {
    let refused = null;
    while (!refused) {
      await attack.client().catch((error) => (refused = error));
    }
    assert.match(refused.message, /"status":503/);
    await attack.repeat(4, async () => {
      const { status } = await request(attack.server.port, { path: '/healthz' });
      assert.equal(status, 503);
    });
    const told = attack.server.logs().match(/descriptors/g) ?? [];
    assert.ok(told.length > 0 && told.length < 10, `the log tells of it ${told.length} times`);
  }));
