// docs/protocol.md, "Limits": session descriptions may be larger than other events.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { assertOk, assertRefused, meeting } from '../support/rooms.mjs';
import { serve, useServer } from '../support/server.mjs';

const describing = (to, room, size) => ({
  room,
  to: to.id,
  session_description: { type: 'offer', sdp: 'a'.repeat(size) },
});

describe('a session description of more than 64 KiB', () => {
  const server = useServer();

  for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
    it(`arrives (${transports.join(', ')})`, async () => {
      const [from, to] = await server.peers(2, { transports });
      const room = await meeting(from, to);
      for (const size of [70_000, 250_000]) {
        const fields = describing(to, room, size);
        assertOk(await from.ask('relay-session-description', fields));
        const { session_description } = await to.next('session-description');
        assert.deepEqual(session_description, fields.session_description);
      }
    });
  }

  it('is refused beyond 256 KiB, and so is any other event beyond 64 KiB', async () => {
    const [from, to] = await server.peers(2);
    const room = await meeting(from, to);
    const large = describing(to, room, 262_144);
    assertRefused(await from.ask('relay-session-description', large), 'event-too-large');
    from.emit('relay-session-description', large);
    const { event, code } = await from.next('request-error');
    assert.deepEqual([event, code], ['relay-session-description', 'event-too-large']);
    const others = { room, to: to.id, data: 'x'.repeat(70_000) };
    assertRefused(await from.ask('relay-message', others), 'event-too-large');
    await to.expectNone('session-description', 'message');
  });

  it('reaches a peer that returns', async (t) => {
    const own = await serve(t);
    const [from, to] = await Promise.all([
      own.peer(),
      own.peer({ recovery: true, reconnection: true }),
    ]);
    const room = await meeting(from, to);
    const back = new Promise((resolve) => to.socket.once('connect', resolve));
    to.vanish();
    assertOk(await from.ask('relay-session-description', describing(to, room, 250_000)));
    await back;
    const { session_description } = await to.next('session-description');
    assert.equal(session_description.sdp.length, 250_000);
  });
});
