// docs/configuration.md: HEADER_TIMEOUT bounds how long a request takes to arrive.
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
