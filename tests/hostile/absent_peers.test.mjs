// docs/configuration.md, "Limits": what is held for peers that may come back is counted, and the
// biggest are given up first.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { underAttack } from './attack.mjs';
import { eventFrame } from './client.mjs';

const env = {
  MAX_BUFFERED_BYTES: 20_000_000,
  RECOVERY_TOTAL_BYTES: 10_000_000,
  RECOVERY_WINDOW: 10_000,
};
const kRooms = 128;
const kBig = 8; // peers that fill rooms at the same time
const kAbsence = 200; // milliseconds for which the small one is absent, again and again

const longName = () => randomUUID().padEnd(255, 'x');

/** Is in as many rooms as it may be, with the longest names, and drops its connection. */
async function fillAndDrop(attack) {
  const client = await attack.client({ recovery: true });
  const names = Array.from({ length: kRooms }, longName);
  const last = client.expect(`42["room-create-accept",{"room":"${names.at(-1)}"`);
  const requests = names.map((room) =>
    eventFrame('room-create-request', { auth: client.auth, room }),
  );
  client.socket.write(Buffer.concat(requests));
  await last;
  attack.remove(client);
}

it('peers in many rooms that drop their connections', (t) =>
  underAttack(t, { env }, async (attack) => {
    let small = await attack.client({ recovery: true });
    const { id, pid, offset } = small;
    const comeBack = async () => {
      attack.remove(small);
      await attack.rest(kAbsence);
      small = await attack.again({ pid, offset });
      assert.equal(small.id, id, 'the small peer is kept');
    };
    await Promise.all([attack.repeat(kBig, () => fillAndDrop(attack)), attack.repeat(1, comeBack)]);
  }));
