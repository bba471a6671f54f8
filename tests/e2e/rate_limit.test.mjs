// docs/configuration.md, "Limits": events a second per connection, with a burst.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { assertOk, assertRefused, freshRoom, meeting, relay } from '../support/rooms.mjs';
import { eventually } from '../support/patience.mjs';
import { useServer } from '../support/server.mjs';

describe('EVENTS_PER_SECOND and EVENTS_BURST', () => {
  const server = useServer({ env: { EVENTS_PER_SECOND: 5, EVENTS_BURST: 10 } });

  it('a burst passes; events at once beyond it are refused; later events pass again', async () => {
    const peer = await server.peer();
    const ask = () => peer.ask('room-create-request', { room: freshRoom() });
    const answers = await Promise.all(Array.from({ length: 100 }, ask));
    const passed = answers.filter(({ ok }) => ok).length;
    assert.ok(passed >= 8, `${passed} passed of a burst of 10 with CONNECT and auth-request`);
    const refused = answers.filter(({ ok }) => !ok);
    assert.ok(refused.length > 0, 'some are refused');
    for (const answer of refused) assertRefused(answer, 'rate-limited');
    assertOk(
      await eventually(async () => {
        const answer = await ask();
        return answer.ok ? answer : null;
      }, 'an event passes again'),
    );
    assert.ok(peer.socket.connected);
  });

  it('a refused event has no effect', async () => {
    const [peer, other] = await server.peers(2);
    const room = await meeting(peer, other);
    const fields = { room, to: other.id };
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, ice_candidate) =>
        peer.ask('relay-ice-candidate', { ...fields, ice_candidate }),
      ),
    );
    const passed = answers.flatMap(({ ok }, i) => (ok ? [i] : []));
    const received = [];
    while (received.length < passed.length)
      received.push((await other.next('ice-candidate')).ice_candidate);
    assert.deepEqual(received, passed);
    await other.expectNone('ice-candidate');
  });

  it('refuses nobody else for it', async () => {
    const [noisy, one, two] = await server.peers(3);
    const room = await meeting(one, two);
    for (let i = 0; i < 100; i += 1) noisy.emit('no-such-event');
    await relay(one, two, room);
    await relay(two, one, room);
  });

  it('counts auth-request, so that tokens cannot be guessed at speed', async () => {
    const peer = await server.connect();
    const guess = (i) => peer.askRaw('auth-request', { token: `guess ${i}` });
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => guess(i)));
    assert.ok(answers.some(({ error }) => error.code === 'rate-limited'));
  });
});

describe('EVENTS_PER_SECOND 0', () => {
  const server = useServer({ env: { EVENTS_PER_SECOND: 0, EVENTS_BURST: 1 } });

  it('means no limit', async () => {
    const peer = await server.peer();
    const ask = () => peer.ask('room-join-request', { room: 'nowhere' });
    const answers = await Promise.all(Array.from({ length: 500 }, ask));
    for (const answer of answers) assertRefused(answer, 'room-not-found');
  });
});
