// docs/configuration.md, "Limits": what all clients make the server hold has one limit. Beyond it
// the biggest client of the biggest app goes.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { frame, opcodes } from '../support/websocket_frames.mjs';
import { underAttack } from './attack.mjs';
import { enterRoom, eventFrame, openRoom } from './client.mjs';
import { Tally } from './tally.mjs';

const env = { MAX_BUFFERED_BYTES: 32_000_000, PING_TIMEOUT: 600_000 };
const kOverMemory = '1008 over-memory';
const kUploads = 100;
const kInterval = 100; // milliseconds between two messages or bytes
const kRooms = 4;
const kMembers = 10; // of each kind and room
const kBytesAMessage = 10_000;

const longFrame = frame({
  opcode: opcodes.text,
  mask: Buffer.alloc(4), // what follows is text as it stands
  payload: Buffer.alloc(900_000),
  length: 1_000_000,
});

/** A message of a megabyte that is all but complete. */
async function upload(attack, tally) {
  const client = await attack.client();
  client.socket.write(longFrame);
  await attack.pulse(client, kInterval, () => client.socket.write('x'));
  if (!attack.isOver || client.closed) await tally.end(client);
  attack.remove(client);
}

/** Members that do not read, or do not confirm what they read, and one that talks to them. */
async function fillRoom(attack) {
  const talker = await attack.client();
  const room = await openRoom(talker);
  const clients = (options) =>
    Promise.all(Array.from({ length: kMembers }, () => attack.client(options)));
  const members = [...(await clients()), ...(await clients({ recovery: true }))];
  await Promise.all(members.map((member) => enterRoom(member, room)));
  members.slice(0, kMembers).forEach(({ socket }) => socket.pause());
  members.slice(kMembers).forEach((member) => (member.answersPings = false));
  return { talker, room, members };
}

async function talk(attack, { talker, room }) {
  const fields = { auth: talker.auth, room, data: 'x'.repeat(kBytesAMessage) };
  const message = eventFrame('relay-message', fields);
  await attack.pulse(talker, kInterval, () => talker.socket.write(message));
}

it('clients that make the server hold as much as they can', (t) =>
  underAttack(t, { env, growth: 96, app: 'attackers' }, async (attack) => {
    const tally = new Tally();
    const rooms = [];
    while (rooms.length < kRooms) rooms.push(await fillRoom(attack));
    attack.begin();
    await Promise.all([
      attack.repeat(kUploads, () => upload(attack, tally)),
      ...rooms.map((room) => talk(attack, room)),
    ]);
    const members = rooms.flatMap((room) => room.members);
    for (const { closed } of members) {
      if (closed) tally.add(`${closed.code} ${closed.reason}`);
    }
    t.diagnostic(`measured: ${t.name}: ${tally}`);
    tally.assertOnly(kOverMemory);
    const returning = members.find(({ pid, closed }) => pid && closed);
    if (!returning) return;
    assert.notEqual((await attack.again(returning)).id, returning.id, 'its peer is gone');
  }));
