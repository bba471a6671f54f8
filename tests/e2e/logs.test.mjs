// docs/configuration.md, "Log": structured logs without tokens, session descriptions or passwords
// in them.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { HttpConnection, request } from '../support/http.mjs';
import { Peer } from '../support/peer.mjs';
import { Program } from '../support/program.mjs';
import { meeting } from '../support/rooms.mjs';
import { WebSocketSession } from '../support/engineio.mjs';
import { password, secret, serve, startServer } from '../support/server.mjs';
import { unlimited } from '../support/settings.mjs';

const sdp = 'v=0 a session description that no log may show';
const candidate = 'candidate:4248172766 that no log may show';
const payload = 'a payload that no log may show';

async function wholeCall(server) {
  const wrong = { app: 'x', password: 'a wrong password that no log may show' };
  const headers = { 'Content-Type': 'application/json' };
  await server.request({ method: 'POST', path: '/app', headers, body: JSON.stringify(wrong) });
  await server.request({ path: `/app?password=${encodeURIComponent(password)}` });
  const [owner, guest] = await server.peers(2, { peerinfo: { name: payload } });
  const room = await meeting(owner, guest);
  await owner.ask('relay-session-description', {
    room,
    to: guest.id,
    session_description: { sdp },
    payload,
  });
  await owner.ask('relay-ice-candidate', { room, to: guest.id, ice_candidate: { candidate } });
  await owner.ask('relay-ice-candidate', {
    room,
    to: 'nobody',
    ice_candidate: { candidate },
    payload,
  });
  await owner.ask('no-such-event', { payload });
  await owner.askRaw('auth-request', { token: guest.sessionToken });
  await Peer.connect(server, { token: guest.sessionToken }).catch(() => {});
  const broken = await WebSocketSession.open(server.port);
  broken.send(`40{"token":"${owner.appToken}`);
  await broken.end();
  return [owner.appToken, owner.sessionToken, guest.sessionToken];
}

function entry(line) {
  return line.startsWith('{') ? JSON.parse(line) : undefined;
}

/** The first line of this event, so far or to come. */
function lineOf(server, event) {
  const match = (line) => (entry(line)?.event === event ? entry(line) : undefined);
  return server.program.line(match, `log line "${event}"`);
}

describe('logs', () => {
  for (const level of ['debug', 'info']) {
    it(`at level ${level}: no token, password, session description, candidate or payload`, async () => {
      const server = await startServer({ env: { LOG_LEVEL: level } });
      const tokens = await wholeCall(server);
      await server.stop();
      const log = server.logs();
      for (const token of tokens) {
        assert.ok(!log.includes(token), 'a token');
        assert.ok(!log.includes(token.split('.')[2]), 'a signature');
      }
      for (const text of [
        password,
        encodeURIComponent(password),
        secret,
        sdp,
        candidate,
        payload,
        'a wrong password',
      ]) {
        assert.ok(!log.includes(text), text);
      }
    });
  }

  it('as JSON: every line is one object with a time, a level and an event', async () => {
    const server = await startServer({ env: { LOG_LEVEL: 'debug' } });
    await wholeCall(server);
    await server.stop();
    for (const line of server.logs().split('\n').filter(Boolean)) {
      const entry = JSON.parse(line);
      assert.equal(typeof entry.event, 'string', line);
      assert.equal(typeof entry.level, 'string', line);
      assert.ok(!Number.isNaN(Date.parse(entry.time)), line);
    }
  });

  it('a room name or an app name cannot forge a line', async () => {
    const server = await startServer({ env: { LOG_LEVEL: 'debug' } });
    const peer = await server.peer({ app: 'x\n{"event":"forged"}' });
    await peer.ask('room-create-request', { room: 'x\r\n{"event":"forged"}' });
    await server.request({ path: '/%0a%7b%22event%22:%22forged%22%7d' });
    await server.stop();
    const events = server
      .logs()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).event);
    assert.ok(!events.includes('forged'));
  });

  it('tells the start and the end of each connection, with its reason', async (t) => {
    const server = await serve(t);
    const peer = await server.peer();
    const { id: peerId } = peer;
    peer.disconnect();
    const line = await lineOf(server, 'disconnected');
    const { address, transport, reason, seconds, peer: id, level } = line;
    assert.deepEqual(
      { address, transport, reason, id, level },
      {
        address: '127.0.0.1',
        transport: 'websocket',
        reason: 'closed by the client',
        id: peerId,
        level: 'info',
      },
    );
    assert.ok(seconds >= 0);
    const start = await lineOf(server, 'connected');
    assert.deepEqual([start.address, start.level], ['127.0.0.1', 'info']);
  });

  it('warns of a client that breaks the protocol', async (t) => {
    const server = await serve(t);
    const session = await WebSocketSession.open(server.port);
    session.send('4hello');
    await session.end();
    const { level, reason, peer } = await lineOf(server, 'disconnected');
    assert.deepEqual([level, reason, peer], ['warn', 'malformed packet', undefined]);
  });

  it('warns of an HTTP request that does not come to its end', async (t) => {
    const server = await serve(t, { env: { HEADER_TIMEOUT: 50 } });
    const connection = await HttpConnection.open(server.port);
    connection.write('GET / HTTP/1.1\r\n');
    const { level, address } = await lineOf(server, 'request timed out');
    assert.deepEqual([level, address], ['warn', '127.0.0.1']);
    connection.destroy();
  });

  it('tells each refusal at debug: request, code, peer, room and address', async (t) => {
    const server = await serve(t, { env: { LOG_LEVEL: 'debug' } });
    const peer = await server.peer();
    await peer.askRaw('room-info-request', { room: 'lobby', auth: 'wrong' });
    const { time, ...line } = await lineOf(server, 'refused');
    assert.deepEqual(line, {
      level: 'debug',
      event: 'refused',
      request: 'room-info-request',
      code: 'unauthorized',
      peer: peer.id,
      room: 'lobby',
      address: '127.0.0.1',
    });
    assert.ok(time);
  });

  it('tells at debug that a client was not let in', async (t) => {
    const server = await serve(t, { env: { LOG_LEVEL: 'debug' } });
    await assert.rejects(server.connect({ token: 'wrong' }), /Token is not valid/);
    const { level, request, code, address } = await lineOf(server, 'refused');
    assert.deepEqual(
      { level, request, code, address },
      { level: 'debug', request: 'CONNECT', code: 'unauthorized', address: '127.0.0.1' },
    );
  });

  it('tells why a request was refused', async (t) => {
    const server = await serve(t, { env: { LOG_LEVEL: 'debug' } });
    await server.request({ path: '/socket.io/?EIO=4&transport=polling&sid=x' });
    const { level, code, reason, address } = await lineOf(server, 'request refused');
    assert.deepEqual([level, code, address], ['debug', 'Session ID unknown', '127.0.0.1']);
    assert.ok(reason.length > 10);
  });

  it('no client floods it, or hides other lines', async (t) => {
    const server = await serve(t, { env: { LOG_LEVEL: 'debug', ...unlimited } });
    const [flooder, other] = await server.peers(2);
    const flood = Array.from({ length: 1000 }, () => flooder.askRaw('no-such-event', {}));
    await Promise.all(flood);
    await other.askRaw('room-info-request', { room: 'lobby', auth: 'wrong' });
    await server.program.line((line) => entry(line)?.code === 'unauthorized', 'the other refusal');
    const { suppressed, kind, count } = await lineOf(server, 'log lines suppressed');
    assert.deepEqual([suppressed, kind], ['refused', 'unknown-event']);
    const written = server.logs().split('"unknown-event","peer"').length - 1;
    assert.ok(written < 500, `${written} lines of 1000`);
    assert.ok(count > 0);
  });

  it('as text: one line an event, with the port that it listens on', async () => {
    const env = { APP_SECRET: secret, APP_PASS: password };
    const program = new Program(
      'heliograph',
      ['--host', '127.0.0.1', '--port', '0', '--log-format', 'text'],
      { env },
    );
    const port = await program.line(
      (line) => /listening.*?\bport=?\D?(\d+)/.exec(line)?.[1],
      'the port',
    );
    assert.equal((await request(Number(port), { path: '/' })).status, 401);
    await program.stop();
  });
});
