// Strangers at the door of a room whose owner reads slowly.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { freshRoom } from '../support/rooms.mjs';
import { underAttack } from './attack.mjs';
import { eventFrame } from './client.mjs';
import { slowDown } from './slow.mjs';

const kCandidates = 60;
const kInterval = 10; // milliseconds between two requests of a candidate
const kVanishing = 20; // at once

async function closedRoom(owner) {
  const asked = owner.ask('room-create-request', { room: freshRoom() }, 'room-create-accept');
  return (await asked).room;
}

it('60 candidates that ask again and again with all the payload that they may have', (t) =>
  underAttack(t, {}, async (attack) => {
    const owner = await attack.client();
    const room = await closedRoom(owner);
    const candidates = await Promise.all(
      Array.from({ length: kCandidates }, () => attack.client()),
    );
    const timer = slowDown(owner);
    attack.begin();
    await Promise.all(
      candidates.map((candidate) => {
        const fields = { auth: candidate.auth, room, payload: 'x'.repeat(4_000) };
        const request = eventFrame('room-join-request', fields);
        return attack.pulse(candidate, kInterval, () => candidate.socket.write(request));
      }),
    );
    clearInterval(timer);
    assert.equal(owner.closed, null, 'the owner is not disconnected');
    assert.equal(owner.socket.destroyed, false, 'the owner is not disconnected');
  }));

it('peers that knock and vanish', (t) =>
  underAttack(t, {}, async (attack) => {
    const owner = await attack.client();
    const room = await closedRoom(owner);
    const heard = { 'room-join-request': 0, 'room-join-cancel': 0 };
    owner.onText = (text) => {
      for (const name of Object.keys(heard)) heard[name] += text.indexOf(name) >= 0 ? 1 : 0;
    };
    attack.begin();
    await attack.repeat(kVanishing, async () => {
      const candidate = await attack.client();
      const answered = candidate.expect('431[');
      candidate.send(`421${JSON.stringify(['room-join-request', { auth: candidate.auth, room }])}`);
      await answered;
      attack.remove(candidate);
    });
    t.diagnostic(`measured: ${JSON.stringify(heard)}`);
    assert.ok(heard['room-join-request'] > 0);
    assert.ok(heard['room-join-request'] <= 64 + 10 * 15, JSON.stringify(heard));
    assert.ok(heard['room-join-cancel'] <= heard['room-join-request'], JSON.stringify(heard));
  }));
