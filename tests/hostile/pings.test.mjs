// Packets and frames that ask for nothing count as messages do.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { PollingSession, separator } from '../support/engineio.mjs';
import { frame, opcodes } from '../support/websocket_frames.mjs';
import { underAttack } from './attack.mjs';
import { textFrame } from './client.mjs';
import { Tally } from './tally.mjs';

const kPings = 200; // in one write
const kTooMany = 'too many pings';

const kinds = [
  frame({ opcode: opcodes.ping, payload: Buffer.alloc(125) }),
  frame({ opcode: opcodes.pong, payload: Buffer.alloc(125) }),
  textFrame('3'),
  textFrame('6'),
].map((ping) => Buffer.concat(Array(kPings).fill(ping)));

const bodies = ['3', '6'].map((packet) => Array(1_000).fill(packet).join(separator));

/** Posts pings until the session is closed. */
async function poll(attack, body) {
  const session = await PollingSession.open(attack.server.port);
  await session.send(`40${JSON.stringify({ token: attack.token })}`);
  let answer = await session.post(body);
  while (answer.status === 200 && !attack.isOver) answer = await session.post(body);
  if (answer.status === 200) return;
  assert.deepEqual([answer.status, JSON.parse(answer.body).reason], [400, kTooMany]);
}

it('pings, pongs and noops without pause', (t) =>
  underAttack(t, {}, async (attack) => {
    const tally = new Tally();
    const overWebSocket = kinds.map((pings) =>
      attack.repeat(2, async () => {
        const client = await attack.client();
        await attack.flood(client, () => pings);
        if (!attack.isOver) await tally.end(client);
        attack.remove(client);
      }),
    );
    await Promise.all([
      ...overWebSocket,
      ...bodies.map((body) => attack.repeat(1, () => poll(attack, body))),
    ]);
    tally.assertOnly(`1008 ${kTooMany}`);
  }));
