// HTTP/1.1 on the wire (RFC 9112): keep-alive, pipelining, framing, limits, and bytes that are no
// HTTP.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { HttpConnection } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';

describe('HTTP connections', () => {
  const server = useServer();

  async function withConnection(use) {
    const connection = await HttpConnection.open(server.port);
    try {
      return await use(connection);
    } finally {
      connection.destroy();
    }
  }

  /** The status of the answer to these bytes, or "closed". */
  function statusOf(bytes) {
    return withConnection(async (connection) => {
      connection.write(bytes);
      const answer = await connection.response().catch(() => ({ status: 'closed' }));
      return answer.status;
    });
  }

  async function assertRefused(bytes, ...statuses) {
    const status = await statusOf(bytes);
    assert.ok(
      ['closed', 400, ...statuses].includes(status),
      `${status} for ${JSON.stringify(bytes.slice(0, 80))}`,
    );
  }

  it('serve one request after another', async () => {
    await withConnection(async (connection) => {
      for (let i = 0; i < 20; i += 1) {
        connection.send({ path: i % 2 ? '/nowhere' : '/' });
        assert.equal((await connection.response()).status, i % 2 ? 404 : 401);
      }
    });
  });

  it('answer pipelined requests in order', async () => {
    await withConnection(async (connection) => {
      const paths = ['/', '/nowhere', '/socket.io/', '/', '/socket.io/socket.io.js', '/nowhere'];
      connection.socket.cork();
      for (const path of paths) connection.send({ path });
      connection.socket.uncork();
      const statuses = [];
      while (statuses.length < paths.length) statuses.push((await connection.response()).status);
      assert.deepEqual(statuses, [401, 404, 400, 401, 200, 404]);
    });
  });

  it('answer a pipelined request behind a held poll only after it', async () => {
    await withConnection(async (connection) => {
      connection.send({ path: '/socket.io/?EIO=4&transport=polling' });
      const { sid } = JSON.parse((await connection.response()).body.slice(1));
      const path = `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
      connection.send({ path });
      connection.send({ path: '/' });
      await server.request({ method: 'POST', path, body: '40{"token":"wrong"}' });
      assert.match((await connection.response()).body, /^44/);
      assert.equal((await connection.response()).status, 401);
    });
  });

  it('end after "Connection: close"', async () => {
    await withConnection(async (connection) => {
      connection.send({ path: '/', headers: { Connection: 'close' } });
      assert.equal((await connection.response()).status, 401);
      await connection.ended();
    });
  });

  it('end after HTTP/1.0 without keep-alive', async () => {
    await withConnection(async (connection) => {
      connection.send({ path: '/', version: 'HTTP/1.0' });
      assert.equal((await connection.response()).status, 401);
      await connection.ended();
    });
  });

  it('read a request that comes byte by byte', async () => {
    await withConnection(async (connection) => {
      for (const letter of 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n') {
        connection.write(letter);
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.equal((await connection.response()).status, 401);
    });
  });

  it('say "100 Continue" to a client that waits for it', async () => {
    await withConnection(async (connection) => {
      const headers = {
        Expect: '100-continue',
        'Content-Length': '2',
        'Content-Type': 'application/json',
      };
      connection.send({ method: 'POST', path: '/app', headers });
      const first = await connection.response();
      if (first.status === 100) connection.write('{}');
      const last = first.status === 100 ? await connection.response() : first;
      assert.ok([400, 401, 417].includes(last.status), `${last.status}`);
    });
  });

  it('answer 431 to more than 16 KiB of headers', async () => {
    const one = `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(17_000)}\r\n\r\n`;
    const many = `GET / HTTP/1.1\r\nHost: x\r\n${'X-Short: y\r\n'.repeat(1500)}\r\n`;
    for (const bytes of [one, many]) assert.equal(await statusOf(bytes), 431);
  });

  it('answer 431 or 414 to a target of more than 16 KiB', async () => {
    const target = `/${'x'.repeat(17_000)}`;
    assert.ok([431, 414].includes(await statusOf(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`)));
  });

  it('answer 431 to headers that never end', async () => {
    assert.equal(await statusOf(`GET / HTTP/1.1\r\n${'X: y\r\n'.repeat(4000)}`), 431);
  });

  it('take 15 KiB of headers', async () => {
    const header = `X: ${'x'.repeat(15_000)}`;
    assert.equal(await statusOf(`GET / HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`), 401);
  });

  it('say how long they are kept', async () => {
    await withConnection(async (connection) => {
      connection.send({ path: '/' });
      const { headers } = await connection.response();
      assert.equal(headers.connection, 'keep-alive');
      assert.equal(headers['keep-alive'], 'timeout=75');
      connection.send({ path: '/', headers: { Connection: 'close' } });
      const last = await connection.response();
      assert.equal(last.headers.connection, 'close');
      assert.equal(last.headers['keep-alive'], undefined);
    });
  });

  for (const [what, bytes] of Object.entries({
    'no version': 'GET /\r\n\r\n',
    'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'HTTP/9.9': 'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
    'no target': 'GET  HTTP/1.1\r\nHost: x\r\n\r\n',
    'a blank in a header’s name': 'GET / HTTP/1.1\r\nHost : x\r\n\r\n',
    'a header without a colon': 'GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n',
    'a NUL in a header': 'GET / HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n',
    'a bare CR in a header': 'GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n',
    'a folded header': 'GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n',
    'a TLS greeting': '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
    'a Content-Length that is none': 'POST /app HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n',
    'a negative Content-Length': 'POST /app HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
    'a Content-Length with a plus': 'POST /app HTTP/1.1\r\nHost: x\r\nContent-Length: +2\r\n\r\n{}',
    'two Content-Lengths':
      'POST /app HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
    'Content-Length and chunks':
      'POST /app HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'a chunk size that is none':
      'POST /app HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    'a chunk longer than it says':
      'POST /app HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n',
  })) {
    it(`refuse ${what}`, async () => assertRefused(bytes, 411, 413, 415, 431, 501, 505));
  }

  for (const [what, body] of Object.entries({
    'behind a chunk’s size': '3\n',
    'behind a chunk’s data': '3\r\nabc\n',
    'behind the last chunk': '0\r\n\n',
    'behind a trailer': '0\r\nX: y\n',
  })) {
    it(`refuse a bare LF ${what} at once, say why, and close`, async () => {
      await withConnection(async (connection) => {
        const head = 'POST /app HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
        connection.write(head + body);
        const { status, headers, body: answer } = await connection.response();
        assert.deepEqual([status, headers.connection], [400, 'close']);
        assert.match(JSON.parse(answer).error, /lines must end in CRLF/);
        await connection.ended();
      });
    });
  }

  it('refuse a Content-Length of twenty digits or more', async () => {
    for (const length of ['18446744073709551616', '99999999999999999999999']) {
      await assertRefused(
        `POST /app HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`,
        413,
      );
    }
  });

  it('close after a malformed request, and read nothing behind it', async () => {
    await withConnection(async (connection) => {
      connection.write('nonsense\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await connection.ended();
      assert.ok(connection.unread.length <= 1);
    });
  });

  it('do not answer a smuggled second request', async () => {
    await withConnection(async (connection) => {
      const smuggled = 'GET /demo HTTP/1.1\r\nHost: x\r\n\r\n';
      const head = `POST /app HTTP/1.1\r\nHost: x\r\nContent-Length: ${smuggled.length + 5}\r\nTransfer-Encoding: chunked`;
      connection.write(`${head}\r\n\r\n0\r\n\r\n${smuggled}`);
      await connection.ended();
      assert.ok(connection.unread.every(({ status }) => status >= 400));
    });
  });
});
