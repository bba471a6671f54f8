// docs/protocol.md, "Acknowledgements": wrong, missing or unknown arguments get an error
// acknowledgement, never a crash or a broadcast.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  assertOk,
  assertRefused,
  createRoom,
  freshRoom,
  meeting,
  relay,
} from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

const events = [
  'room-create-request',
  'room-join-request',
  'room-join-accept',
  'room-join-reject',
  'relay-session-description',
  'relay-ice-candidate',
];
const outcomes = [
  'room-create-accept',
  'room-join-request',
  'room-join-accept',
  'room-join-reject',
  'room-user-join',
  'session-description',
  'ice-candidate',
];
const notNames = { 'a number': 5, true: true, 'an array': ['room'], 'an object': { room: 'room' } };

describe('arguments of the wrong type', () => {
  const server = useServer();

  for (const [what, args] of Object.entries({
    'no argument': [],
    null: [null],
    'a number': [5],
    true: [true],
    'an array': [['auth']],
    'an empty array': [[]],
    'an empty object': [{}],
    'a token of null': [{ token: null }],
    'a token that is a number': [{ token: 5 }],
    'a token that is an array': [{ token: ['x'] }],
    'a token that is an object': [{ token: {} }],
  })) {
    it(`auth-request: ${what}`, async () => {
      const peer = await server.connect();
      const answer = await peer.askRaw('auth-request', ...args);
      assert.equal(answer.ok, false);
      assert.ok(
        ['invalid-arguments', 'unauthorized'].includes(answer.error.code),
        JSON.stringify(answer),
      );
      await peer.authenticate();
    });
  }

  for (const event of events) {
    for (const [what, args] of Object.entries({
      'no argument': [],
      null: [null],
      'a number': [5],
      'a text': ['text'],
      'an array': [[1, 2]],
    })) {
      it(`${event}: ${what}`, async () => {
        const [peer, other] = await server.peers(2);
        const room = await meeting(peer, other);
        const answer = await peer.askRaw(event, ...args);
        assert.equal(answer.ok, false);
        assert.ok(
          ['invalid-arguments', 'unauthorized'].includes(answer.error.code),
          JSON.stringify(answer),
        );
        await other.expectNone(...outcomes);
        await relay(peer, other, room);
      });
    }

    for (const [what, room] of Object.entries(notNames)) {
      it(`${event}: a room that is ${what}`, async () => {
        const [peer, other] = await server.peers(2);
        const shared = await meeting(peer, other);
        const fields = { room, to: other.id, session_description: {}, ice_candidate: {} };
        assertRefused(await peer.ask(event, fields), 'invalid-arguments');
        await other.expectNone(...outcomes);
        await relay(peer, other, shared);
      });
    }
  }

  for (const event of events.filter((name) => name !== 'room-create-request')) {
    it(`${event}: no room`, async () => {
      const [peer, other] = await server.peers(2);
      await meeting(peer, other);
      const fields = { to: other.id, session_description: {}, ice_candidate: {} };
      assertRefused(await peer.ask(event, fields), 'invalid-arguments');
      await other.expectNone(...outcomes);
    });
  }

  it('without an acknowledgement only the refusal is told, and the connection stays', async () => {
    const [peer, other] = await server.peers(2);
    const room = await meeting(peer, other);
    const seen = [];
    peer.socket.onAny((event) => seen.push(event));
    for (const event of events) {
      for (const wrong of Object.values(notNames)) peer.emit(event, { room: wrong, to: wrong });
    }
    await peer.settle();
    assert.deepEqual([...new Set(seen)], ['request-error']);
    await relay(peer, other, room);
  });

  it('more arguments than one are no harm', async () => {
    const peer = await server.peer();
    const room = freshRoom();
    const answer = await peer.askRaw(
      'room-create-request',
      { auth: peer.sessionToken, room },
      'more',
      { room: 'x' },
    );
    assert.deepEqual(answer, { ok: true, room });
  });

  it('unknown fields are no harm', async () => {
    const peer = await server.peer();
    assertOk(
      await peer.ask('room-create-request', {
        room: freshRoom(),
        unheard_of: { a: 1 },
        __proto__: 5,
      }),
    );
  });
});

describe('unknown events', () => {
  const server = useServer();

  for (const event of [
    'no-such-event',
    'Room-Create-Request',
    'room-create-request ',
    'toString',
    '__proto__',
    '',
    'ping',
  ]) {
    it(`${JSON.stringify(event)}: refused`, async () => {
      const peer = await server.peer();
      assertRefused(await peer.ask(event, {}), 'unknown-event');
      await createRoom(peer);
    });
  }

  it('events of the server are unknown from a client: nobody hears of them', async () => {
    const [peer, other] = await server.peers(2);
    const room = await meeting(peer, other);
    for (const event of [
      ...outcomes,
      'room-user-leave',
      'room-owner-change',
      'auth-accept',
      'unauthorized',
    ]) {
      if (events.includes(event)) continue;
      assertRefused(await peer.ask(event, { room, to: other.id }), 'unknown-event');
    }
    await other.expectNone(...outcomes, 'room-user-leave', 'room-owner-change');
  });

  it('without an acknowledgement only the refusal is told, and the connection stays', async () => {
    const peer = await server.peer();
    const seen = [];
    peer.socket.onAny((event) => seen.push(event));
    peer.emit('no-such-event');
    await peer.settle();
    assert.deepEqual(seen, ['request-error']);
    await createRoom(peer);
  });
});
