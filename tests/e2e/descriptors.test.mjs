// Out of file descriptors, the server keeps its clients, and takes new ones as long as it can drop
// a connection that is no client's.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { HttpConnection } from '../support/http.mjs';
import { meeting, relay } from '../support/rooms.mjs';
import { eventually } from '../support/patience.mjs';
import { rawClient } from '../support/socketio.mjs';
import { useServer } from '../support/server.mjs';

describe('64 file descriptors', () => {
  const server = useServer({ descriptors: 64, env: { WORKERS: 1 } });

  /** More connections than the server has descriptors for, without a word. */
  function flood() {
    return Promise.all(Array.from({ length: 150 }, () => HttpConnection.open(server.port)));
  }

  /** The status of a request on a new connection. */
  async function statusOfNewcomer() {
    const connection = await HttpConnection.open(server.port);
    try {
      connection.send({ path: '/healthz' });
      return (await connection.response()).status;
    } finally {
      connection.destroy();
    }
  }

  /** Clients that are let in, until there is no place for one more. */
  async function fillWithClients() {
    const clients = [];
    try {
      for (;;) clients.push(await rawClient(server));
    } catch {
      return clients;
    }
  }

  it('used up: connected clients go on talking', async () => {
    const [owner, guest] = await server.peers(2);
    const room = await meeting(owner, guest);
    const idle = await flood();
    for (let i = 0; i < 50; i += 1) await relay(i % 2 ? owner : guest, i % 2 ? guest : owner, room);
    idle.forEach((connection) => connection.destroy());
  });

  it('used up by connections that are no client: a newcomer takes the place of the oldest', async () => {
    const idle = await flood();
    assert.equal(await statusOfNewcomer(), 200);
    await idle[0].ended();
    const [owner, guest] = await server.peers(2);
    await relay(owner, guest, await meeting(owner, guest));
    idle.forEach((connection) => connection.destroy());
  });

  it('used up by clients: a newcomer is refused with 503, until one of them has gone', async () => {
    const clients = await fillWithClients();
    assert.ok(clients.length > 30, `${clients.length} clients`);
    assert.equal(await statusOfNewcomer(), 503);
    const shortages = server.logs().split('"cannot accept"').length - 1;
    assert.equal(await statusOfNewcomer(), 503);
    assert.equal(server.logs().split('"cannot accept"').length - 1, shortages, 'it is logged once');
    clients.pop().destroy();
    clients.pop().destroy();
    await eventually(async () => (await statusOfNewcomer()) === 200, 'the server accepts again');
    clients.forEach((client) => client.destroy());
  });
});
