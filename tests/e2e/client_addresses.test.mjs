// Limits count by the client's address: that of the socket, or the one that a trusted proxy names.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import net from 'node:net';
import { HttpConnection } from '../support/http.mjs';
import { Peer } from '../support/peer.mjs';
import { eventually, within } from '../support/patience.mjs';
import { password, useServer } from '../support/server.mjs';

const trusting = { TRUSTED_PROXIES: '127.0.0.1' };
const handshake = '/socket.io/?EIO=4&transport=polling';

const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
const local = Buffer.concat([signature, Buffer.from('20000000', 'hex')]);
const forClient = Buffer.concat([
  signature,
  Buffer.from('2111000ccb0071077f00000110e10050', 'hex'),
]);

/** Headers of a proxy that forwards for this address. */
const from = (address) => ({ 'X-Forwarded-For': address });

function askForToken(server, address, secret = password) {
  return server.request({
    method: 'POST',
    path: '/app',
    headers: { ...from(address), 'Content-Type': 'application/json' },
    body: JSON.stringify({ app: 'tests', password: secret }),
  });
}

const open = (server, headers) => server.request({ path: handshake, headers });

/** The address that the log names for the session that these headers open. */
async function addressOf(server, headers, host = '127.0.0.1') {
  const before = server.logs().length;
  const connection = await HttpConnection.open(server.port, host);
  connection.send({ path: handshake, headers });
  assert.equal((await connection.response()).status, 200);
  const line = () =>
    server
      .logs()
      .slice(before)
      .split('\n')
      .find((text) => text.includes('"connected"'));
  const text = await eventually(line, 'log line "connected"');
  connection.destroy();
  return JSON.parse(text).address;
}

describe('the address of a client', () => {
  const trusted = useServer({ env: trusting });
  const standard = useServer({ env: { ...trusting, FORWARDED_HEADER: 'forwarded' } });
  const plain = useServer();

  it('is the one that a trusted proxy names', async () => {
    assert.equal(await addressOf(trusted, from('203.0.113.7')), '203.0.113.7');
    assert.equal(
      await addressOf(trusted, from('198.51.100.1, 203.0.113.7, 127.0.0.1')),
      '203.0.113.7',
    );
    assert.equal(await addressOf(trusted, { Forwarded: 'for=203.0.113.7' }), '127.0.0.1');
  });

  it('may come in the header of RFC 7239', async () => {
    const headers = { Forwarded: 'for="[2001:db8::7]:80";proto=https', ...from('203.0.113.7') };
    assert.equal(await addressOf(standard, headers), '2001:db8::7');
  });

  it('is that of the socket if nobody is trusted, and the log says what to do', async () => {
    assert.equal(await addressOf(plain, from('203.0.113.7')), '127.0.0.1');
    const warning = (text) => text.includes('forwarding header of an unknown proxy') && text;
    const { level, address, advice } = JSON.parse(await plain.program.line(warning, 'warning'));
    assert.deepEqual([level, address], ['warn', '127.0.0.1']);
    assert.match(advice, /TRUSTED_PROXIES/);
  });
});

describe('one address', () => {
  const server = useServer({
    env: {
      ...trusting,
      MAX_CONNECTIONS_PER_ADDRESS: '3',
      NEW_SESSIONS_BURST: '5',
      NEW_SESSIONS_PER_SECOND: '1',
    },
  });

  it('may have as many sessions as the limit says, and another address has its own', async () => {
    for (let i = 0; i < 3; ++i) assert.equal((await open(server, from('203.0.113.1'))).status, 200);
    const refused = await open(server, from('203.0.113.1'));
    assert.equal(refused.status, 429);
    assert.equal(refused.headers['retry-after'], '1');
    assert.equal((await open(server, from('203.0.113.2'))).status, 200);
  });

  it('is a /64 of IPv6', async () => {
    for (let i = 0; i < 3; ++i)
      assert.equal((await open(server, from(`2001:db8:0:7::${i}`))).status, 200);
    assert.equal((await open(server, from('2001:db8:0:7:9::9'))).status, 429);
    assert.equal((await open(server, from('2001:db8:0:8::1'))).status, 200);
  });

  it('may open new sessions only so fast', async () => {
    const headers = from('203.0.113.3');
    const statuses = [];
    for (let i = 0; i < 10; ++i) {
      const { status, body } = await open(server, headers);
      statuses.push(status);
      if (status !== 200) continue;
      const { sid } = JSON.parse(body.slice(1));
      await server.request({ method: 'POST', path: `${handshake}&sid=${sid}`, headers, body: '1' });
    }
    assert.deepEqual(statuses.slice(0, 5), [200, 200, 200, 200, 200]);
    assert.equal(statuses.at(-1), 429);
  });

  it('is not limited if it is the loopback', async () => {
    for (let i = 0; i < 8; ++i) assert.equal((await open(server, {})).status, 200);
  });
});

describe('the connections of one address', () => {
  const most = 6;
  const server = useServer({
    env: {
      ...trusting,
      PROXY_PROTOCOL: 'on',
      MAX_CONNECTIONS_PER_ADDRESS: String(most),
      WORKERS: 2,
    },
  });

  async function connect(header) {
    const connection = await HttpConnection.open(server.port);
    connection.write(header);
    return connection;
  }
  async function ask(connection, path) {
    connection.send({ path });
    return connection.response();
  }
  const status = async (header) => (await ask(await connect(header), '/healthz')).status;

  it('are as many as the limit says, on whichever worker they end', async () => {
    const connections = await Promise.all(Array.from({ length: most }, () => connect(forClient)));
    const sids = [];
    for (const connection of connections) {
      const { body } = await ask(connection, handshake);
      sids.push(JSON.parse(body.slice(1)).sid);
    }
    // Each session is asked for by another connection, and so by some of the other worker.
    for (const [i, connection] of connections.entries()) {
      for (const sid of [sids[(i + 1) % most], sids[i]]) {
        connection.send({ method: 'POST', path: `${handshake}&sid=${sid}`, body: '3' });
        assert.equal((await connection.response()).status, 200);
      }
    }
    assert.equal(await status(forClient), 429);
    assert.equal(await status(local), 200);
    for (const connection of connections) connection.destroy();
    for (let i = 0; i < most; ++i) {
      await eventually(async () => (await status(forClient)) === 200, `place ${i + 1}`);
    }
    assert.equal(await status(forClient), 429);
  });
});

describe('wrong passwords and tokens', () => {
  const server = useServer({ env: trusting });

  it('make POST /app refuse their address, and no other', async () => {
    for (let i = 0; i < 10; ++i)
      assert.equal((await askForToken(server, '203.0.113.1', 'wrong')).status, 401);
    const refused = await askForToken(server, '203.0.113.1');
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers['retry-after']) >= 1);
    assert.equal((await askForToken(server, '203.0.113.2')).status, 200);
  });

  it('make it refuse them however its path is written', async () => {
    const address = '203.0.113.8';
    for (let i = 0; i < 10; ++i) await askForToken(server, address, 'wrong');
    for (const path of ['/%61pp', '/app?x=1', '/ap%70']) {
      const headers = { ...from(address), 'Content-Type': 'application/json' };
      const body = JSON.stringify({ app: 'tests', password });
      const { status } = await server.request({ method: 'POST', path, headers, body });
      assert.equal(status, 429, path);
    }
  });

  it('are refused before the body has come', async () => {
    const address = '203.0.113.3';
    for (let i = 0; i < 10; ++i) await askForToken(server, address, 'wrong');
    const connection = await HttpConnection.open(server.port);
    connection.write(
      `POST /app HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${address}\r\nContent-Length: 100\r\n\r\n`,
    );
    assert.equal((await connection.response()).status, 429);
    connection.destroy();
  });

  it('at CONNECT are rate-limited, and a valid token is accepted all the same', async () => {
    const extraHeaders = from('203.0.113.4');
    const connect = (token) => Peer.connect(server, { token, extraHeaders });
    const refusal = () =>
      connect('wrong').then(
        () => assert.fail('accepted'),
        (error) => error,
      );
    for (let i = 0; i < 10; ++i) assert.equal((await refusal()).data.code, 'unauthorized');
    const { data } = await refusal();
    assert.equal(data.code, 'rate-limited');
    assert.ok(data.retry_after_ms >= 1);
    const peer = await connect(await server.appToken());
    peer.disconnect();
  });

  it('in auth-request are rate-limited, and a valid token is accepted all the same', async () => {
    const peer = await Peer.connect(server, { extraHeaders: from('203.0.113.5') });
    const ask = (token) => peer.askRaw('auth-request', { token });
    for (let i = 0; i < 10; ++i) assert.equal((await ask('wrong')).error.code, 'unauthorized');
    const { error } = await ask('wrong');
    assert.equal(error.code, 'rate-limited');
    assert.ok(error.retry_after_ms >= 1);
    assert.equal((await ask(peer.appToken)).ok, true);
    peer.disconnect();
  });

  it('are logged with their address and count', async () => {
    await askForToken(server, '203.0.113.6', 'wrong');
    const line = await eventually(
      () =>
        server
          .logs()
          .split('\n')
          .find((text) => text.includes('failed attempts') && text.includes('203.0.113.6')),
      'log line "failed attempts"',
    );
    const { level, attempt, count } = JSON.parse(line);
    assert.deepEqual({ level, attempt, count }, { level: 'warn', attempt: 'POST /app', count: 1 });
  });
});

const request = 'GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n';

describe('the PROXY protocol', () => {
  const server = useServer({ env: { ...trusting, PROXY_PROTOCOL: 'on' } });
  const strangers = useServer({ env: { TRUSTED_PROXIES: '192.0.2.1', PROXY_PROTOCOL: 'on' } });

  async function loggedAddress(header) {
    const before = server.logs().length;
    const connection = await HttpConnection.open(server.port);
    connection.write(Buffer.concat([header, Buffer.from(request)]));
    assert.equal((await connection.response()).status, 200);
    const line = () =>
      server
        .logs()
        .slice(before)
        .split('\n')
        .find((text) => text.includes('"connected"'));
    const text = await eventually(line, 'log line "connected"');
    connection.destroy();
    return JSON.parse(text).address;
  }

  /** Resolves when the server has closed a connection that began with these bytes, unanswered. */
  async function isRefused(port, bytes) {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    let answer = '';
    socket.on('data', (data) => (answer += data));
    socket.write(bytes);
    await within(new Promise((resolve) => socket.once('close', resolve)), 'end of the connection');
    assert.equal(answer, '');
  }

  it('names the client', async () => {
    assert.equal(await loggedAddress(forClient), '203.0.113.7');
  });

  it('may be the proxy’s own word', async () => {
    assert.equal(await loggedAddress(local), '127.0.0.1');
  });

  it('is demanded', () => isRefused(server.port, request));
  it('must come within seconds', () => isRefused(server.port, ''));
  it('is taken from trusted proxies only', () => isRefused(strangers.port, forClient));
});
