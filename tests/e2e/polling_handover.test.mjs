// A polling request that lands on another worker than its session's is handed over to it.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  PollingSession,
  WebSocketSession,
  separator,
  webSocketPath,
} from '../support/engineio.mjs';
import { HttpConnection } from '../support/http.mjs';
import { RawSocketIo, authenticate, rawPair } from '../support/socketio.mjs';
import { RawWebSocket } from '../support/raw_websocket.mjs';
import { frame, opcodes } from '../support/websocket_frames.mjs';
import { useServer } from '../support/server.mjs';

describe('polling sessions on four workers, every request on a connection of its own', () => {
  const server = useServer({ env: { WORKERS: 4 } });

  it('each request finds its session', async () => {
    const client = await RawSocketIo.connectPolling(server.port, {
      auth: { token: await server.appToken() },
    });
    await authenticate(client, await server.appToken());
    for (let i = 0; i < 50; i += 1) {
      await client.send(`2${i}["no-such-event"]`);
      assert.match(await client.next(), new RegExp(`^3${i}\\[`));
    }
  });

  it('two of them hold a call', async () => {
    const { owner, guest, room } = await rawPair(server, { polling: true });
    for (let i = 0; i < 20; i += 1) {
      const [from, to] = i % 2 ? [owner, guest] : [guest, owner];
      const fields = { auth: from.auth, room, to: to.id, ice_candidate: i };
      await from.send(`2${JSON.stringify(['relay-ice-candidate', fields])}`);
      const [, received] = JSON.parse((await to.nextEvent('ice-candidate')).slice(1));
      assert.deepEqual(received, { room, peer_id: from.id, ice_candidate: i });
    }
  });

  it('a GET held by one worker is answered when another gets the POST', async () => {
    for (let i = 0; i < 20; i += 1) {
      const session = await PollingSession.open(server.port);
      const poll = session.packets();
      await session.send(`40${JSON.stringify({ token: await server.appToken() })}`);
      assert.match((await poll)[0], /^40\{"sid":/);
    }
  });

  it('is upgraded wherever the WebSocket lands', async () => {
    const token = await server.appToken();
    for (let i = 0; i < 20; i += 1) {
      const polling = await PollingSession.open(server.port);
      await polling.send(`40${JSON.stringify({ token })}`);
      assert.match((await polling.packets())[0], /^40\{"sid":/);
      const session = await WebSocketSession.upgrade(polling);
      session.send('421["no-such-event"]');
      assert.match(await session.next(), /^431\[/);
      assert.equal((await polling.poll()).status, 400);
      session.destroy();
    }
  });

  it('an unknown session is unknown to every worker', async () => {
    for (let i = 0; i < 20; i += 1) {
      const session = await PollingSession.open(server.port);
      session.sid = session.sid.split('').reverse().join('');
      assert.equal((await session.poll()).status, 400);
      assert.equal((await session.post('40')).status, 400);
    }
  });
});

describe('one connection for the requests of many polling sessions, as a proxy has it', () => {
  const server = useServer({ env: { WORKERS: 4 } });
  const unknownEvent = (id) => `42${id}["no-such-event"]`;
  const answer = (id) => new RegExp(`^43${id}\\[`);

  /** Sessions connected to the namespace, with nothing left to read. */
  async function openSessions(count) {
    const connect = `40${JSON.stringify({ token: await server.appToken() })}`;
    const sessions = await Promise.all(
      Array.from({ length: count }, () => PollingSession.open(server.port)),
    );
    for (const session of sessions) {
      await session.send(connect);
      assert.match((await session.packets())[0], /^40\{"sid":/);
    }
    return sessions;
  }

  it('one request after another', async () => {
    const sessions = await openSessions(8);
    const connection = await HttpConnection.open(server.port);
    for (let round = 0; round < 5; round += 1) {
      for (const { path } of sessions) {
        connection.send({ method: 'POST', path, body: unknownEvent(round) });
        assert.equal((await connection.response()).body, 'ok');
        connection.send({ path });
        assert.match((await connection.response()).body, answer(round));
      }
      connection.send({ path: '/' });
      assert.equal((await connection.response()).status, 401);
    }
    connection.destroy();
  });

  it('all requests in one segment, answered in order', async () => {
    const sessions = await openSessions(8);
    const connection = await HttpConnection.open(server.port);
    connection.socket.cork();
    for (const [i, { path }] of sessions.entries()) {
      connection.send({ method: 'POST', path, body: unknownEvent(i) });
      connection.send({ path });
      connection.send({ path: '/nowhere' });
    }
    connection.socket.uncork();
    for (const i of sessions.keys()) {
      assert.equal((await connection.response()).body, 'ok');
      assert.match((await connection.response()).body, answer(i));
      assert.equal((await connection.response()).status, 404);
    }
    connection.destroy();
  });

  it('held polls that are answered from elsewhere, in turn', async () => {
    const sessions = await openSessions(6);
    const connection = await HttpConnection.open(server.port);
    for (const [i, session] of [...sessions, ...sessions].entries()) {
      connection.send({ path: session.path });
      await session.send(unknownEvent(i));
      assert.match((await connection.response()).body, answer(i));
    }
    connection.destroy();
  });

  it('bodies of hundreds of kilobytes, in chunks or whole', async () => {
    const packets = Array.from(
      { length: 20 },
      (_, i) => `42${i}["no-such-event","${'x'.repeat(20_000)}"]`,
    );
    const body = packets.join(separator);
    for (const session of await openSessions(6)) {
      const { path } = session;
      const connection = await HttpConnection.open(server.port);
      connection.send({ method: 'POST', path, body });
      assert.equal((await connection.response()).body, 'ok');
      connection.send({ method: 'POST', path, headers: { 'Transfer-Encoding': 'chunked' } });
      for (let at = 0; at < body.length; at += 50_000) {
        const chunk = body.slice(at, at + 50_000);
        connection.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
      }
      connection.write('0\r\n\r\n');
      assert.equal((await connection.response()).body, 'ok');
      const received = [];
      while (received.length < 40) received.push(...(await session.packets()));
      connection.destroy();
    }
  });

  it('an upgrade whose first frames came with its request', async () => {
    const sessions = await openSessions(12);
    const first = Buffer.concat(
      ['2probe', '5', unknownEvent(1)].map((payload) => frame({ opcode: opcodes.text, payload })),
    );
    for (const { sid } of sessions) {
      const path = webSocketPath('/socket.io/', sid);
      const socket = await RawWebSocket.connect(server.port, { path, first });
      assert.equal(await socket.next(), '3probe');
      assert.match(await socket.next(), answer(1));
      socket.destroy();
    }
  });

  it('clients that hang up while their request is handed over', async () => {
    const sessions = await openSessions(8);
    for (const { path } of sessions) {
      for (let i = 0; i < 5; i += 1) {
        const connection = await HttpConnection.open(server.port);
        connection.send(i % 2 ? { path } : { method: 'POST', path, body: unknownEvent(i) });
        connection.socket.resetAndDestroy();
      }
    }
    const [session] = await openSessions(1);
    await session.send(unknownEvent(9));
    assert.match((await session.packets())[0], answer(9));
  });
});
