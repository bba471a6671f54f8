// docs/configuration.md, "Timeouts": a message that comes in pieces must be complete in time.
import { it } from 'node:test';
import { frame, opcodes } from '../support/websocket_frames.mjs';
import { underAttack } from './attack.mjs';
import { openRoom, textFrame } from './client.mjs';
import { Tally } from './tally.mjs';

const env = { MESSAGE_TIMEOUT: 500, CONNECT_TIMEOUT: 60_000 };
const kInterval = 100; // milliseconds between two pieces
const kAtOnce = 150; // attackers of each kind
const kTooSlow = '1008 message not complete in time';
const kTooLarge = '1009 message too large';

/** Sends the beginning, then piece after piece, until the server has had enough. */
async function trickle(attack, tally, client, beginning, piece) {
  client.socket.write(beginning);
  const timer = setInterval(() => client.socket.write(piece), kInterval);
  await tally.end(client).finally(() => clearInterval(timer));
  attack.remove(client);
}

const firstFragment = frame({
  opcode: opcodes.text,
  fin: false,
  payload: '42["'.padEnd(4_000, 'x'),
});
const nextFragment = Buffer.concat([
  frame({ opcode: opcodes.continuation, fin: false, payload: 'x' }),
  frame({ opcode: opcodes.ping }),
]);
// A mask of zeros: what follows is text as it stands.
const text = { opcode: opcodes.text, mask: Buffer.alloc(4) };
const longFrame = frame({ ...text, payload: 'x'.repeat(30_000), length: 900_000 });
const frameBeforeConnect = frame({ ...text, payload: '40', length: 8_000 });
const tooLargeBeforeConnect = frame({ ...text, payload: '40', length: 8_193 });
const nextByte = Buffer.from('x');

it('messages that never end', (t) =>
  underAttack(t, { env }, async (attack) => {
    const tally = new Tally();
    const member = (beginning, piece) => async () =>
      trickle(attack, tally, await attack.client(), beginning, piece);
    const stranger = (beginning) => async () =>
      trickle(attack, tally, await attack.stranger(), beginning, nextByte);
    await Promise.all([
      attack.repeat(kAtOnce, member(firstFragment, nextFragment)),
      attack.repeat(kAtOnce, member(longFrame, nextByte)),
      attack.repeat(kAtOnce, stranger(frameBeforeConnect)),
      attack.repeat(1, stranger(tooLargeBeforeConnect)),
    ]);
    tally.assertOnly(kTooSlow, kTooLarge);
  }));

it('events whose last attachment never comes', (t) =>
  underAttack(t, { env }, async (attack) => {
    const tally = new Tally();
    const owner = await attack.client();
    const room = await openRoom(owner);
    const data = Array.from({ length: 10 }, (_, num) => ({ _placeholder: true, num }));
    const event = (auth) =>
      textFrame(`4510-${JSON.stringify(['relay-message', { auth, room, data }])}`);
    const attachment = frame({ opcode: opcodes.binary, payload: Buffer.alloc(6_000) });
    await attack.repeat(2 * kAtOnce, async () => {
      const client = await attack.client();
      client.socket.write(Buffer.concat([event(client.auth), ...Array(9).fill(attachment)]));
      await tally.end(client);
      attack.remove(client);
    });
    tally.assertOnly(kTooSlow);
  }));
