// Out of file descriptors, the server closes the oldest connection without a CONNECT.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { eventually } from '../support/patience.mjs';
import { HttpConnection } from '../support/http.mjs';
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
    const refusals = [];
    await attack.repeat(4, () => attack.client().catch(({ message }) => refusals.push(message)));
    // One that is refused while the one before it still reads may not hear why.
    const told = refusals.filter((message) => message.includes('"status":503'));
    assert.ok(told.length > 0, `a refusal with 503, not only ${refusals[0]}`);
    const waiting = refusals.filter((message) => message.includes('nothing within'));
    assert.deepEqual(waiting, [], 'newcomers that were neither let in nor refused');
    const lines = attack.server.logs().match(/cannot accept/g) ?? [];
    assert.ok(lines.length > 0 && lines.length < 20, `the log tells of it ${lines.length} times`);
  }));
