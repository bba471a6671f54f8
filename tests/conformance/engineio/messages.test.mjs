// Engine.IO 4, "Message" and "Packet encoding": what goes in comes out, as text or as bytes.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { PollingSession, separator, WebSocketSession } from '../../support/engineio.mjs';
import { opcodes } from '../../support/websocket_frames.mjs';
import { useProgram } from '../../support/server.mjs';

const texts = {
  'an empty message': '4',
  'a short text': '4hello',
  'a text that looks like a packet': '42',
  'a text that begins like binary': '4bAQIDBA==',
  'letters beyond ASCII': '4κόσμε €',
  'letters beyond the first plane': '4😀🏳️‍🌈',
  'control characters': '4\u0000\u0001\u0007\n\r\t\u007f',
  'a long text': `4${'long '.repeat(20_000)}`,
};

describe('Engine.IO messages over HTTP long-polling', () => {
  const program = useProgram('engineio_echo');
  const open = () => PollingSession.open(program.port, '/engine.io/');

  for (const [what, packet] of Object.entries(texts)) {
    it(`carries ${what}`, async () => {
      const session = await open();
      await session.send(packet);
      assert.deepEqual(await session.packets(), [packet]);
    });
  }

  it('splits a payload into its packets, in order', async () => {
    const session = await open();
    const packets = Array.from({ length: 100 }, (_, i) => `4number ${i}`);
    await session.send(...packets);
    const received = [];
    while (received.length < packets.length) received.push(...(await session.packets()));
    assert.deepEqual(received, packets);
  });

  it('answers a poll with 16 packets at most, as many as a Python client takes', async () => {
    const session = await open();
    const packets = Array.from({ length: 40 }, (_, i) => (i % 2 ? `4number ${i}` : 'bAQIDBA=='));
    await session.send(...packets);
    const counts = [];
    const received = [];
    while (received.length < packets.length) {
      const some = (await session.poll()).body.split(separator);
      if (some.includes('2')) await session.send('3');
      counts.push(some.length);
      received.push(...some.filter((packet) => packet !== '2'));
    }
    assert.ok(
      counts.every((count) => count <= 16),
      `${counts}`,
    );
    assert.deepEqual(received, packets);
  });

  it('takes base64 in lines that end in CR LF or LF, as Java clients write it', async () => {
    const session = await open();
    const base64 = Buffer.alloc(150, 0xfb).toString('base64');
    for (const end of ['\n', '\r\n']) {
      const lines = base64.match(/.{1,76}/g).map((line) => line + end);
      await session.send(`b${lines.join('')}`, '4and text');
      assert.deepEqual(await session.packets(), [`b${base64}`, '4and text']);
    }
  });

  it('carries binary as base64 behind a "b"', async () => {
    const session = await open();
    await session.send('bAQIDBA==');
    assert.deepEqual(await session.packets(), ['bAQIDBA==']);
  });

  it('carries binary of every remainder of three, and none', async () => {
    const session = await open();
    const packets = [
      'b',
      'bAA==',
      'bAAE=',
      'bAAEC',
      `b${Buffer.alloc(5000, 0xfb).toString('base64')}`,
    ];
    await session.send(...packets);
    assert.deepEqual(await session.packets(), packets);
  });

  it('carries text and binary in one payload', async () => {
    const session = await open();
    await session.send('4hello', 'bAQIDBA==', '4world');
    assert.deepEqual(await session.packets(), ['4hello', 'bAQIDBA==', '4world']);
  });

  it('writes one payload with separators between packets and none at its ends', async () => {
    const session = await open();
    await session.send('4a', '4b');
    assert.match(
      (await session.poll()).body,
      new RegExp(`(^|${separator})4a${separator}4b($|${separator}2)`),
    );
  });
});

describe('Engine.IO messages over WebSocket', () => {
  const program = useProgram('engineio_echo');
  const open = () => WebSocketSession.open(program.port, '/engine.io/');

  for (const [what, packet] of Object.entries(texts)) {
    it(`carries ${what}`, async () => {
      const session = await open();
      session.send(packet);
      assert.equal(await session.next(), packet);
      session.destroy();
    });
  }

  for (const length of [0, 1, 4, 125, 126, 65_535, 65_536, 500_000]) {
    it(`carries ${length} bytes as they are, in a binary frame`, async () => {
      const session = await open();
      const bytes = Buffer.alloc(length, 0x1e);
      session.send(bytes);
      assert.deepEqual(await session.next(), bytes);
      session.destroy();
    });
  }

  it('keeps text and binary in order', async () => {
    const session = await open();
    const packets = Array.from({ length: 60 }, (_, i) => (i % 3 ? `4text ${i}` : Buffer.from([i])));
    for (const packet of packets) session.send(packet);
    for (const packet of packets) assert.deepEqual(await session.next(), packet);
    session.destroy();
  });

  it('does not take the record separator for anything: one frame is one packet', async () => {
    const session = await open();
    session.send(`4a${separator}4b`);
    assert.equal(await session.next(), `4a${separator}4b`);
    session.destroy();
  });

  it('reads a packet whose WebSocket message came in fragments', async () => {
    const session = await open();
    const { text, continuation } = opcodes;
    session.socket.sendFrame({ opcode: text, payload: '4in ', fin: false });
    session.socket.sendFrame({ opcode: continuation, payload: 'two parts' });
    assert.equal(await session.next(), '4in two parts');
    session.destroy();
  });

  for (const [what, packet] of [
    ['an unknown packet type', 'abc'],
    ['the type 7', '7'],
    ['an empty text frame', ''],
    ['a second open packet', '0{}'],
  ]) {
    it(`closes the session upon ${what}`, async () => {
      const session = await open();
      session.send(packet);
      await session.end();
    });
  }
});
