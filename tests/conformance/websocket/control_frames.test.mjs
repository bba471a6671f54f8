// RFC 6455 section 5.5: control frames.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { opcodes } from '../../support/websocket_frames.mjs';
import { RawWebSocket } from '../../support/raw_websocket.mjs';
import { useProgram } from '../../support/server.mjs';

const { ping, pong, close } = opcodes;

describe('RFC 6455 section 5.5: control frames', () => {
  const echo = useProgram('websocket_echo');

  for (const [what, payload] of [
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('Hello')],
    ['bytes that are no UTF-8', Buffer.from([0, 255, 254, 253, 252, 251, 0])],
    ['125 bytes', Buffer.alloc(125, 0xfe)],
  ]) {
    it(`5.5.2: answers a ping of ${what} with a pong of the same`, async () => {
      const client = await RawWebSocket.connect(echo.port);
      client.sendFrame({ opcode: ping, payload });
      const answer = await client.nextFrame();
      assert.deepEqual([answer.opcode, answer.fin, answer.payload], [pong, true, payload]);
      client.destroy();
    });
  }

  it('5.5.3: answers each of ten pings in order', async () => {
    const client = await RawWebSocket.connect(echo.port);
    for (let i = 0; i < 10; i += 1) client.sendFrame({ opcode: ping, payload: `ping ${i}` });
    // A server may answer only the latest ping that it has seen, so the last one is what must come
    // back.
    let answer = await client.nextFrame();
    while (answer.payload.toString() !== 'ping 9') {
      assert.equal(answer.opcode, pong);
      answer = await client.nextFrame();
    }
    client.destroy();
  });

  it('5.5.3: says nothing to pongs that nobody asked for', async () => {
    const client = await RawWebSocket.connect(echo.port);
    client.sendFrame({ opcode: pong });
    client.sendFrame({ opcode: pong, payload: 'unsolicited' });
    client.send('after');
    assert.equal(await client.next(), 'after');
    client.destroy();
  });

  for (const [name, opcode] of [
    ['ping', ping],
    ['pong', pong],
    ['close', close],
  ]) {
    it(`5.5: refuses a ${name} of 126 bytes`, async () => {
      const client = await RawWebSocket.connect(echo.port);
      client.sendFrame({
        opcode,
        payload: Buffer.concat([Buffer.from([3, 232]), Buffer.alloc(124, 0x61)]),
      });
      assert.equal((await client.nextClose()).code, 1002);
    });

    it(`5.5: refuses a ${name} in fragments`, async () => {
      const client = await RawWebSocket.connect(echo.port);
      client.sendFrame({ opcode, fin: false, payload: Buffer.from([3, 232]) });
      assert.equal((await client.nextClose()).code, 1002);
    });
  }
});
