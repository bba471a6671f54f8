// Socket.IO 5: several namespaces on one connection, and "Disconnection from a namespace".
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { RawSocketIo } from '../../support/socketio.mjs';
import { useProgram } from '../../support/server.mjs';

describe('Socket.IO namespaces', () => {
  const program = useProgram('socketio_echo');

  async function connect() {
    const client = await RawSocketIo.connect(program.port);
    assert.equal(await client.next(), '2["auth",{}]');
    return client;
  }

  async function enterCustom(client) {
    client.send('0/custom,');
    assert.match(await client.next(), /^0\/custom,\{"sid":/);
    assert.equal(await client.next(), '2/custom,["auth",{}]');
  }

  it('serves two namespaces on one connection', async () => {
    const client = await connect();
    await enterCustom(client);
    client.send('2["message","to the main one"]');
    assert.equal(await client.next(), '2["message-back","to the main one"]');
    client.destroy();
  });

  it('keeps the connection when the client leaves a custom namespace', async () => {
    const client = await connect();
    await enterCustom(client);
    client.send('1/custom,');
    client.send('2["message","still here"]');
    assert.equal(await client.next(), '2["message-back","still here"]');
    client.destroy();
  });

  it('reads the DISCONNECT of a custom namespace without the comma', async () => {
    const client = await connect();
    await enterCustom(client);
    client.send('1/custom');
    client.send('2["message","still here"]');
    assert.equal(await client.next(), '2["message-back","still here"]');
    client.destroy();
  });

  it('keeps a custom namespace when the client leaves the main one', async () => {
    const client = await connect();
    await enterCustom(client);
    client.send('1');
    for (let i = 0; i < 2; i += 1) {
      assert.equal(await client.transport.nextPacket(), '2');
      client.transport.send('3');
    }
    client.destroy();
  });

  it('lets a client come back to a namespace that it left, under a new session id', async () => {
    const client = await connect();
    const before = client.id;
    client.send('1');
    await client.enter('');
    assert.notEqual(client.id, before);
    assert.equal(await client.next(), '2["auth",{}]');
    client.send('2["message","again"]');
    assert.equal(await client.next(), '2["message-back","again"]');
    client.destroy();
  });

  it('answers a DISCONNECT with nothing', async () => {
    const client = await connect();
    client.send('1');
    // The heartbeat goes on: the next packet is its ping and no Socket.IO packet.
    assert.equal(await client.transport.nextPacket(), '2');
    client.destroy();
  });

  it('takes an event to a namespace that the client is not in for no event of another', async () => {
    const client = await connect();
    client.send('2/custom,["message","not there"]');
    client.send('2["message","here"]');
    const answer = await client.next().catch(() => 'closed');
    assert.ok(['closed', '2["message-back","here"]'].includes(answer), answer);
    client.destroy();
  });
});
