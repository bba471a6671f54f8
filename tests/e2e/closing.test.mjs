// docs/protocol.md, "Closing": a connection that the server ends says why.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { io } from 'socket.io-client';
import { PollingSession, pollingPath, WebSocketSession } from '../support/engineio.mjs';
import { within } from '../support/patience.mjs';
import { closing as closeFrameOf, RawWebSocket } from '../support/raw_websocket.mjs';
import { RawSocketIo } from '../support/socketio.mjs';
import { serve, useServer } from '../support/server.mjs';
import { opcodes } from '../support/websocket_frames.mjs';
import { unlimited } from '../support/settings.mjs';

// socket.io-msgpack-parser sends this first: {type: 0, nsp: "/"}.
const msgpackConnect = Buffer.from('82a47479706500a36e7370a12f', 'hex');

const closing = ({ socket }) => closeFrameOf(socket);

describe('the close frame of a WebSocket', () => {
  const server = useServer({ env: { EVENTS_PER_SECOND: 1, EVENTS_BURST: 5 } });
  const open = () => WebSocketSession.open(server.port);
  const connect = async () => {
    const auth = { token: await server.appToken() };
    return (await RawSocketIo.connect(server.port, { auth })).transport;
  };

  for (const [packet, reason, start = open] of [
    ['42["room-info-request",{}]', 'event before CONNECT'],
    ['4hello', 'malformed packet'],
    ['42{}', 'malformed packet', connect],
    [Buffer.from('binary'), 'malformed packet', connect],
    [msgpackConnect, 'parser not supported'],
    ['4{"type":0,"nsp":"/"}', 'parser not supported'],
    ['40', 'connected already', connect],
    ['2', 'unexpected Engine.IO packet'],
  ]) {
    it(`says "${reason}" to ${typeof packet === 'string' ? packet : packet.toString('hex')}`, async () => {
      const session = await start();
      session.send(packet);
      assert.deepEqual(await closing(session), { code: 1002, reason });
    });
  }

  it('says "too many CONNECTs"', async () => {
    const session = await open();
    for (let i = 0; i < 20; i += 1) session.send('40{"token":"wrong"}');
    assert.deepEqual(await closing(session), { code: 1008, reason: 'too many CONNECTs' });
  });

  it('names the error of a frame', async () => {
    const text = await open();
    text.socket.sendFrame({ opcode: opcodes.text, payload: Buffer.from([0xff]) });
    assert.deepEqual(await closing(text), { code: 1007, reason: 'text is not UTF-8' });
    const reserved = await open();
    reserved.socket.sendFrame({ opcode: opcodes.text, rsv: 4 });
    assert.deepEqual(await closing(reserved), { code: 1002, reason: 'invalid WebSocket frame' });
    const large = await open();
    large.send(Buffer.alloc(1_000_001));
    assert.deepEqual(await closing(large), { code: 1009, reason: 'message too large' });
  });

  it('says "this session cannot be upgraded"', async () => {
    const polling = await PollingSession.open(server.port);
    const first = await WebSocketSession.probe(polling);
    const path = `/socket.io/?EIO=4&transport=websocket&sid=${polling.sid}`;
    const second = { socket: await RawWebSocket.connect(server.port, { path }) };
    assert.deepEqual(await closing(second), {
      code: 1008,
      reason: 'this session cannot be upgraded',
    });
    first.destroy();
  });
});

describe('the close frame of a WebSocket, in time', () => {
  it('says "no CONNECT in time"', async (t) => {
    const server = await serve(t, { env: { CONNECT_TIMEOUT: 50 } });
    const session = await WebSocketSession.open(server.port);
    assert.deepEqual(await closing(session), { code: 1000, reason: 'no CONNECT in time' });
  });

  it('says "heartbeat timeout"', async (t) => {
    const server = await serve(t, { env: { PING_INTERVAL: 50, PING_TIMEOUT: 50 } });
    const session = await WebSocketSession.open(server.port);
    assert.deepEqual(await closing(session), { code: 1000, reason: 'heartbeat timeout' });
  });

  it('says "server shutting down"', async (t) => {
    const server = await serve(t);
    const session = await WebSocketSession.open(server.port);
    await server.stop();
    assert.deepEqual(await closing(session), { code: 1001, reason: 'server shutting down' });
  });

  it('says "reads too slowly" behind the unread messages', async (t) => {
    const env = { ...unlimited, MAX_UNSENT_BYTES: 100_000, MAX_DESCRIPTION_BYTES: 50_000 };
    const server = await serve(t, { env });
    const token = await server.appToken();
    const { transport } = await RawSocketIo.connect(server.port, { auth: { token } });
    const { socket } = transport.socket;
    socket.pause();
    // Each answer brings the payload back: 24 MB, more than all buffers between us take.
    const ask = `42${JSON.stringify(['auth-request', { token, payload: 'x'.repeat(60_000) }])}`;
    for (let sent = 0; sent < 400; sent += 1) transport.send(ask);
    await server.program.line((line) => line.includes('reads too slowly'), 'the end in the log');
    socket.resume();
    assert.deepEqual(await closing(transport), { code: 1008, reason: 'reads too slowly' });
  });
});

describe('an Engine.IO error over HTTP', () => {
  const server = useServer();

  for (const [what, path, options, error] of [
    ['no transport', '/socket.io/?EIO=4', {}, { code: 0, message: 'Transport unknown' }],
    [
      'an unknown session',
      pollingPath('/socket.io/', 'x'),
      {},
      { code: 1, message: 'Session ID unknown' },
    ],
    [
      'a POST without a session',
      pollingPath('/socket.io/'),
      { method: 'POST' },
      { code: 2, message: 'Bad handshake method' },
    ],
    [
      'a WebSocket without an upgrade',
      '/socket.io/?EIO=4&transport=websocket',
      {},
      { code: 3, message: 'Bad request' },
    ],
    [
      'another version',
      '/socket.io/?EIO=5&transport=polling',
      {},
      { code: 5, message: 'Unsupported protocol version' },
    ],
  ]) {
    it(`has the reference's code and message for ${what}, and a reason`, async () => {
      const { status, body } = await server.request({ path, ...options });
      assert.equal(status, 400);
      const { code, message, reason } = JSON.parse(body);
      assert.deepEqual({ code, message }, error);
      assert.ok(reason.length > 10, reason);
    });
  }

  for (const [packet, reason] of [
    ['42["room-info-request",{}]', 'event before CONNECT'],
    ['4hello', 'malformed packet'],
    [`b${msgpackConnect.toString('base64')}`, 'parser not supported'],
    ['not a packet', 'malformed packet'],
    ['2', 'unexpected Engine.IO packet'],
  ]) {
    it(`says "${reason}" to the POST of ${packet}`, async () => {
      const session = await PollingSession.open(server.port);
      const { status, body } = await session.post(packet);
      assert.equal(status, 400);
      const { response, ...error } = JSON.parse(body);
      assert.equal(response, false);
      assert.deepEqual(error, {
        status: 400,
        error: 'Bad request',
        code: 3,
        message: 'Bad request',
        reason,
      });
    });
  }
});

describe('CONNECT_ERROR', () => {
  const server = useServer();

  for (const [what, namespace, code] of [
    ['a wrong token', '/', 'unauthorized'],
    ['an unknown namespace', '/admin', 'invalid-namespace'],
  ]) {
    it(`carries a code as data for ${what}`, async () => {
      const socket = io(server.url + namespace, { auth: { token: 'wrong' }, forceNew: true });
      const failure = new Promise((resolve) => socket.once('connect_error', resolve));
      const error = await within(failure, 'connect_error');
      socket.disconnect();
      assert.deepEqual(error.data, { code });
    });
  }
});
