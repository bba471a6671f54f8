// docs/protocol.md, "Refusals": the sender of a refused event is told.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { eventually } from '../support/patience.mjs';
import { assertRefused, createRoom, freshRoom, meeting } from '../support/rooms.mjs';
import { serve, useServer } from '../support/server.mjs';

describe('an event without an acknowledgement that is refused', () => {
  const server = useServer();

  /** Requests of a stranger to the room, with what each request-error tells beside the event. */
  const refusals = (room, owner) => [
    ['room-join-accept', { room, peer_id: owner.id }, { code: 'not-owner', room }],
    ['room-join-reject', { room, to: owner.id }, { code: 'not-owner', room }],
    ['room-kick-request', { room, peer_id: owner.id }, { code: 'not-owner', room }],
    ['room-mute-request', { room, to: owner.id, kind: 'audio' }, { code: 'not-owner', room }],
    ['room-update-request', { room, locked: true }, { code: 'not-owner', room }],
    ['room-leave-request', { room }, { code: 'not-in-room', room }],
    ['room-info-request', { room }, { code: 'not-in-room', room }],
    ['relay-message', { room, data: 1 }, { code: 'not-in-room', room }],
    ['relay-message', { room, to: owner.id, data: 1 }, { code: 'not-in-room', room, to: owner.id }],
    [
      'relay-ice-candidate',
      { room, to: owner.id, ice_candidate: {} },
      { code: 'not-in-room', room, to: owner.id },
    ],
    ['no-such-event', {}, { code: 'unknown-event' }],
  ];

  it('is told by request-error, with the event, room and peer that it was about', async () => {
    const [owner, stranger] = await server.peers(2);
    const room = await createRoom(owner);
    for (const [event, fields, expected] of refusals(room, owner)) {
      stranger.emit(event, fields);
      const { message, ...told } = await stranger.next('request-error');
      assert.deepEqual(told, { event, ...expected });
      assert.ok(message.length > 0);
    }
    await owner.expectNone('request-error');
  });

  it('is told too if the worker of the target refuses', async () => {
    const [owner, guest] = await server.peers(2);
    const room = await meeting(owner, guest);
    const strangers = await server.peers(6); // Both workers have some.
    for (const { id } of strangers) {
      owner.emit('relay-ice-candidate', { room, to: id, ice_candidate: {} });
      const { event, code, to } = await owner.next('request-error');
      assert.deepEqual([event, code, to], ['relay-ice-candidate', 'peer-not-in-room', id]);
    }
  });

  it('is told with names of any length, cut between two characters', async () => {
    const peer = await server.peer();
    for (const name of ['é'.repeat(300), `x${'é'.repeat(300)}`, '😀'.repeat(100)]) {
      peer.emit(name, { room: name });
      const { event, room, code } = await peer.next('request-error');
      assert.equal(code, 'unknown-event');
      for (const told of [event, room]) {
        assert.ok(Buffer.byteLength(told) <= 255 && Buffer.byteLength(told) > 250);
        assert.ok(name.startsWith(told));
      }
    }
  });

  it('is not told twice: with an acknowledgement, or if the refusal has an event of its own', async () => {
    const [owner, stranger] = await server.peers(2);
    const room = await createRoom(owner);
    for (const [event, fields, { code }] of refusals(room, owner)) {
      assertRefused(await stranger.ask(event, fields), code);
    }
    stranger.emit('room-create-request', { room });
    await stranger.next('room-create-reject');
    stranger.emit('room-join-request', { room: freshRoom() });
    await stranger.next('room-join-reject');
    stranger.socket.emit('auth-request', { token: 'wrong' });
    await stranger.next('auth-reject');
    await stranger.expectNone('request-error');
  });

  it('says which argument is wrong, and why', async () => {
    const peer = await server.peer();
    const room = await createRoom(peer);
    for (const [event, fields, field, problem] of [
      ['room-join-request', {}, 'room', 'is missing'],
      ['room-join-request', { room: 7 }, 'room', 'must be a string'],
      ['room-create-request', { room: [] }, 'room', 'must be a string'],
      ['room-join-accept', { room }, 'peer_id', 'is missing'],
      ['room-join-accept', { room, to: 'a', peer_id: 'b' }, 'to', 'must be the same as "peer_id"'],
      ['room-kick-request', { room, to: peer.id, ban: 'yes' }, 'ban', 'must be true or false'],
      ['room-kick-request', { room, to: peer.id }, 'peer_id', 'must name another peer'],
      ['room-update-request', { room, locked: 1 }, 'locked', 'must be true or false'],
      ['room-update-request', { room, capacity: 0 }, 'capacity', /null or a whole number/],
      ['room-update-request', { room, admission: 'x' }, 'admission', /"owner", "open"/],
      ['room-update-request', { room, admission: 'password' }, 'password', 'is missing'],
      ['relay-message', { room }, 'data', 'is missing'],
      ['relay-ice-candidate', { room, to: 'x' }, 'ice_candidate', 'is missing'],
    ]) {
      const { error } = await peer.ask(event, fields);
      peer.emit(event, fields);
      const told = await peer.next('request-error');
      for (const { code, field: named, message } of [error, told]) {
        assert.deepEqual([code, named], ['invalid-arguments', field], `${event}: ${message}`);
        if (typeof problem === 'string') assert.equal(message, `"${field}" ${problem}`);
        else assert.match(message, problem);
      }
    }
  });
});

describe('an event that is not authorised', () => {
  const server = useServer();

  it('says why its token does not count', async () => {
    const [peer, other] = await server.peers(2);
    for (const [auth, reason] of [
      [undefined, 'token-missing'],
      [7, 'token-missing'],
      ['', 'token-invalid'],
      [peer.appToken, 'token-invalid'],
      [`${peer.sessionToken}x`, 'token-invalid'],
      [other.sessionToken, 'token-of-another-connection'],
    ]) {
      const answer = await peer.ask('room-create-request', { auth });
      assert.deepEqual(answer.error, {
        code: 'unauthorized',
        message: 'Token is not valid',
        reason,
      });
      assert.deepEqual(await peer.next('unauthorized'), { message: 'Token is not valid' });
      peer.emit('room-create-request', { auth });
      assert.deepEqual(await peer.next('unauthorized'), { message: 'Token is not valid' });
      const told = await peer.next('request-error');
      assert.deepEqual([told.code, told.reason], ['unauthorized', reason]);
    }
  });
});

describe('a client that sends too fast', () => {
  const server = useServer({ env: { EVENTS_PER_SECOND: 5, EVENTS_BURST: 10 } });

  it('is told once a second, with the number of refusals, and when to go on', async () => {
    const peer = await server.peer();
    const total = 100;
    for (let i = 0; i < total; i += 1) peer.emit('room-info-request', { room: 'nowhere' });
    let told = 0;
    await eventually(async () => {
      peer.emit('room-info-request', { room: 'nowhere' });
      for (const error of peer.unread('request-error')) {
        await peer.next('request-error');
        if (error.code === 'rate-limited') {
          assert.equal(error.event, 'room-info-request');
          assert.ok(error.retry_after_ms > 0);
          told += error.count;
        }
      }
      return told > total / 2;
    }, 'the refusals are counted');
  });

  it('learns from an acknowledgement when to go on', async () => {
    const peer = await server.peer();
    const ask = () => peer.ask('room-info-request', { room: 'nowhere' });
    const answers = await Promise.all(Array.from({ length: 30 }, ask));
    const limited = answers.filter(({ error }) => error.code === 'rate-limited');
    assert.ok(limited.length > 0);
    for (const { error } of limited) {
      assert.ok(error.retry_after_ms > 0 && error.retry_after_ms <= 1_000, error.retry_after_ms);
    }
  });
});

describe('SEND_REQUEST_ERRORS=off', () => {
  it('sends none', async (t) => {
    const server = await serve(t, { env: { SEND_REQUEST_ERRORS: 'off' } });
    const peer = await server.peer();
    peer.emit('no-such-event');
    peer.emit('room-leave-request', { room: 'nowhere' });
    peer.emit('room-create-request', { auth: 'wrong' });
    await peer.next('unauthorized');
    await peer.expectNone('request-error');
    assertRefused(await peer.ask('no-such-event'), 'unknown-event');
  });
});
