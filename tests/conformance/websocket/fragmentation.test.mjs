// RFC 6455 section 5.4: messages in fragments.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { opcodes } from '../../support/websocket_frames.mjs';
import { RawWebSocket } from '../../support/raw_websocket.mjs';
import { useProgram } from '../../support/server.mjs';

const { continuation, text, binary, ping, pong } = opcodes;

describe('RFC 6455 section 5.4: fragmentation', () => {
  const echo = useProgram('websocket_echo');

  async function connectAndSend(...frames) {
    const client = await RawWebSocket.connect(echo.port);
    for (const parts of frames) client.sendFrame(parts);
    return client;
  }

  async function assertProtocolError(...frames) {
    const client = await connectAndSend(...frames);
    assert.equal((await client.nextClose()).code, 1002);
  }

  it('joins a text of two fragments', async () => {
    const client = await connectAndSend(
      { opcode: text, payload: 'Hel', fin: false },
      { opcode: continuation, payload: 'lo' },
    );
    assert.equal(await client.next(), 'Hello');
    client.destroy();
  });

  it('joins binary fragments of very different lengths', async () => {
    const parts = [
      Buffer.alloc(1, 1),
      Buffer.alloc(0),
      Buffer.alloc(70_000, 2),
      Buffer.alloc(126, 3),
      Buffer.alloc(0),
    ];
    const frames = parts.map((payload, i) => ({
      opcode: i === 0 ? binary : continuation,
      payload,
      fin: i === parts.length - 1,
    }));
    const client = await connectAndSend(...frames);
    assert.deepEqual(await client.next(), Buffer.concat(parts));
    client.destroy();
  });

  it('joins a message of a thousand fragments of one byte', async () => {
    const frames = Array.from({ length: 1000 }, (_, i) => ({
      opcode: i === 0 ? text : continuation,
      payload: String(i % 10),
      fin: i === 999,
    }));
    const client = await connectAndSend(...frames);
    assert.equal(await client.next(), '0123456789'.repeat(100));
    client.destroy();
  });

  it('takes empty fragments only, as an empty message', async () => {
    const client = await connectAndSend(
      { opcode: text, fin: false },
      { opcode: continuation, fin: false },
      { opcode: continuation },
    );
    assert.equal(await client.next(), '');
    client.destroy();
  });

  it('answers a ping between two fragments, before the message is whole', async () => {
    const client = await connectAndSend(
      { opcode: text, payload: 'be', fin: false },
      { opcode: ping, payload: 'now' },
    );
    const answer = await client.nextFrame();
    assert.deepEqual([answer.opcode, answer.payload.toString()], [pong, 'now']);
    client.sendFrame({ opcode: continuation, payload: 'fore' });
    assert.equal(await client.next(), 'before');
    client.destroy();
  });

  it('ignores a pong between two fragments', async () => {
    const client = await connectAndSend(
      { opcode: text, payload: 'a', fin: false },
      { opcode: pong, payload: 'unasked' },
      { opcode: continuation, payload: 'b' },
    );
    assert.equal(await client.next(), 'ab');
    client.destroy();
  });

  it('is ready for the next message after a fragmented one', async () => {
    const client = await connectAndSend(
      { opcode: text, payload: 'one', fin: false },
      { opcode: continuation, payload: '!' },
      { opcode: binary, payload: 'two' },
    );
    assert.equal(await client.next(), 'one!');
    assert.deepEqual(await client.next(), Buffer.from('two'));
    client.destroy();
  });

  it('refuses a continuation when nothing was begun', async () => {
    await assertProtocolError({ opcode: continuation, payload: 'of what?' });
  });

  it('refuses an unfinished continuation when nothing was begun', async () => {
    await assertProtocolError({ opcode: continuation, payload: 'of what?', fin: false });
  });

  it('refuses a continuation after a message that was whole', async () => {
    const client = await connectAndSend(
      { opcode: text, payload: 'whole' },
      { opcode: continuation, payload: 'more' },
    );
    assert.equal(await client.next(), 'whole');
    assert.equal((await client.nextClose()).code, 1002);
  });

  for (const [name, opcode] of [
    ['text', text],
    ['binary', binary],
  ]) {
    it(`refuses a new ${name} message inside a fragmented one`, async () => {
      await assertProtocolError(
        { opcode: text, payload: 'a', fin: false },
        { opcode, payload: 'b' },
      );
    });
  }
});
