// docs/protocol.md, "Closing": what a client begins it has to finish, and before its CONNECT it may
// only begin something small.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { HttpConnection } from '../support/http.mjs';
import { PollingSession, pollingPath, WebSocketSession } from '../support/engineio.mjs';
import { closing } from '../support/raw_websocket.mjs';
import { authenticate, rawClient, RawSocketIo } from '../support/socketio.mjs';
import { useServer } from '../support/server.mjs';
import { frame, opcodes } from '../support/websocket_frames.mjs';

const kib = 1024;
const notInTime = { code: 1008, reason: 'message not complete in time' };
const tooLarge = { code: 1009, reason: 'message too large' };

describe('a message that never gets whole', () => {
  const server = useServer({ env: { MESSAGE_TIMEOUT: 100, CONNECT_TIMEOUT: 60_000 } });
  const connect = (auth) => rawClient(server, auth);

  it('ends the connection, before the CONNECT', async () => {
    const { socket } = await WebSocketSession.open(server.port);
    socket.sendFrame({ opcode: opcodes.text, payload: Buffer.from('4'), fin: false });
    assert.deepEqual(await closing(socket), notInTime);
  });

  it('ends the connection, within a frame', async () => {
    const { socket } = (await connect()).transport;
    const whole = frame({ opcode: opcodes.text, payload: Buffer.alloc(500, 'x') });
    socket.socket.write(whole.subarray(0, 200));
    assert.deepEqual(await closing(socket), notInTime);
  });

  it('ends the connection, though pings are answered between its fragments', async () => {
    const { socket } = (await connect()).transport;
    socket.sendFrame({ opcode: opcodes.text, payload: Buffer.from('4'), fin: false });
    const pings = setInterval(() => socket.sendFrame({ opcode: opcodes.ping }), 10);
    try {
      assert.deepEqual(await closing(socket), notInTime);
    } finally {
      clearInterval(pings);
    }
  });

  it('ends the connection if it is the last attachment of an event', async () => {
    const client = await connect();
    client.send('52-["relay-message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
    client.send(Buffer.from('first'));
    assert.deepEqual(await closing(client.transport.socket), notInTime);
  });

  it('ends a connection that has come back, whichever worker it lands on', async () => {
    const first = await connect({ recovery: true });
    await authenticate(first, await server.appToken());
    first.destroy();
    const { pid, offset } = first;
    const back = await connect({ recovery: true, pid, offset });
    assert.equal(back.id, first.id);
    back.send('51-["relay-message",{"_placeholder":true,"num":0}]');
    assert.deepEqual(await closing(back.transport.socket), notInTime);
  });

  it('does not end one that is whole', async () => {
    const client = await connect();
    const { socket } = client.transport;
    socket.sendFrame({ opcode: opcodes.text, payload: Buffer.from('42["no-such'), fin: false });
    // Its answer shows that the beginning has been read.
    socket.sendFrame({ opcode: opcodes.ping });
    while ((await socket.nextFrame('a Pong frame')).opcode !== opcodes.pong);
    socket.sendFrame({ opcode: opcodes.continuation, payload: Buffer.from('-event",{}]') });
    await client.nextEvent('request-error');
    const late = new Promise((resolve) => setTimeout(resolve, 300, 'late'));
    assert.equal(await Promise.race([late, closing(socket)]), 'late');
  });
});

describe('before the CONNECT', () => {
  const server = useServer();

  it('a WebSocket message of 8 KiB is read, a larger one is not', async () => {
    const small = await WebSocketSession.open(server.port);
    small.send('40' + ' '.repeat(8 * kib - 2));
    assert.equal((await closing(small.socket)).code, 1002);
    const large = await WebSocketSession.open(server.port);
    large.send('40' + ' '.repeat(8 * kib - 1));
    assert.deepEqual(await closing(large.socket), tooLarge);
  });

  it('so it is with the body of a POST', async () => {
    for (const [bytes, expected] of [
      [8 * kib, 400],
      [8 * kib + 1, 413],
    ]) {
      const { sid } = await PollingSession.open(server.port);
      const body = '40' + ' '.repeat(bytes - 2);
      const path = pollingPath('/socket.io/', sid);
      assert.equal((await server.request({ method: 'POST', path, body })).status, expected);
    }
  });

  it('a POST is refused before its body has come', async () => {
    const { sid } = await PollingSession.open(server.port);
    const connection = await HttpConnection.open(server.port);
    connection.socket.write(
      `POST ${pollingPath('/socket.io/', sid)} HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n`,
    );
    assert.equal((await connection.response()).status, 413);
    connection.destroy();
  });

  it('afterwards they may have MAX_PAYLOAD', async () => {
    const auth = { token: await server.appToken() };
    for (const how of ['connect', 'connectPolling']) {
      const client = await RawSocketIo[how](server.port, { auth });
      await client.send(`2["no-such-event",{"x":"${'x'.repeat(60_000)}"}]`);
      await client.nextEvent('request-error');
      client.destroy();
    }
  });
});
