// Engine.IO 4, "Upgrade": from HTTP long-polling to WebSocket without losing a packet.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  assertWebSocketRefused,
  PollingSession,
  WebSocketSession,
  webSocketPath,
} from '../../support/engineio.mjs';
import { RawWebSocket } from '../../support/raw_websocket.mjs';
import { useProgram } from '../../support/server.mjs';

describe('Engine.IO upgrade', () => {
  const program = useProgram('engineio_echo');
  const open = () => PollingSession.open(program.port, '/engine.io/');

  it('answers the probe, and speaks over the WebSocket after the upgrade packet', async () => {
    const session = await WebSocketSession.upgrade(await open());
    session.send('4hello');
    assert.equal(await session.next(), '4hello');
    session.destroy();
  });

  it('ends a held GET with a noop when the probe comes', async () => {
    const polling = await open();
    const poll = polling.packets();
    const session = await WebSocketSession.probe(polling);
    assert.deepEqual(await poll, ['6']);
    session.send('5');
    session.send('4hello');
    assert.equal(await session.next(), '4hello');
    session.destroy();
  });

  it('ends a GET with a noop that comes while probing', async () => {
    const polling = await open();
    const session = await WebSocketSession.probe(polling);
    assert.deepEqual(await polling.packets(), ['6']);
    session.destroy();
  });

  it('delivers over the WebSocket what was waiting when the upgrade came', async () => {
    const polling = await open();
    const probing = await WebSocketSession.probe(polling);
    await polling.send('4posted while probing');
    probing.send('5');
    assert.equal(await probing.next(), '4posted while probing');
    probing.destroy();
  });

  it('delivers every message once, in order, across the upgrade', async () => {
    const polling = await open();
    await polling.send('4a', '4b');
    const received = await polling.packets();
    const probing = await WebSocketSession.probe(polling);
    await polling.send('4c');
    probing.send('5');
    for (const packet of ['4d', '4e']) probing.send(packet);
    while (received.at(-1) !== '4e') received.push(await probing.next());
    assert.deepEqual(received, ['4a', '4b', '4c', '4d', '4e']);
    probing.destroy();
  });

  it('carries binary as it is after the upgrade', async () => {
    const session = await WebSocketSession.upgrade(await open());
    session.send(Buffer.from([1, 2, 3, 4]));
    assert.deepEqual(await session.next(), Buffer.from([1, 2, 3, 4]));
    session.destroy();
  });

  it('answers 400 to HTTP requests after the upgrade, and stays open', async () => {
    const polling = await open();
    const session = await WebSocketSession.upgrade(polling);
    assert.equal((await polling.poll()).status, 400);
    assert.equal((await polling.post('4by the old way')).status, 400);
    session.send('4hello');
    assert.equal(await session.next(), '4hello');
    session.destroy();
  });

  it('refuses a second WebSocket after the upgrade, and stays open', async () => {
    const polling = await open();
    const session = await WebSocketSession.upgrade(polling);
    await assertWebSocketRefused(program.port, webSocketPath(polling.prefix, polling.sid));
    session.send('4hello');
    assert.equal(await session.next(), '4hello');
    session.destroy();
  });

  it('refuses a second WebSocket for a session that was opened on one', async () => {
    const session = await WebSocketSession.open(program.port, '/engine.io/');
    await assertWebSocketRefused(program.port, webSocketPath('/engine.io/', session.sid));
    session.send('4hello');
    assert.equal(await session.next(), '4hello');
    session.destroy();
  });

  it('stays with polling when the probing WebSocket goes away', async () => {
    const polling = await open();
    const probing = await WebSocketSession.probe(polling);
    probing.destroy();
    await polling.send('4hello');
    const received = [];
    while (!received.includes('4hello')) received.push(...(await polling.packets()));
    assert.deepEqual(
      received.filter((packet) => packet !== '6'),
      ['4hello'],
    );
  });

  for (const [what, packet] of [
    ['a message', '4too early'],
    ['a ping without "probe"', '2'],
    ['an upgrade packet without a probe', '5'],
  ]) {
    it(`takes no part of ${what} on a WebSocket that has not probed`, async () => {
      const polling = await open();
      const path = webSocketPath(polling.prefix, polling.sid);
      const socket = await RawWebSocket.connect(program.port, { path });
      socket.send(packet);
      await polling.send('4over polling');
      assert.deepEqual(await polling.packets(), ['4over polling']);
      socket.destroy();
    });
  }

  it('closes the session when the upgraded WebSocket closes', async () => {
    const polling = await open();
    const session = await WebSocketSession.upgrade(polling);
    session.send('4hello');
    await session.next();
    session.socket.sendClose(1000);
    await session.end();
    assert.ok(await polling.isClosed());
  });
});
