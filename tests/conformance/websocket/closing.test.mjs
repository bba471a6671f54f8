// RFC 6455 sections 5.5.1, 7.1 and 7.4: the closing handshake and its codes.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { opcodes } from '../../support/websocket_frames.mjs';
import { RawWebSocket } from '../../support/raw_websocket.mjs';
import { useProgram } from '../../support/server.mjs';

const validCodes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
const invalidCodes = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535];

describe('RFC 6455 section 7: closing', () => {
  const echo = useProgram('websocket_echo');

  for (const code of validCodes) {
    it(`7.4: answers a Close ${code} with the same code, then ends the connection`, async () => {
      const client = await RawWebSocket.connect(echo.port);
      client.sendClose(code, 'good-bye');
      assert.equal((await client.nextClose()).code, code);
    });
  }

  for (const code of invalidCodes) {
    it(`7.4: takes a Close ${code} for a protocol error`, async () => {
      const client = await RawWebSocket.connect(echo.port);
      client.sendClose(code);
      assert.equal((await client.nextClose()).code, 1002);
    });
  }

  it('5.5.1: answers a Close without a code', async () => {
    const client = await RawWebSocket.connect(echo.port);
    client.sendClose();
    assert.ok([undefined, 1000].includes((await client.nextClose()).code));
  });

  it('5.5.1: takes a Close of one byte for a protocol error', async () => {
    const client = await RawWebSocket.connect(echo.port);
    client.sendFrame({ opcode: opcodes.close, payload: Buffer.from([3]) });
    assert.equal((await client.nextClose()).code, 1002);
  });

  it('5.5.1: takes a reason of 123 bytes, the longest there can be', async () => {
    const client = await RawWebSocket.connect(echo.port);
    client.sendClose(1000, 'r'.repeat(123));
    assert.equal((await client.nextClose()).code, 1000);
  });

  it('5.5.1: echoes what was sent before the Close, and nothing after it', async () => {
    const client = await RawWebSocket.connect(echo.port);
    client.socket.cork();
    client.send('before');
    client.sendClose(1000);
    client.send('after');
    client.sendFrame({ opcode: opcodes.ping, payload: 'after' });
    client.socket.uncork();
    assert.equal(await client.next(), 'before');
    assert.equal((await client.nextClose()).code, 1000);
    assert.deepEqual(client.unread, []);
  });

  it('5.5.1: drops a message that the Close cut short', async () => {
    const client = await RawWebSocket.connect(echo.port);
    client.sendFrame({ opcode: opcodes.text, payload: 'never finished', fin: false });
    client.sendClose(1000);
    assert.equal((await client.nextClose()).code, 1000);
  });

  it('7.1.1: a client that half-closes TCP is let go', async () => {
    const client = await RawWebSocket.connect(echo.port);
    client.socket.end();
    await client.end();
  });

  it('7.2.1: a connection that vanishes disturbs no other', async () => {
    const other = await RawWebSocket.connect(echo.port);
    for (let i = 0; i < 20; i += 1) {
      const client = await RawWebSocket.connect(echo.port);
      client.sendFrame({ opcode: opcodes.text, payload: 'half a fra', length: 100 });
      client.socket.resetAndDestroy();
    }
    other.send('still here');
    assert.equal(await other.next(), 'still here');
    other.destroy();
  });
});
