// An orderly stop: no new connections, clients closed cleanly, exit code 0 within the deadline.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { HttpConnection } from '../support/http.mjs';
import { PollingSession, WebSocketSession } from '../support/engineio.mjs';
import { RawSocketIo, rawPair } from '../support/socketio.mjs';
import { meeting } from '../support/rooms.mjs';
import { opcodes } from '../support/websocket_frames.mjs';
import { startServer } from '../support/server.mjs';
import { within } from '../support/patience.mjs';

/** A server for one test: killed at the end if the test did not stop it. */
async function withServer(options, use) {
  const server = await startServer(options);
  try {
    await use(server);
  } finally {
    server.disconnectPeers();
    if (server.program.running) server.program.signal('SIGKILL');
  }
}

async function assertCleanExit(server) {
  assert.deepEqual(await server.program.exit(), { code: 0, signal: null }, server.logs());
}

describe('an orderly stop', () => {
  for (const signal of ['SIGTERM', 'SIGINT']) {
    it(`${signal} ends an idle server with exit code 0`, () =>
      withServer({}, async (server) => {
        server.program.signal(signal);
        await assertCleanExit(server);
      }));
  }

  it('clients are told to go: socket.io clients disconnect', () =>
    withServer({}, async (server) => {
      const peers = [...(await server.peers(3)), await server.peer({ transports: ['polling'] })];
      await meeting(...peers);
      server.program.signal('SIGTERM');
      await Promise.all(peers.map((peer) => within(peer.disconnected, 'disconnect')));
      await assertCleanExit(server);
    }));

  it('a WebSocket gets a Close frame with a valid code', () =>
    withServer({}, async (server) => {
      const client = await RawSocketIo.connect(server.port, {
        auth: { token: await server.appToken() },
      });
      const { socket } = client.transport;
      server.program.signal('SIGTERM');
      let last = await socket.nextFrame();
      while (last.opcode !== opcodes.close) last = await socket.nextFrame('a Close frame');
      assert.ok([1000, 1001, 1012].includes(last.payload.readUInt16BE(0)));
      await socket.end();
      await assertCleanExit(server);
    }));

  // On one worker, which has read the poll when it has read the later handshake.
  it('a held poll is answered', () =>
    withServer({ env: { WORKERS: 1 } }, async (server) => {
      const session = await PollingSession.open(server.port);
      const held = await HttpConnection.open(server.port);
      held.send({ path: session.path });
      await PollingSession.open(server.port);
      server.program.signal('SIGTERM');
      const answer = await held.response();
      assert.ok([200, 400, 503].includes(answer.status), `${answer.status}`);
      await held.ended();
      await assertCleanExit(server);
    }));

  it('no new connection is taken', () =>
    withServer({ env: { SHUTDOWN_TIMEOUT: 2000 } }, async (server) => {
      // A client that does not answer the Close frame keeps the server in its last moments.
      const client = await WebSocketSession.open(server.port);
      client.socket.answersClose = false;
      server.program.signal('SIGTERM');
      while ((await client.socket.nextFrame('a Close frame')).opcode !== opcodes.close);
      const late = net.connect({ port: server.port, host: server.host });
      const [error] = await within(
        once(late, 'error').catch((e) => [e]),
        'refusal of a late connection',
      );
      assert.match(error.code, /ECONNREFUSED|ECONNRESET/);
      await assertCleanExit(server);
    }));

  it('a relay from before still arrives', () =>
    withServer({}, async (server) => {
      const { owner, guest, room } = await rawPair(server);
      const fields = { auth: owner.auth, room, to: guest.id, ice_candidate: 'last' };
      for (let i = 0; i < 50; i += 1)
        owner.send(`2${i}${JSON.stringify(['relay-ice-candidate', fields])}`);
      while (!(await owner.next()).startsWith('349'));
      server.program.signal('SIGTERM');
      for (let i = 0; i < 50; i += 1)
        assert.match(await guest.nextEvent('ice-candidate'), /"last"/);
      await assertCleanExit(server);
    }));
});

describe('the deadline of an orderly stop', () => {
  const options = { env: { SHUTDOWN_TIMEOUT: 300 } };

  it('a WebSocket that never answers does not hold the server', () =>
    withServer(options, async (server) => {
      const client = await WebSocketSession.open(server.port);
      client.socket.answersClose = false;
      client.socket.socket.pause();
      server.program.signal('SIGTERM');
      await assertCleanExit(server);
      client.destroy();
    }));

  it('nor do half a request, a silent connection and a held poll', () =>
    withServer(options, async (server) => {
      const connections = [];
      for (const bytes of [
        '',
        'GET / HT',
        'POST /app HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{',
      ]) {
        const connection = await HttpConnection.open(server.port);
        connection.write(bytes);
        connections.push(connection);
      }
      const session = await PollingSession.open(server.port);
      session.poll().catch(() => {});
      await PollingSession.open(server.port);
      server.program.signal('SIGTERM');
      await assertCleanExit(server);
      connections.forEach((connection) => connection.destroy());
    }));

  it('nor does a second signal harm', () =>
    withServer(options, async (server) => {
      const client = await WebSocketSession.open(server.port);
      client.socket.answersClose = false;
      server.program.signal('SIGTERM');
      server.program.signal('SIGTERM');
      const { code, signal } = await server.program.exit();
      assert.ok(code === 0 || signal === 'SIGTERM', `${code} ${signal}`);
      client.destroy();
    }));

  it('many clients at once are closed in time', () =>
    withServer({ env: { WORKERS: 4 } }, async (server) => {
      const peers = await server.peers(100);
      await meeting(...peers.slice(0, 5));
      server.program.signal('SIGTERM');
      await Promise.all(peers.map((peer) => within(peer.disconnected, 'disconnect')));
      await assertCleanExit(server);
    }));
});
