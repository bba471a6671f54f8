// docs/configuration.md: HEADER_TIMEOUT bounds how long a request takes to arrive,
// KEEP_ALIVE_TIMEOUT how long the next one takes to begin.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { HttpConnection } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';

describe('HEADER_TIMEOUT', () => {
  const server = useServer({ env: { HEADER_TIMEOUT: 300 } });

  for (const [what, bytes] of Object.entries({
    'sends nothing': '',
    'stops inside its first line': 'GET / HT',
    'stops inside its headers': 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ',
    'stops inside its body': 'POST /app HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"a',
  })) {
    it(`answers 408 to, or closes, a connection that ${what}`, async () => {
      const connection = await HttpConnection.open(server.port);
      connection.write(bytes);
      await connection.ended();
      assert.ok(connection.unread.every(({ status }) => status === 408));
    });
  }

  it('is not put off by a byte now and then', async () => {
    const connection = await HttpConnection.open(server.port);
    connection.write('GET / HTTP/1.1\r\nX-Slow: ');
    const drip = setInterval(() => connection.write('x'), 50);
    await connection.ended().finally(() => clearInterval(drip));
  });

  it('does not end a poll that is held', async () => {
    const peer = await server.peer({ transports: ['polling'] });
    const silent = await HttpConnection.open(server.port);
    await silent.ended();
    await peer.settle();
    assert.ok(peer.socket.connected);
  });

  it('does not end a WebSocket', async () => {
    const peer = await server.peer();
    const silent = await HttpConnection.open(server.port);
    await silent.ended();
    await peer.settle();
    assert.ok(peer.socket.connected);
  });
});

describe('KEEP_ALIVE_TIMEOUT', () => {
  const patient = useServer({ env: { HEADER_TIMEOUT: 300, KEEP_ALIVE_TIMEOUT: 60_000 } });
  const hasty = useServer({ env: { KEEP_ALIVE_TIMEOUT: 300 } });

  it('keeps a connection for its next request, however short HEADER_TIMEOUT is', async () => {
    const kept = await HttpConnection.open(patient.port);
    kept.send({ path: '/' });
    assert.equal((await kept.response()).status, 401);
    // Two connections that are cut one after the other: longer than HEADER_TIMEOUT.
    for (let i = 0; i < 2; i += 1) await (await HttpConnection.open(patient.port)).ended();
    kept.send({ path: '/' });
    assert.equal((await kept.response()).status, 401);
    kept.destroy();
  });

  it('does not prolong a request that has begun', async () => {
    const connection = await HttpConnection.open(patient.port);
    connection.send({ path: '/' });
    assert.equal((await connection.response()).status, 401);
    connection.write('GET / HT');
    await connection.ended();
    assert.ok(connection.unread.every(({ status }) => status === 408));
  });

  it('ends a connection whose next request does not come', async () => {
    const connection = await HttpConnection.open(hasty.port);
    connection.send({ path: '/' });
    assert.equal((await connection.response()).status, 401);
    await connection.ended();
  });
});
