// docs/configuration.md, "Limits": a message to a room pays for each of its receivers.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { setting } from '../support/settings.mjs';
import { underAttack } from './attack.mjs';
import { enterRoom, eventFrame, openRoom } from './client.mjs';

const kReceivers = 400;
const kAtOnce = 40;
const kInterval = 12; // milliseconds; below 1 000 refusals in 10 s, beyond which the sender goes

const allOf = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

/** Members of the room, some of them coming at the same time. */
async function fill(attack, room) {
  const members = [];
  while (members.length < kReceivers) {
    const coming = await Promise.all(Array.from({ length: kAtOnce }, () => attack.client()));
    await Promise.all(coming.map((member) => enterRoom(member, room)));
    members.push(...coming);
  }
  return members;
}

it('a room of 400 that one member floods', (t) =>
  underAttack(t, {}, async (attack) => {
    const sender = await attack.client();
    const room = await openRoom(sender);
    const members = await fill(attack, room);
    const refusal = sender.expect(
      '42["request-error",{"event":"relay-message","code":"rate-limited"',
    );

    attack.begin();
    const [began, before] = [performance.now(), allOf(members.map(({ received }) => received))];
    const message = eventFrame('relay-message', {
      auth: sender.auth,
      room,
      data: 'x'.repeat(64_000),
    });
    await attack.pulse(sender, kInterval, () => sender.socket.write(message));
    await refusal;
    assert.equal(sender.closed, null, 'the sender is still there');
    const received = allOf(members.map((member) => member.received)) - before;
    const seconds = (performance.now() - began) / 1000;
    const budget =
      Number(setting('ROOM_BYTES_BURST')) + Number(setting('ROOM_BYTES_PER_SECOND')) * seconds;
    const most = budget + message.length * kReceivers; // the last one may go into debt
    assert.ok(received < 2 * most, `${received} bytes received, of ${most} that are in the budget`);
  }));
