// Socket.IO 5, "Connection to a namespace".
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { PollingSession, WebSocketSession } from '../../support/engineio.mjs';
import { useProgram } from '../../support/server.mjs';

describe('Socket.IO connection to a namespace', () => {
  const program = useProgram('socketio_echo');
  const open = () => WebSocketSession.open(program.port, '/socket.io/');

  /** The `sid` of a CONNECT packet for this namespace. */
  function connectedSid(packet, namespace = '') {
    assert.ok(packet.startsWith(`40${namespace}{`), packet);
    const { sid, ...rest } = JSON.parse(packet.slice(2 + namespace.length));
    assert.ok(typeof sid === 'string' && sid.length > 0);
    assert.deepEqual(rest, {});
    return sid;
  }

  for (const [what, namespace, connect] of [
    ['the main namespace', '', '40'],
    ['the main namespace by its name', '', '40/,'],
    ['a custom namespace', '/custom,', '40/custom,'],
    ['a custom namespace without the comma', '/custom,', '40/custom'],
  ]) {
    it(`answers CONNECT to ${what} with its session id`, async () => {
      const session = await open();
      session.send(connect);
      connectedSid(await session.next(), namespace);
      assert.equal(await session.next(), `42${namespace}["auth",{}]`);
      session.destroy();
    });
  }

  for (const [what, namespace] of [
    ['the main namespace', ''],
    ['a custom namespace', '/custom,'],
  ]) {
    it(`hands the payload of CONNECT to ${what} over`, async () => {
      const session = await open();
      session.send(`40${namespace}{"token":"123"}`);
      connectedSid(await session.next(), namespace);
      assert.equal(await session.next(), `42${namespace}["auth",{"token":"123"}]`);
      session.destroy();
    });
  }

  it('connects over polling as well', async () => {
    const session = await PollingSession.open(program.port, '/socket.io/');
    await session.send('40{"token":"123"}');
    const packets = [];
    while (packets.length < 2) packets.push(...(await session.packets()));
    connectedSid(packets[0]);
    assert.equal(packets[1], '42["auth",{"token":"123"}]');
  });

  it('gives a session id that is not the Engine.IO one', async () => {
    const session = await open();
    session.send('40');
    assert.notEqual(connectedSid(await session.next()), session.sid);
    session.destroy();
  });

  it('gives each namespace of a connection a session id of its own', async () => {
    const session = await open();
    session.send('40');
    const main = connectedSid(await session.next());
    await session.next();
    session.send('40/custom,');
    assert.notEqual(connectedSid(await session.next(), '/custom,'), main);
    session.destroy();
  });

  it('connects to a custom namespace without the main one', async () => {
    const session = await open();
    session.send('40/custom,');
    connectedSid(await session.next(), '/custom,');
    session.destroy();
  });

  it('refuses an unknown namespace with CONNECT_ERROR', async () => {
    const session = await open();
    session.send('40/random');
    assert.equal(await session.next(), '44/random,{"message":"Invalid namespace"}');
    session.destroy();
  });

  it('leaves the main namespace usable when another is refused', async () => {
    const session = await open();
    session.send('40');
    await session.next();
    await session.next();
    session.send('40/random,');
    assert.match(await session.next(), /^44\/random,/);
    session.send('42["message","here"]');
    assert.equal(await session.next(), '42["message-back","here"]');
    session.destroy();
  });

  for (const [what, packet] of [
    ['an event', '42["message"]'],
    ['an acknowledgement', '431["x"]'],
    ['a disconnect', '41'],
    ['an unknown packet type', '4abc'],
    ['a CONNECT with an array', '40["token"]'],
    ['a CONNECT with a string', '40"token"'],
    ['a CONNECT with a number', '40 1'],
    ['a CONNECT with broken JSON', '40{"token"'],
    ['a binary attachment', Buffer.from([1])],
    ['an empty packet', '4'],
  ]) {
    it(`closes a connection whose first packet is ${what}`, async () => {
      const session = await open();
      session.send(packet);
      await session.end();
    });
  }

  it('closes a connection on which no CONNECT comes', async () => {
    const session = await open();
    for (
      let packet = '2';
      packet === '2';
      packet = await session.nextPacket().catch(() => 'closed')
    )
      session.send('3');
    await session.end();
  });

  it('closes a polling session on which no CONNECT comes', async () => {
    const session = await PollingSession.open(program.port, '/socket.io/');
    for (;;) {
      const answer = await session.poll();
      if (answer.status === 400 || answer.body !== '2') break;
      await session.post('3');
    }
    assert.ok(await session.isClosed());
  });
});
