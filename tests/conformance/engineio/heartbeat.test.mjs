// Engine.IO 4, "Heartbeat": the server pings, the client answers or is closed.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { PollingSession, WebSocketSession } from '../../support/engineio.mjs';
import { useProgram } from '../../support/server.mjs';

describe('Engine.IO heartbeat over HTTP long-polling', () => {
  const program = useProgram('engineio_echo');
  const open = () => PollingSession.open(program.port, '/engine.io/');

  it('pings, and pings again after each pong', async () => {
    const session = await open();
    for (let i = 0; i < 3; i += 1) {
      assert.equal((await session.poll()).body, '2');
      await session.send('3');
    }
  });

  it('closes a session that does not answer', async () => {
    const session = await open();
    assert.equal((await session.poll()).body, '2');
    const last = await session.poll();
    assert.ok(last.status === 400 || last.body === '1', `${last.status} ${last.body}`);
    assert.ok(await session.isClosed());
  });

  it('closes a session that never polls', async () => {
    const [silent, lively] = [await open(), await open()];
    // The lively one outlives the time that the silent one had to answer its ping.
    for (let i = 0; i < 3; i += 1) {
      assert.equal((await lively.poll()).body, '2');
      await lively.send('3');
    }
    assert.ok(await silent.isClosed());
  });

  it('keeps a session open that answers but has nothing to say', async () => {
    const session = await open();
    for (let i = 0; i < 5; i += 1) {
      assert.equal((await session.poll()).body, '2');
      await session.send('3');
    }
    await session.send('4awake');
    assert.deepEqual(await session.packets(), ['4awake']);
  });
});

describe('Engine.IO heartbeat over WebSocket', () => {
  const program = useProgram('engineio_echo');
  const open = () => WebSocketSession.open(program.port, '/engine.io/');

  it('pings, and pings again after each pong', async () => {
    const session = await open();
    for (let i = 0; i < 3; i += 1) {
      assert.equal(await session.nextPacket(), '2');
      session.send('3');
    }
    session.destroy();
  });

  it('closes a session that does not answer', async () => {
    const session = await open();
    assert.equal(await session.nextPacket(), '2');
    await session.socket.end();
  });

  it('closes the silent one of two sessions only', async () => {
    const [silent, lively] = [await open(), await open()];
    let silentEnded = false;
    const end = silent.socket.end().then(() => (silentEnded = true));
    while (!silentEnded) {
      assert.equal(await lively.nextPacket(), '2');
      lively.send('3');
    }
    await end;
    lively.send('4awake');
    assert.equal(await lively.next(), '4awake');
    lively.destroy();
  });

  it('goes on with the heartbeat after an upgrade', async () => {
    const session = await WebSocketSession.upgrade(
      await PollingSession.open(program.port, '/engine.io/'),
    );
    for (let i = 0; i < 3; i += 1) {
      assert.equal(await session.nextPacket(), '2');
      session.send('3');
    }
    await session.nextPacket();
    await session.socket.end();
  });
});
