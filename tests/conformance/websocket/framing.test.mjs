// RFC 6455 sections 5.2 and 5.6: data frames of every length class.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { opcodes } from '../../support/websocket_frames.mjs';
import { RawWebSocket } from '../../support/raw_websocket.mjs';
import { useProgram } from '../../support/server.mjs';

const lengths = [
  0,
  1,
  2,
  7,
  8,
  124,
  125,
  126,
  127,
  128,
  255,
  256,
  65534,
  65535,
  65536,
  65537,
  1 << 20,
];

/** The length field that the standard requires: the shortest that fits. */
const shortestField = (length) => (length < 126 ? 0 : length < 65536 ? 2 : 8);

describe('RFC 6455 section 5.2: lengths', () => {
  const echo = useProgram('websocket_echo');

  for (const length of lengths) {
    it(`carries a text of ${length} bytes`, async () => {
      const client = await RawWebSocket.connect(echo.port);
      const text = 'abcdefgh'.repeat(length / 8 + 1).slice(0, length);
      client.send(text);
      assert.equal(await client.next(), text);
      client.destroy();
    });

    it(`carries ${length} binary bytes`, async () => {
      const client = await RawWebSocket.connect(echo.port);
      const bytes = Buffer.from(
        Array.from({ length: Math.min(length, 4096) }, (_, i) => (i * 7) & 255),
      );
      const message = Buffer.concat(Array(Math.ceil(length / 4096)).fill(bytes)).subarray(
        0,
        length,
      );
      client.send(message);
      assert.deepEqual(await client.next(), message);
      client.destroy();
    });
  }

  it('writes the shortest length field, no mask and no reserved bit', async () => {
    const client = await RawWebSocket.connect(echo.port);
    for (const length of [0, 125, 126, 65535, 65536]) {
      client.send(Buffer.alloc(length));
      let received = 0;
      for (let fin = false; !fin;) {
        const part = await client.nextFrame();
        assert.equal(
          part.lengthBytes,
          shortestField(part.payload.length),
          `a frame of ${part.payload.length}`,
        );
        assert.deepEqual([part.masked, part.rsv], [false, 0]);
        received += part.payload.length;
        fin = part.fin;
      }
      assert.equal(received, length);
    }
    client.destroy();
  });

  for (const [length, lengthBytes] of [
    [5, 2],
    [5, 8],
    [125, 2],
    [65535, 8],
  ]) {
    it(`refuses ${length} bytes announced in a field of ${lengthBytes} bytes: not the shortest`, async () => {
      const client = await RawWebSocket.connect(echo.port);
      client.sendFrame({ opcode: opcodes.binary, payload: Buffer.alloc(length), lengthBytes });
      assert.equal((await client.nextClose()).code, 1002);
    });
  }

  it('refuses a length with the highest bit set', async () => {
    const client = await RawWebSocket.connect(echo.port);
    client.write(Buffer.from([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5]));
    assert.ok([1002, 1009].includes((await client.nextClose()).code));
  });

  it('keeps the order of many messages sent in one write', async () => {
    const client = await RawWebSocket.connect(echo.port);
    const texts = Array.from({ length: 500 }, (_, i) => `message ${i} ${'x'.repeat(i)}`);
    client.socket.cork();
    for (const text of texts) client.send(text);
    client.socket.uncork();
    for (const text of texts) assert.equal(await client.next(), text);
    client.destroy();
  });
});
