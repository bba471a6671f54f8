// Events over the limits: each costs the server a refusal, and a client that does not listen to
// them is disconnected.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { serve } from '../support/server.mjs';
import { underAttack } from './attack.mjs';
import { eventFrame, signedIn } from './client.mjs';
import { Tally } from './tally.mjs';

const kEvents = 100; // in one write

it('events over the limit without pause', (t) =>
  underAttack(t, {}, async (attack) => {
    const tally = new Tally();
    await attack.repeat(4, async () => {
      const client = await attack.client({ recovery: true });
      const event = eventFrame('room-info-request', { auth: client.auth, room: 'nowhere' });
      const events = Buffer.concat(Array(kEvents).fill(event));
      await attack.flood(client, () => events);
      if (attack.isOver) return;
      await tally.end(client);
      await requireNewPeer(attack, client);
    });
    tally.assertOnly('1008 too many events over the limit');
  }));

/** Connects again as the peer that it was, and requires that it is not. */
async function requireNewPeer(attack, client) {
  const again = await attack.again(client);
  assert.notEqual(again.id, client.id, 'the peer is gone');
  attack.remove(again);
}

it('events below the limit that are refused for other reasons disconnect nobody', async (t) => {
  const server = await serve(t);
  const client = await signedIn(server.port, await server.appToken());
  const relay = eventFrame('relay-ice-candidate', {
    auth: client.auth,
    room: 'nowhere',
    to: client.id,
    ice_candidate: {},
  });
  for (let i = 0; i < 3_000; i += 1) client.socket.write(relay);
  await client.ask('room-create-request', {}, 'room-create-accept');
  client.destroy();
});
