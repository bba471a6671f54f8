// docs/protocol.md, "Closing": a client that does not listen to refusals, or sends what costs the
// server more than the client, is disconnected.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { PollingSession, pollingPath, separator, WebSocketSession } from '../support/engineio.mjs';
import { closing } from '../support/raw_websocket.mjs';
import { authenticate, rawClient } from '../support/socketio.mjs';
import { useServer } from '../support/server.mjs';
import { opcodes } from '../support/websocket_frames.mjs';

const tooManyPings = { code: 1008, reason: 'too many pings' };
const tooManyEvents = { code: 1008, reason: 'too many events over the limit' };

/** Reads on until so many events are answered. */
async function answers(client, count) {
  for (let answered = 0; answered < count;) {
    if ((await client.next()).startsWith('31')) answered += 1;
  }
}

describe('a client that does not listen', () => {
  const server = useServer({ env: { TOTAL_EVENTS_PER_SECOND: 10, TOTAL_EVENTS_BURST: 50 } });
  const connect = (auth) => rawClient(server, auth);

  it('is disconnected after 1000 events over the limit, and not recovered', async () => {
    const client = await connect({ recovery: true });
    await authenticate(client, await server.appToken());
    for (let i = 0; i < 1_100; i += 1) client.send('2["room-info-request",{}]');
    assert.deepEqual(await closing(client.transport.socket), tooManyEvents);
    const back = await connect({ recovery: true, pid: client.pid });
    assert.notEqual(back.id, client.id);
  });

  it('is not, after fewer', async () => {
    const client = await connect();
    for (let i = 0; i < 1_000; i += 1) client.send('21["room-info-request",{}]');
    await answers(client, 1_000);
  });

  for (const [what, send] of [
    ['WebSocket pings', ({ socket }) => socket.sendFrame({ opcode: opcodes.ping })],
    ['WebSocket pongs', ({ socket }) => socket.sendFrame({ opcode: opcodes.pong })],
    ['Engine.IO pongs', (session) => session.send('3')],
    ['noops', (session) => session.send('6')],
  ]) {
    it(`is disconnected for too many ${what}`, async () => {
      const session = await WebSocketSession.open(server.port);
      for (let i = 0; i < 200; i += 1) send(session);
      assert.deepEqual(await closing(session.socket), tooManyPings);
    });
  }
});

describe('refusals for other reasons', () => {
  const server = useServer({ env: { EVENTS_PER_SECOND: 0, TOTAL_EVENTS_PER_SECOND: 0 } });

  it('do not disconnect', async () => {
    const client = await rawClient(server);
    for (let i = 0; i < 3_000; i += 1) client.send('21["room-info-request",{}]');
    await answers(client, 3_000);
  });
});

describe('a body of long-polling', () => {
  const server = useServer();
  const post = (sid, packets) =>
    server.request({
      method: 'POST',
      path: pollingPath('/socket.io/', sid),
      body: packets.join(separator),
    });

  it('may hold a thousand packets', async () => {
    const { sid } = await PollingSession.open(server.port);
    assert.equal((await post(sid, Array(1_000).fill('6'))).status, 200);
  });

  it('of more ends the session', async () => {
    const { sid } = await PollingSession.open(server.port);
    const refused = await post(sid, Array(1_001).fill('6'));
    assert.equal(refused.status, 400);
    assert.equal(JSON.parse(refused.body).reason, 'too many packets in a body');
    assert.equal((await post(sid, ['6'])).status, 400);
  });
});

describe('CONNECTs to namespaces that there are not', () => {
  const server = useServer();

  it('are answered ten times', async () => {
    const session = await WebSocketSession.open(server.port);
    for (let i = 0; i < 11; i += 1) session.send('40/admin,');
    for (let i = 0; i < 10; i += 1) assert.match(await session.next(), /^44\/admin,/);
    const reason = 'too many CONNECTs';
    assert.deepEqual(await closing(session.socket), { code: 1008, reason });
  });

  it('are answered with no more than 255 bytes of the name', async () => {
    const session = await WebSocketSession.open(server.port);
    session.send(`40/${'ä'.repeat(2_000)},`);
    const [, name] = /^44(\/ä*),\{/.exec(await session.next());
    assert.equal(name, `/${'ä'.repeat(127)}`);
  });
});

describe('clients that never send a CONNECT', () => {
  const server = useServer({
    env: { WORKERS: 1, MAX_WAITING_SESSIONS: 20, CONNECT_TIMEOUT: 60_000 },
  });

  it('make room for those that come later, the oldest first', async () => {
    const client = await rawClient(server);
    const oldest = await WebSocketSession.open(server.port);
    const crowd = await Promise.all(
      Array.from({ length: 20 }, () => PollingSession.open(server.port)),
    );
    const reason = 'too many clients wait for a CONNECT';
    assert.deepEqual(await closing(oldest.socket), { code: 1013, reason });
    const next = await WebSocketSession.open(server.port);
    const path = pollingPath('/socket.io/', crowd[0].sid);
    const lost = await Promise.all(
      crowd.map(({ sid }) =>
        server.request({ method: 'POST', path: pollingPath('/socket.io/', sid), body: '6' }),
      ),
    );
    assert.equal(lost.filter(({ status }) => status === 400).length, 1, path);
    next.send(`40{"token":"${await server.appToken()}"}`);
    assert.match(await next.next(), /^40\{"sid"/);
    client.send('21["room-info-request",{}]');
    assert.match(await client.nextEvent('unauthorized'), /Token is not valid/);
  });
});
