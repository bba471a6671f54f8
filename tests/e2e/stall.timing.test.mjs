// A server that did not run for a while, as in a container that is paused, cuts nobody off whose
// pong has arrived meanwhile.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as passed } from 'node:timers/promises';
import { PollingSession, WebSocketSession } from '../support/engineio.mjs';
import { HttpConnection } from '../support/http.mjs';
import { within } from '../support/patience.mjs';
import { useServer } from '../support/server.mjs';

const pingTimeout = 1500;
const env = { PING_INTERVAL: 2500, PING_TIMEOUT: pingTimeout, WORKERS: 2 };

/** Stops the process for longer than PING_TIMEOUT; `meanwhile` is what clients do in that time. */
async function stall(server, meanwhile = () => {}) {
  server.program.signal('SIGSTOP');
  const outcome = meanwhile();
  await passed(1.5 * pingTimeout);
  server.program.signal('SIGCONT');
  return outcome;
}

describe('a server that stalls for longer than PING_TIMEOUT', () => {
  const server = useServer({ env });

  async function openPolling() {
    const session = await PollingSession.open(server.port);
    await session.send(`40${JSON.stringify({ token: await server.appToken() })}`);
    assert.match((await session.poll()).body, /^40/);
    return session;
  }

  async function openWebSocket() {
    const session = await WebSocketSession.open(server.port);
    session.send(`40${JSON.stringify({ token: await server.appToken() })}`);
    return session;
  }

  async function assertServed(session) {
    await session.send('421["no-such-event"]');
    let received = '';
    while (!received.includes('431[')) {
      const answer = await session.poll();
      assert.equal(answer.status, 200, answer.body);
      received += answer.body;
    }
  }

  it('reads the pong of a polling client that came over a connection of its own', async () => {
    // Several, because a connection may land on either worker.
    const sessions = await Promise.all(Array.from({ length: 8 }, openPolling));
    const pings = await Promise.all(sessions.map((session) => session.poll()));
    for (const { body } of pings) assert.equal(body, '2');
    const answers = await stall(server, () => Promise.all(sessions.map((one) => one.post('3'))));
    for (const { status, body } of answers) assert.deepEqual([status, body], [200, 'ok']);
    for (const session of sessions) await assertServed(session);
  });

  it('reads the pong of a polling client that came over one that it knows', async () => {
    const session = await openPolling();
    const connection = await HttpConnection.open(server.port);
    connection.send({ path: session.path });
    assert.equal((await connection.response()).body, '2');
    const headers = { 'Content-Type': 'text/plain' };
    await stall(server, () =>
      connection.send({ method: 'POST', path: session.path, headers, body: '3' }),
    );
    assert.equal((await connection.response()).status, 200);
    await assertServed(session);
    connection.destroy();
  });

  it('reads the pong of a WebSocket', async () => {
    const session = await openWebSocket();
    let packet = '';
    while (packet !== '2') packet = await session.nextPacket();
    await stall(server, () => session.send('3'));
    assert.equal(await session.nextPacket(), '2', 'a ping, for the client has waited long');
    session.send('3');
    session.send('421["no-such-event"]');
    assert.match(await session.nextPacket(), /^431\[/);
    session.socket.destroy();
  });

  it('keeps socket.io clients, who hear of it before they give up', async () => {
    const peers = [await server.peer(), await server.peer({ transports: ['polling'] })];
    await Promise.all(
      peers.map(({ socket }) => within(once(socket.io.engine, 'ping'), 'a ping for each')),
    );
    const lost = Promise.race(peers.map((peer) => peer.disconnected));
    await stall(server);
    const pings = Promise.all(peers.map(({ socket }) => once(socket.io.engine, 'ping')));
    const first = await within(Promise.race([pings, lost]), 'pings after the stall');
    assert.ok(Array.isArray(first), `lost by ${first}`);
    for (const peer of peers) await peer.settle();
  });

  it('still cuts off a client that does not answer', async () => {
    const session = await openWebSocket();
    await stall(server);
    await session.socket.end();
  });
});
