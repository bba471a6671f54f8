import { after, before, beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { modules } from '../build.mjs';
import { FakeServer } from '../fake_server.mjs';

describe('a message of a signal', () => {
  let server;
  let signal;
  let SignalError;

  before(async () => {
    server = await FakeServer.open();
    const { Signal, ...others } = await (await modules())('index');
    ({ SignalError } = others);
    const socket = { transports: ['websocket'] };
    signal = await Signal.connect(server.url, { token: 'app', socket });
  });
  after(() => {
    signal?.close();
    server.close();
  });
  beforeEach(() => {
    server.answer = () => ({ ok: true });
    server.requests.length = 0;
  });

  test('carries the latest token, because a return brings another one', async () => {
    for (const token of ['another', 'session']) {
      const heard = signal.once('auth-accept');
      server.tell('auth-accept', { token });
      await heard;
      await signal.roomInfo('R');
      assert.deepEqual(server.requests.pop(), ['room-info-request', { room: 'R', auth: token }]);
    }
  });

  test('holds the fields of the protocol and nothing else that was in the options', async () => {
    const stray = { stray: 1, signal: new AbortController().signal, auth: 'other', room: 'other' };
    const options = { payload: 'P', password: 'opal', ban: true, to: 'B', ...stray };
    server.answer = () => ({ ok: true, room: 'R' });
    await signal.createRoom('R', options);
    await signal.accept('R', 'B', options);
    await signal.reject('R', 'B', options);
    await signal.kick('R', 'B', options);
    await signal.updateRoom('R', { locked: true }, options);
    const offer = { type: 'offer' };
    await signal.sendDescription('R', 'B', offer, options);
    await signal.sendCandidate('R', 'B', { candidate: 'c' }, options);
    await signal.sendMessage('R', 'hello', options);
    await signal.roomInfo('R', options);
    const joined = signal.once('room-join-accept');
    const joining = signal.joinRoom('R', options);
    server.tell('room-join-accept', { room: 'R', peer_id: 'A', peers: [], peersinfo: {} });
    assert.deepEqual(await joining, await joined);
    await signal.leaveRoom('R', options);
    const common = { room: 'R', auth: 'session', payload: 'P' };
    assert.deepEqual(server.requests, [
      ['room-create-request', common],
      ['room-join-accept', { ...common, peer_id: 'B' }],
      ['room-join-reject', { ...common, peer_id: 'B' }],
      ['room-kick-request', { ...common, peer_id: 'B', ban: true }],
      ['room-update-request', { ...common, locked: true }],
      ['relay-session-description', { ...common, to: 'B', session_description: offer }],
      ['relay-ice-candidate', { ...common, to: 'B', ice_candidate: { candidate: 'c' } }],
      ['relay-message', { ...common, to: 'B', data: 'hello' }],
      ['room-info-request', { room: 'R', auth: 'session' }],
      ['room-join-request', { ...common, password: 'opal' }],
      ['room-leave-request', common],
    ]);
  });

  test('withdraws a request after it is made, even if it is aborted by then', async () => {
    const joining = signal.joinRoom('R', { signal: AbortSignal.abort() });
    await assert.rejects(joining, { code: 'closed' });
    await signal.roomInfo('R');
    const events = server.requests.map(([event]) => event);
    assert.deepEqual(events, ['room-join-request', 'room-leave-request', 'room-info-request']);
  });

  test('is an error with a code, for every answer of the server that is no success', async () => {
    const refused = (answer, code) => {
      server.answer = () => answer;
      return assert.rejects(signal.roomInfo('R'), (error) => {
        assert.ok(error instanceof SignalError);
        assert.equal(error.code, code);
        assert.ok(error.message.length > 0);
        return true;
      });
    };
    const error = { code: 'not-in-room', message: 'You are not in it' };
    await refused({ ok: false, error }, 'not-in-room');
    await refused({ ok: false }, 'unknown');
    await refused({ ok: false, error: {} }, 'unknown');
    for (const answer of [{}, null, 'no', []]) await refused(answer, 'unknown');
  });

  test('is of those events that the protocol has, with fields', async () => {
    const heard = [];
    for (const name of ['message', 'state', 'rejoin']) {
      signal.on(name, (event) => heard.push([name, event]));
    }
    for (const name of ['toString', 'news'])
      assert.throws(() => signal.on(name, () => {}), TypeError);
    server.tell('message', 'text');
    server.tell('message', null);
    server.tell('message', 7);
    server.tell('message');
    for (const name of ['state', 'rejoin', 'toString', 'news']) {
      server.tell(name, { state: 'closed', room: 'R' });
    }
    const last = signal.once('message');
    server.tell('message', { room: 'R', peer_id: 'B', data: { a_b: 1 } });
    await last;
    assert.deepEqual(heard, [['message', { room: 'R', peerId: 'B', data: { a_b: 1 } }]]);
    assert.equal(signal.state, 'connected');
  });
});
