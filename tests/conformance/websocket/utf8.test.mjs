// RFC 6455 section 8.1 and RFC 3629: text must be UTF-8, wherever it is cut.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { closePayload, opcodes } from '../../support/websocket_frames.mjs';
import { RawWebSocket } from '../../support/raw_websocket.mjs';
import { useProgram } from '../../support/server.mjs';

const { text, binary, continuation, close } = opcodes;
const hex = (digits) => Buffer.from(digits.replaceAll(' ', ''), 'hex');

const valid = {
  'Greek and beyond': Buffer.from('Hello-µ@ßöäüàá-UTF-8!! κόσμε'),
  'first of one byte (NUL)': hex('00'),
  'last of one byte': hex('7f'),
  'first of two bytes': hex('c2 80'),
  'last of two bytes': hex('df bf'),
  'first of three bytes': hex('e0 a0 80'),
  'last before the surrogates': hex('ed 9f bf'),
  'first after the surrogates': hex('ee 80 80'),
  'replacement character': hex('ef bf bd'),
  'noncharacters U+FFFE and U+FFFF': hex('ef bf be ef bf bf'),
  'first of four bytes': hex('f0 90 80 80'),
  'last of Unicode, U+10FFFF': hex('f4 8f bf bf'),
  'byte order mark': hex('ef bb bf 61'),
};

const invalid = {
  'a lone continuation byte': hex('80'),
  'continuation bytes only': hex('80 bf 80 bf'),
  'a sequence of two cut off': hex('61 c3'),
  'a sequence of three cut off': hex('e2 82'),
  'a sequence of four cut off': hex('f0 9f 98'),
  'a sequence broken by ASCII': hex('e2 82 41'),
  'an overlong slash of two bytes': hex('c0 af'),
  'an overlong slash of three bytes': hex('e0 80 af'),
  'an overlong slash of four bytes': hex('f0 80 80 af'),
  'an overlong NUL': hex('c0 80'),
  'the highest overlong of two bytes': hex('c1 bf'),
  'the highest overlong of three bytes': hex('e0 9f bf'),
  'the highest overlong of four bytes': hex('f0 8f bf bf'),
  'the first surrogate': hex('ed a0 80'),
  'the last surrogate': hex('ed bf bf'),
  'a pair of surrogates': hex('ed a0 80 ed b0 80'),
  'a code point above U+10FFFF': hex('f4 90 80 80'),
  'a sequence of five bytes': hex('f8 88 80 80 80'),
  'a sequence of six bytes': hex('fc 84 80 80 80 80'),
  FE: hex('fe'),
  FF: hex('ff'),
  'a Latin-1 letter': hex('63 61 66 e9'),
};

describe('RFC 6455 section 8.1: UTF-8', () => {
  const echo = useProgram('websocket_echo');

  for (const [what, payload] of Object.entries(valid)) {
    it(`takes ${what}, whole and cut at every byte`, async () => {
      const client = await RawWebSocket.connect(echo.port);
      client.sendFrame({ opcode: text, payload });
      assert.deepEqual(await nextBytes(client), payload);
      for (let cut = 0; cut <= payload.length; cut += 1) {
        client.sendFrame({ opcode: text, payload: payload.subarray(0, cut), fin: false });
        client.sendFrame({ opcode: continuation, payload: payload.subarray(cut) });
        assert.deepEqual(await nextBytes(client), payload);
      }
      client.destroy();
    });
  }

  for (const [what, payload] of Object.entries(invalid)) {
    it(`refuses ${what} with 1007, whole and in fragments of one byte`, async () => {
      const whole = await RawWebSocket.connect(echo.port);
      whole.sendFrame({ opcode: text, payload });
      assert.equal((await whole.nextClose()).code, 1007);
      const parts = await RawWebSocket.connect(echo.port);
      payload.forEach((byte, i) => {
        const fin = i === payload.length - 1;
        parts.sendFrame({
          opcode: i === 0 ? text : continuation,
          payload: Buffer.from([byte]),
          fin,
        });
      });
      assert.equal((await parts.nextClose()).code, 1007);
    });
  }

  it('refuses bad text between long runs of good text', async () => {
    for (const at of [0, 1, 7, 8, 15, 16, 31, 32, 63, 64, 1000, 65_536]) {
      const client = await RawWebSocket.connect(echo.port);
      const payload = Buffer.concat([
        Buffer.alloc(at, 'a'),
        hex('ed a0 80'),
        Buffer.alloc(100, 'b'),
      ]);
      client.sendFrame({ opcode: text, payload });
      assert.equal((await client.nextClose()).code, 1007, `at ${at}`);
    }
  });

  const good = Buffer.from('κόσμε');
  for (const [what, pieces] of [
    ['6.4.1: in a fragment of its own', [good, hex('f4 90 80 80')]],
    [
      '6.4.2: behind a lead byte in the fragment before',
      [Buffer.concat([good, hex('f4')]), hex('90')],
    ],
    ['a surrogate', [Buffer.concat([good, hex('ed')]), hex('a0')]],
    ['a sequence that another byte interrupts', [hex('e2 82'), hex('41')]],
  ]) {
    it(`refuses a message that is not complete: ${what}`, async () => {
      const client = await RawWebSocket.connect(echo.port);
      pieces.forEach((payload, i) => {
        client.sendFrame({ opcode: i === 0 ? text : continuation, payload, fin: false });
      });
      assert.equal((await client.nextClose()).code, 1007);
    });
  }

  for (const [what, payload] of [
    ['6.4.3: behind the bad sequence', Buffer.concat([good, hex('f4 90 80 80')])],
    ['6.4.4: behind the first byte that is bad', Buffer.concat([good, hex('f4 90')])],
  ]) {
    it(`refuses a frame that is not complete: ${what}`, async () => {
      const client = await RawWebSocket.connect(echo.port);
      client.sendFrame({ opcode: text, payload, length: payload.length + 100 });
      assert.equal((await client.nextClose()).code, 1007);
    });
  }

  it('asks nothing of binary messages', async () => {
    const client = await RawWebSocket.connect(echo.port);
    client.sendFrame({ opcode: binary, payload: hex('ff fe c0 80') });
    assert.deepEqual(await client.next(), hex('ff fe c0 80'));
    client.destroy();
  });

  it('refuses a close reason that is no UTF-8', async () => {
    const client = await RawWebSocket.connect(echo.port);
    client.sendFrame({ opcode: close, payload: Buffer.concat([closePayload(1000), hex('c0 af')]) });
    assert.ok([1002, 1007].includes((await client.nextClose()).code));
  });
});

async function nextBytes(client) {
  const { opcode, payload, fin } = await client.nextFrame();
  assert.deepEqual([opcode, fin], [text, true]);
  return payload;
}
