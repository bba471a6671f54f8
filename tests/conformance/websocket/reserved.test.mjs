// RFC 6455 section 5.2: reserved bits and opcodes; section 5.1: masking.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { opcodes } from '../../support/websocket_frames.mjs';
import { RawWebSocket } from '../../support/raw_websocket.mjs';
import { useProgram } from '../../support/server.mjs';

const { text, binary, continuation, ping, close } = opcodes;

describe('RFC 6455 sections 5.1 and 5.2: reserved bits, opcodes and masking', () => {
  const echo = useProgram('websocket_echo');

  async function assertProtocolError(...frames) {
    const client = await RawWebSocket.connect(echo.port);
    for (const parts of frames) client.sendFrame(parts);
    assert.equal((await client.nextClose()).code, 1002);
  }

  for (let rsv = 1; rsv <= 7; rsv += 1) {
    it(`5.2: refuses reserved bits ${rsv.toString(2).padStart(3, '0')}`, async () => {
      await assertProtocolError({ opcode: text, payload: 'x', rsv });
    });
  }

  it('5.2: refuses reserved bits of a control frame', async () => {
    await assertProtocolError({ opcode: ping, rsv: 4 });
  });

  it('5.2: refuses reserved bits of a continuation', async () => {
    await assertProtocolError({ opcode: text, fin: false }, { opcode: continuation, rsv: 4 });
  });

  for (const opcode of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) {
    it(`5.2: refuses opcode ${opcode}`, async () => {
      await assertProtocolError({ opcode, payload: 'x' });
    });
  }

  for (const [name, parts] of [
    ['text', { opcode: text, payload: 'bare' }],
    ['binary', { opcode: binary, payload: 'bare' }],
    ['empty text', { opcode: text }],
    ['ping', { opcode: ping }],
    ['close', { opcode: close, payload: Buffer.from([3, 232]) }],
  ]) {
    it(`5.1: refuses an unmasked ${name}`, async () => {
      await assertProtocolError({ ...parts, masked: false });
    });
  }

  for (const mask of [
    Buffer.alloc(4, 0),
    Buffer.alloc(4, 255),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from([0, 0, 0, 1]),
  ]) {
    it(`5.3: takes off the mask ${mask.toString('hex')}, at every alignment of the payload`, async () => {
      const client = await RawWebSocket.connect(echo.port);
      for (let length = 0; length <= 40; length += 1) {
        const payload = 'The quick brown fox jumps over the lazy dog'.slice(0, length);
        client.sendFrame({ opcode: text, payload, mask });
        assert.equal(await client.next(), payload);
      }
      client.destroy();
    });
  }

  it('5.2: echoes messages that were complete before the violation', async () => {
    const client = await RawWebSocket.connect(echo.port);
    client.send('sound');
    client.sendFrame({ opcode: 11 });
    client.send('never read');
    assert.equal(await client.next(), 'sound');
    assert.equal((await client.nextClose()).code, 1002);
  });
});
