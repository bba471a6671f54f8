// A client written from the documentation of the Node.js server that Heliograph replaces, word for
// word, works unchanged.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { io } from 'socket.io-client';
import { password, useServer } from '../support/server.mjs';
import { within } from '../support/patience.mjs';
import { freshRoom, meeting } from '../support/rooms.mjs';

describe('the examples of the Node.js server it replaces', () => {
  const server = useServer();

  it('curl gets an app token with a form', async () => {
    const curl = await promisify(execFile)('curl', [
      '--silent',
      '--location',
      `${server.url}/app`,
      '--header',
      'Content-Type: application/x-www-form-urlencoded',
      '--data-urlencode',
      'app=demo-chat-test',
      '--data-urlencode',
      `password=${password}`,
    ]);
    const answer = JSON.parse(curl.stdout);
    assert.equal(typeof answer.response.token, 'string');
    assert.deepEqual(answer, {
      status: 200,
      error: null,
      response: { token: answer.response.token },
    });
  });

  it('the first client example signs in with the bare token and creates a room', async () => {
    const token = await server.appToken();
    let sessionToken = null;
    const socket = io(server.url, { transports: ['websocket'], auth: { token }, forceNew: true });

    const created = new Promise((resolve, reject) => {
      socket.on('connect', () => {
        socket.emit('auth-request', token);
        socket.on('auth-accept', (data) => {
          sessionToken = data.token;
          socket.emit('room-create-request', { room: 'your room name', auth: sessionToken });
        });
        socket.on('auth-reject', (data) => reject(new Error(data.message)));
        socket.on('room-create-accept', resolve);
      });
    });

    try {
      assert.deepEqual(await within(created, 'room-create-accept'), { room: 'your room name' });
    } finally {
      socket.disconnect();
    }
  });

  it('a payload of room-join-request reaches the owner with the candidate’s peerinfo', async () => {
    const owner = await server.peer();
    const candidate = await server.peer({ peerinfo: { foo: 'bar' } });
    owner.emit('room-create-request', { room: 'test-room' });
    await owner.next('room-create-accept');
    candidate.emit('room-join-request', { room: 'test-room', payload: { user_login: 'foo' } });
    assert.deepEqual(await owner.next('room-join-request'), {
      room: 'test-room',
      peer_id: candidate.socket.id,
      payload: { user_login: 'foo' },
      peerinfo: { foo: 'bar' },
    });
  });

  it('a client without acknowledgements sees the events of that server, and request-error', async () => {
    const peer = await server.connect();
    const seen = [];
    peer.socket.onAny((event) => seen.push(event));
    peer.emit('auth-request', { token: peer.appToken });
    const { token } = await peer.next('auth-accept');
    peer.emit('room-create-request', { auth: token, room: 'only events' });
    await peer.next('room-create-accept');
    const other = await server.peer();
    await other.ask('room-create-request', { room: 'of somebody else' });
    peer.emit('room-create-request', { auth: token, room: 'of somebody else' });
    await peer.next('room-create-reject');
    peer.emit('room-join-request', { auth: token, room: 'nowhere at all' });
    await peer.next('room-join-reject');
    peer.emit('room-create-request', { room: 'no auth' });
    await peer.next('unauthorized');
    await peer.next('request-error');
    assert.deepEqual(seen, [
      'auth-accept',
      'room-create-accept',
      'room-create-reject',
      'room-join-reject',
      'unauthorized',
      'request-error',
    ]);
  });
});

// docs/porting.md has these.
describe('examples of that documentation that fail', () => {
  const server = useServer();

  it('auth-request with a session token is rejected', async () => {
    const peer = await server.peer();
    const { error } = await peer.ask('auth-request', { token: peer.sessionToken });
    assert.equal(error.code, 'unauthorized');
    assert.equal(error.reason, 'token-invalid');
    assert.deepEqual(await peer.next('auth-reject'), { message: 'Token is not valid' });
  });

  it('relay-ice-candidate without auth is told to be unauthorized, and is not relayed', async () => {
    const [owner, member] = await server.peers(2);
    const room = await meeting(owner, member);
    const candidate = {
      to: owner.id,
      peer_id: owner.id,
      room,
      ice_candidate: { sdpMLineIndex: 0 },
    };
    member.socket.emit('relay-ice-candidate', candidate);
    assert.deepEqual(await member.next('unauthorized'), { message: 'Token is not valid' });
    const { message, ...told } = await member.next('request-error');
    assert.deepEqual(told, {
      event: 'relay-ice-candidate',
      code: 'unauthorized',
      reason: 'token-missing',
      room,
      to: owner.id,
    });
    await owner.expectNone('ice-candidate');
  });

  it('emitSocket is no function of a Socket.IO client', async () => {
    const peer = await server.peer();
    assert.equal(peer.socket.emitSocket, undefined);
  });

  it('a room created again by a handler that was added twice is granted', async () => {
    const peer = await server.peer();
    const room = freshRoom();
    for (const attempt of [1, 2]) {
      assert.equal(
        (await peer.ask('room-create-request', { room })).ok,
        true,
        `attempt ${attempt}`,
      );
    }
  });
});
