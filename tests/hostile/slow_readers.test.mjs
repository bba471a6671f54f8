// Members that read far more slowly than they are sent to, in numbers.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { underAttack } from './attack.mjs';
import { enterRoom, eventFrame, openRoom } from './client.mjs';
import { slowDown } from './slow.mjs';

const kRooms = 20;
const kMembers = 25; // of each room, beside the one that talks
const kInterval = 100; // milliseconds between two messages
const kBytesAMessage = 8_000; // ten times a second to all: just below ROOM_BYTES_PER_SECOND
const kAtFirst = 15; // messages at once

async function fillRoom(attack) {
  const talker = await attack.client();
  const room = await openRoom(talker);
  const members = await Promise.all(Array.from({ length: kMembers }, () => attack.client()));
  await Promise.all(members.map((member) => enterRoom(member, room)));
  return { talker, members, room };
}

async function talk(attack, { talker, room }) {
  const fields = { auth: talker.auth, room, data: 'x'.repeat(kBytesAMessage) };
  const message = eventFrame('relay-message', fields);
  for (let i = 0; i < kAtFirst; i += 1) talker.socket.write(message);
  await attack.pulse(talker, kInterval, () => talker.socket.write(message));
  assert.equal(talker.closed, null, 'the talker keeps to the limits');
}

it('500 members that read 10 kB/s, in rooms with a fast talker each', (t) =>
  underAttack(t, {}, async (attack) => {
    const rooms = [];
    while (rooms.length < kRooms) rooms.push(await fillRoom(attack));
    const timers = rooms.flatMap(({ members }) => members.map(slowDown));
    attack.begin();
    await Promise.all(rooms.map((room) => talk(attack, room)));
    timers.forEach(clearInterval);
  }));
