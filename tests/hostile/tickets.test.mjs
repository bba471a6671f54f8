// docs/protocol.md, "Tickets": nobody comes in with one that was made up, however often it is
// tried.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createRoom } from '../support/rooms.mjs';
import { unlimited } from '../support/settings.mjs';
import { underAttack } from './attack.mjs';
import { eventFrame } from './client.mjs';

const kAtOnce = 100; // in one write

it('tickets that are made up', (t) =>
  underAttack(t, { env: unlimited }, async (attack) => {
    const owner = await attack.server.peer({ recovery: true });
    const room = await createRoom(owner);
    let tried = 0;
    await attack.repeat(4, async () => {
      const client = await attack.client({ recovery: true });
      await attack.flood(client, () => {
        tried += kAtOnce;
        const tickets = Array.from({ length: kAtOnce }, () =>
          randomBytes(16).toString('base64url'),
        );
        const knock = (ticket) =>
          eventFrame('room-join-request', { auth: client.auth, room, ticket });
        return Buffer.concat(tickets.map(knock));
      });
    });
    t.diagnostic(`tried: ${tried}`);
    const { peers } = await owner.ask('room-info-request', { room });
    assert.deepEqual(peers, [owner.id]);
  }));
