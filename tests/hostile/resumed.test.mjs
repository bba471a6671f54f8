// A client that has come back on another worker than its peer's: its messages are carried there.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { underAttack } from './attack.mjs';
import { openRoom, textFrame } from './client.mjs';

/** A client whose connection is on one worker and whose peer is on the other. */
async function splitClient(attack) {
  for (;;) {
    const client = await attack.client({ recovery: true });
    attack.remove(client);
    const again = await attack.again(client);
    // The kernel chooses the worker.
    if (again.id === client.id && again.worker !== client.worker) {
      return Object.assign(again, { auth: client.auth });
    }
    attack.remove(again);
  }
}

// 60 kB of objects whose keys are escaped: they take long to read.
const objects = Array(4_000).fill('{"\\u0061":{}}').join(',');

async function longEvents(client) {
  const room = await openRoom(client);
  const plain = JSON.stringify(['relay-message', { auth: client.auth, room, data: 0 }]);
  return textFrame(`42${plain.replace('"data":0', `"data":[${objects}]`)}`);
}

/** So short that what the server notes of each is longer; and each is answered. */
const shortEvents = () => Buffer.concat(Array(5_000).fill(textFrame('421["x"]')));

for (const [what, events] of Object.entries({ long: longEvents, short: shortEvents })) {
  it(`${what} events over a connection to another worker than the peer's`, (t) =>
    underAttack(t, {}, (attack) =>
      attack.repeat(2, async () => {
        const client = await splitClient(attack);
        const bytes = await events(client);
        await attack.flood(client, () => bytes);
        const { reason } = client.closed ?? {};
        assert.ok(
          [undefined, 'too many events over the limit'].includes(reason),
          `closed: ${reason}`,
        );
        attack.remove(client);
      }),
    ));
}
