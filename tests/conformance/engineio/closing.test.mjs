// Engine.IO 4, packet type "close": either transport can be ended by it.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { PollingSession, WebSocketSession } from '../../support/engineio.mjs';
import { HttpConnection } from '../../support/http.mjs';
import { useProgram } from '../../support/server.mjs';

describe('Engine.IO close', () => {
  const program = useProgram('engineio_echo');
  const openPolling = () => PollingSession.open(program.port, '/engine.io/');

  it('polling: ends the session, and a held GET with a noop', async () => {
    const session = await openPolling();
    const poll = session.packets();
    await session.send('1');
    assert.deepEqual(await poll, ['6']);
    assert.ok(await session.isClosed());
  });

  it('polling: ends a session that has no GET held', async () => {
    const session = await openPolling();
    await session.send('1');
    assert.ok(await session.isClosed());
    assert.equal((await session.post('4hello')).status, 400);
  });

  it('polling: answers the GET that was sent beside the closing POST and came after it', async () => {
    const session = await openPolling();
    const connection = await HttpConnection.open(program.port);
    connection.send({ method: 'POST', path: session.path, body: '1' });
    // Over a connection that is yet to be made, so that the POST is there first.
    assert.deepEqual(await session.packets(), ['6']);
    assert.equal((await connection.response()).status, 200);
    assert.ok(await session.isClosed());
    connection.destroy();
  });

  it('polling: reads nothing that follows the close packet', async () => {
    const session = await openPolling();
    await session.post('1\u001e4hello');
    assert.ok(await session.isClosed());
  });

  it('WebSocket: ends the session and the connection', async () => {
    const session = await WebSocketSession.open(program.port, '/engine.io/');
    session.send('1');
    await session.end();
  });

  it('after an upgrade: ends the session and the connection', async () => {
    const polling = await openPolling();
    const session = await WebSocketSession.upgrade(polling);
    session.send('1');
    await session.end();
    assert.ok(await polling.isClosed());
  });
});

describe('Engine.IO maxPayload', () => {
  const program = useProgram('engineio_echo');
  const limit = 1_000_000;

  it('polling: takes a payload of the limit', async () => {
    const session = await PollingSession.open(program.port, '/engine.io/');
    const packet = `4${'x'.repeat(limit - 1)}`;
    await session.send(packet);
    assert.deepEqual(await session.packets(), [packet]);
  });

  it('polling: answers 413 to a longer one', async () => {
    const session = await PollingSession.open(program.port, '/engine.io/');
    assert.equal((await session.post(`4${'x'.repeat(limit)}`)).status, 413);
  });

  it('polling: refuses by the announced length, without waiting for the body', async () => {
    const session = await PollingSession.open(program.port, '/engine.io/');
    const connection = await HttpConnection.open(program.port);
    connection.send({
      method: 'POST',
      path: session.path,
      headers: { 'Content-Length': '999999999' },
    });
    assert.equal((await connection.response()).status, 413);
    connection.destroy();
  });

  it('polling: refuses chunks that come to more', async () => {
    const session = await PollingSession.open(program.port, '/engine.io/');
    const connection = await HttpConnection.open(program.port);
    connection.send({
      method: 'POST',
      path: session.path,
      headers: { 'Transfer-Encoding': 'chunked' },
    });
    const chunk = `4${'x'.repeat(99_999)}`;
    for (let i = 0; i < 11; i += 1)
      connection.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    assert.equal((await connection.response()).status, 413);
    connection.destroy();
  });

  it('WebSocket: takes a packet of the limit', async () => {
    const session = await WebSocketSession.open(program.port, '/engine.io/');
    const packet = `4${'x'.repeat(limit - 1)}`;
    session.send(packet);
    assert.equal(await session.next(), packet);
    session.destroy();
  });

  it('WebSocket: closes with 1009 upon a longer one', async () => {
    const session = await WebSocketSession.open(program.port, '/engine.io/');
    session.send(Buffer.alloc(limit + 1));
    assert.equal((await session.socket.nextClose()).code, 1009);
  });
});
