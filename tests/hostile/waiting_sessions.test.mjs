// docs/configuration.md, "Limits": so many sessions may wait for a CONNECT; the oldest go first.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { PollingSession, pollingPath } from '../support/engineio.mjs';
import { HttpConnection } from '../support/http.mjs';
import { underAttack } from './attack.mjs';
import { Tally } from './tally.mjs';

const env = { MAX_WAITING_SESSIONS: 500, CONNECT_TIMEOUT: 60_000 };
const kConnections = 8;
const kAhead = 20; // handshakes that a connection has under way
const kStrangers = 20;
const kInterval = 200; // milliseconds between two newcomers

/** Opens sessions as fast as it can over one connection. */
async function openSessions(attack) {
  const connection = attack.add(await HttpConnection.open(attack.server.port));
  const ask = () => connection.send({ path: pollingPath('/socket.io/') });
  for (let i = 0; i < kAhead; i += 1) ask();
  while (!attack.isOver) {
    const { status } = await connection.response();
    assert.equal(status, 200);
    ask();
  }
}

it('sessions without a CONNECT', (t) =>
  underAttack(t, { env, growth: 32 }, async (attack) => {
    const tally = new Tally();
    const first = await PollingSession.open(attack.server.port);
    const strangers = await Promise.all(
      Array.from({ length: kStrangers }, () => attack.stranger()),
    );
    attack.begin();
    let newcomers = 0;
    const arrive = async () => {
      attack.remove(await attack.client());
      newcomers += 1;
      await attack.rest(kInterval);
    };
    const flood = Array.from({ length: kConnections }, () => openSessions(attack));
    await Promise.all([...flood, attack.repeat(1, arrive)]);
    assert.ok(newcomers > 0, 'newcomers get in');
    for (const stranger of strangers) await tally.end(stranger);
    tally.assertOnly('1013 too many clients wait for a CONNECT');
    assert.equal((await first.poll()).status, 400, 'the session that came first has ended');
  }));
