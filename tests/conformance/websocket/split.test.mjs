// RFC 6455 section 5: frames mean the same however TCP cuts them.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { frame, opcodes } from '../../support/websocket_frames.mjs';
import { RawWebSocket } from '../../support/raw_websocket.mjs';
import { Random } from '../../support/random.mjs';
import { useProgram } from '../../support/server.mjs';

const conversation = Buffer.concat([
  frame({ opcode: opcodes.text, payload: 'short' }),
  frame({ opcode: opcodes.binary, payload: Buffer.alloc(130, 7) }),
  frame({ opcode: opcodes.text, payload: 'κόσ', fin: false }),
  frame({ opcode: opcodes.ping, payload: '?' }),
  frame({ opcode: opcodes.continuation, payload: 'με' }),
  frame({ opcode: opcodes.text }),
]);

async function assertConversation(client) {
  assert.equal(await client.next(), 'short');
  assert.deepEqual(await client.next(), Buffer.alloc(130, 7));
  assert.equal((await client.nextFrame()).opcode, opcodes.pong);
  assert.equal(await client.next(), 'κόσμε');
  assert.equal(await client.next(), '');
}

describe('RFC 6455 section 5: split at any byte', () => {
  const echo = useProgram('websocket_echo');

  it('understands a conversation in two pieces, cut at every byte', async () => {
    const client = await RawWebSocket.connect(echo.port);
    for (let cut = 0; cut <= conversation.length; cut += 1) {
      client.write(conversation.subarray(0, cut));
      await new Promise((resolve) => setImmediate(resolve));
      client.write(conversation.subarray(cut));
      await assertConversation(client);
    }
    client.destroy();
  });

  it('understands it byte by byte', async () => {
    const client = await RawWebSocket.connect(echo.port);
    await client.writeByteByByte(conversation);
    await assertConversation(client);
    client.destroy();
  });

  it('understands it cut at random places, fifty times', async () => {
    const random = new Random(6455);
    const client = await RawWebSocket.connect(echo.port);
    for (let round = 0; round < 50; round += 1) {
      for (let at = 0; at < conversation.length;) {
        const size = 1 + random.below(60);
        client.write(conversation.subarray(at, at + size));
        at += size;
        await new Promise((resolve) => setImmediate(resolve));
      }
      await assertConversation(client);
    }
    client.destroy();
  });

  it('understands a 64-bit length field cut at every byte', async () => {
    const message = Buffer.alloc(65_536, 5);
    const bytes = frame({ opcode: opcodes.binary, payload: message });
    const client = await RawWebSocket.connect(echo.port);
    for (let cut = 1; cut <= 16; cut += 1) {
      client.write(bytes.subarray(0, cut));
      await new Promise((resolve) => setImmediate(resolve));
      client.write(bytes.subarray(cut));
      assert.deepEqual(await client.next(), message);
    }
    client.destroy();
  });
});
