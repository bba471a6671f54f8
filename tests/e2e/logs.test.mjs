// docs/configuration.md, "Log": structured logs without tokens, session descriptions or passwords
// in them.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { request } from '../support/http.mjs';
import { Peer } from '../support/peer.mjs';
import { Program } from '../support/program.mjs';
import { meeting } from '../support/rooms.mjs';
import { WebSocketSession } from '../support/engineio.mjs';
import { password, secret, startServer } from '../support/server.mjs';

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
