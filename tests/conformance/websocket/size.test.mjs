// RFC 6455 section 7.4.1: a message too big to process is refused with 1009.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { opcodes } from '../../support/websocket_frames.mjs';
import { RawWebSocket } from '../../support/raw_websocket.mjs';
import { useProgram } from '../../support/server.mjs';

const limit = 16 * 1024 * 1024;
const { text, binary, continuation, ping, pong } = opcodes;

describe('RFC 6455 section 7.4.1: size', () => {
  const echo = useProgram('websocket_echo');

  it('carries a message of the limit, 16 MiB', async () => {
    const client = await RawWebSocket.connect(echo.port);
    const message = Buffer.alloc(limit, 'abcdefg');
    client.send(message);
    assert.ok(message.equals(await client.next()));
    client.destroy();
  });

  it('carries 16 MiB in fragments of 64 KiB', async () => {
    const client = await RawWebSocket.connect(echo.port);
    const part = 'z'.repeat(65536);
    const count = limit / part.length;
    for (let i = 0; i < count; i += 1) {
      client.sendFrame({
        opcode: i === 0 ? text : continuation,
        payload: part,
        fin: i === count - 1,
      });
    }
    assert.equal((await client.next()).length, limit);
    client.destroy();
  });

  it('refuses a frame of one byte more by its header, without waiting for the rest', async () => {
    const client = await RawWebSocket.connect(echo.port);
    client.sendFrame({ opcode: binary, length: limit + 1 });
    assert.equal((await client.nextClose()).code, 1009);
  });

  it('refuses a frame of 2^62 bytes by its header', async () => {
    const client = await RawWebSocket.connect(echo.port);
    client.sendFrame({ opcode: binary, length: 2 ** 62, lengthBytes: 8 });
    assert.equal((await client.nextClose()).code, 1009);
  });

  it('refuses fragments that come to more than the limit together', async () => {
    const client = await RawWebSocket.connect(echo.port);
    client.sendFrame({ opcode: binary, payload: Buffer.alloc(1024), fin: false });
    client.sendFrame({ opcode: continuation, length: limit - 1023 });
    assert.equal((await client.nextClose()).code, 1009);
  });

  it('counts each message by itself', async () => {
    const client = await RawWebSocket.connect(echo.port);
    const message = Buffer.alloc(limit / 2 + 1, 1);
    for (let i = 0; i < 3; i += 1) {
      client.send(message);
      assert.equal((await client.next()).length, message.length);
    }
    client.destroy();
  });

  it('answers a ping in the midst of a large message', async () => {
    const client = await RawWebSocket.connect(echo.port);
    client.sendFrame({ opcode: binary, payload: Buffer.alloc(1 << 20), fin: false });
    client.sendFrame({ opcode: ping, payload: 'there?' });
    assert.equal((await client.nextFrame()).opcode, pong);
    client.sendFrame({ opcode: continuation, payload: Buffer.alloc(1 << 20) });
    assert.equal((await client.next()).length, 2 << 20);
    client.destroy();
  });
});
