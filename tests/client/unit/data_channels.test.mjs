import { beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { modules } from '../build.mjs';
import { FakeConnection } from '../fake_connection.mjs';

const load = await modules();
const { openChannels } = await load('data_channels');
const { framed } = await load('framed');

const settled = () => new Promise((resolve) => setImmediate(resolve));
const kChunk = 2 ** 14;
const kHighWater = 2 ** 20;

/** Bytes of which no two chunks are alike. */
const bytesOf = (size) =>
  Uint8Array.from({ length: size }, (_, index) => (index * 7 + (index >> 8)) % 251);

/** A page's end of the channels to one peer; `sent` and `got` are by channel. */
class End {
  sent = {};
  got = [];
  errors = [];
  closes = 0;

  constructor({ maxMessageBytes = 2 ** 24, channels = {}, wholeBytes = 2 ** 18 } = {}) {
    const byLabel = (this.channels = {});
    const connection = new FakeConnection();
    connection.sctp = { maxMessageSize: wholeBytes };
    const create = connection.createDataChannel.bind(connection);
    connection.createDataChannel = (label, init) => {
      const channel = create(label, init);
      this.sent[label] = [];
      channel.send = (data) => {
        if (this.fails) throw new Error('full');
        this.sent[label].push(data instanceof Uint8Array ? data.slice().buffer : data);
        channel.bufferedAmount += this.clogs ? (data.byteLength ?? data.length) : 0;
      };
      channel.close = () => channel.dispatchEvent(new Event('close'));
      return (byLabel[label] = channel);
    };
    this.all = openChannels(connection, {
      channels_: { main: {}, ...channels },
      maxMessageBytes_: maxMessageBytes,
      tell_: (name, { error }) => this.errors.push(error.code),
      onFrame_: ({ message }, label) => message !== undefined && this.got.push([label, message]),
      onOpen_: () => {},
      onClose_: () => (this.closes += 1),
    });
    for (const channel of Object.values(byLabel)) {
      channel.readyState = 'open';
      channel.dispatchEvent(new Event('open'));
    }
  }

  send(message, label) {
    return this.all.send_(framed(message), label);
  }

  hear(data, label = 'main') {
    this.channels[label].dispatchEvent(Object.assign(new Event('message'), { data }));
  }

  /** All that it sends comes to the other one. */
  empty(other) {
    for (const [label, sent] of Object.entries(this.sent)) {
      for (const data of sent.splice(0)) other.hear(data, label);
    }
  }

  /** The network takes what the channel holds. */
  drain(label = 'main') {
    this.channels[label].bufferedAmount = 0;
    this.channels[label].dispatchEvent(new Event('bufferedamountlow'));
  }
}

describe('data channels', () => {
  let ada;
  let ben;

  beforeEach(() => {
    [ada, ben] = [new End(), new End()];
    ada.empty(ben);
    ben.empty(ada);
  });

  const rejects = (promise, code) => assert.rejects(promise, { code });
  const announcement = (maxMessageBytes) => JSON.stringify({ maxMessageBytes });

  test('say how large a message may be, before anything else', () => {
    assert.deepEqual(new End().sent.main, [announcement(2 ** 24)]);
  });

  test('carry large messages in chunks, and small ones whole, in order', async () => {
    const large = bytesOf(5 * kChunk + 1);
    const text = { text: 'ä€😀"\\ '.repeat(20_000) };
    const all = [1, large, 2, text, large.buffer, new Uint8Array([3]), new Uint8Array(0)];
    const sent = all.map((message) => ada.send(message));
    assert.deepEqual(ada.sent.main.slice(0, 2), ['{"message":1}', `{"binary":${large.length}}`]);
    for (const piece of ada.sent.main) assert.ok((piece.byteLength ?? piece.length) <= kChunk);
    assert.ok((await Promise.all(sent)).every(Boolean));
    ada.empty(ben);
    const expected = all.map((message) =>
      ArrayBuffer.isView(message) ? message.slice().buffer : message,
    );
    assert.deepEqual(
      ben.got,
      expected.map((message) => ['main', message]),
    );
    assert.deepEqual(ben.errors, []);
  });

  test('take a view of a part of a buffer for that part', async () => {
    const buffer = bytesOf(4 * kChunk).buffer;
    await ada.send(new DataView(buffer, 10, 2 * kChunk));
    ada.empty(ben);
    assert.deepEqual(ben.got, [['main', buffer.slice(10, 10 + 2 * kChunk)]]);
  });

  test('send no faster than the network', async () => {
    ada.clogs = true;
    let isDone = false;
    const size = 3 * kHighWater;
    const sent = [ada.send(bytesOf(size)), ada.send('after')];
    sent[1].then(() => (isDone = true));
    const said = () => ada.sent.main.reduce((sum, data) => sum + (data.byteLength ?? 0), 0);
    await settled();
    assert.ok(said() <= kHighWater + kChunk, `${said()} bytes at once`);
    while (!isDone) {
      const before = said();
      ada.drain();
      await settled();
      assert.ok(said() - before <= kHighWater + kChunk);
    }
    assert.equal(said(), size);
    assert.equal(ada.sent.main.at(-1), '{"message":"after"}');
    await Promise.all(sent);
  });

  test('send the messages of the package before those that wait', async () => {
    ada.clogs = true;
    ada.send(bytesOf(2 * kHighWater)).catch(() => {});
    ada.all.say_({ id: 'new' });
    assert.equal(ada.sent.main.at(-1), '{"id":"new"}');
    ada.empty(ben);
    ada.drain();
    ada.empty(ben);
    assert.equal(ben.got[0][1].byteLength, 2 * kHighWater);
  });

  test('hold no more than two of the largest messages, and nothing when they close', async () => {
    const own = new End({ maxMessageBytes: kHighWater });
    own.hear(announcement(2 ** 24));
    own.clogs = true;
    const all = [1, 2, 3].map(() => own.send(bytesOf(kHighWater)));
    await rejects(own.send(bytesOf(kHighWater)), 'queue-full');
    const outcomes = Promise.allSettled(all);
    own.all.close_();
    const codes = (await outcomes).map(({ reason }) => reason?.code);
    assert.deepEqual(codes.slice(1), ['closed', 'closed']);
    const sent = own.sent.main.length;
    own.drain();
    assert.equal(own.sent.main.length, sent);
    own.clogs = false;
    own.channels.main.bufferedAmount = 0;
    assert.equal(await own.send('again'), true);
  });

  test('refuse a message that is too large for one of the two sides', async () => {
    const own = new End({ maxMessageBytes: 100_000 });
    own.hear(announcement(50_000));
    await rejects(own.send(bytesOf(100_001)), 'message-too-large');
    await rejects(own.send(bytesOf(50_001)), 'message-too-large');
    await rejects(own.send('ä'.repeat(25_000)), 'message-too-large');
    assert.equal(await own.send(bytesOf(50_000)), true);
    assert.deepEqual(own.sent.main[1], '{"binary":50000}');
  });

  test('send whole messages to a peer that does not announce chunks', async (context) => {
    let late;
    context.mock.method(globalThis, 'setTimeout', (run) => {
      late = run;
      return 1;
    });
    const own = new End({ wholeBytes: 200_000 });
    const bytes = bytesOf(200_000);
    assert.equal(await own.send(bytes), true);
    assert.deepEqual(own.sent.main[1], bytes.buffer);
    const tooLarge = own.send(bytesOf(200_001));
    const after = own.send('after');
    await settled();
    assert.equal(own.sent.main.length, 2, 'it may be about to say so');
    late();
    await rejects(tooLarge, 'message-too-large');
    assert.equal(await after, true);
    await rejects(own.send(bytesOf(200_001)), 'message-too-large');
  });

  test('have a large message wait until the other side has said that it takes chunks', async () => {
    const own = new End();
    const sent = own.send(bytesOf(300_000));
    own.hear(announcement(2 ** 24));
    assert.equal(await sent, true);
    assert.equal(own.sent.main[1], '{"binary":300000}');
    own.all.close_();
  });

  test('cut nothing on channels that may lose or reorder it', async () => {
    const lossy = { a: { ordered: false }, b: { maxRetransmits: 0 }, c: { maxPacketLifeTime: 5 } };
    const own = new End({ channels: lossy, wholeBytes: 60_000 });
    own.hear(announcement(2 ** 24));
    for (const label of ['a', 'b', 'c']) {
      await rejects(own.send(bytesOf(60_001), label), 'message-too-large');
      assert.equal(await own.send(bytesOf(60_000), label), true);
      assert.equal(own.sent[label][0].byteLength, 60_000);
    }
  });

  test('let nothing wait on channels that may lose or reorder it', async () => {
    const lossy = { a: { ordered: false }, b: { maxRetransmits: 0 }, c: { maxPacketLifeTime: 5 } };
    const own = new End({ channels: lossy });
    own.clogs = true;
    for (const label of ['a', 'b', 'c']) {
      while (own.channels[label].bufferedAmount <= kHighWater) {
        assert.equal(await own.send(bytesOf(200_000), label), true);
      }
      const count = own.sent[label].length;
      await rejects(own.send('out of date', label), 'queue-full');
      own.drain(label);
      assert.equal(own.sent[label].length, count);
      assert.equal(await own.send('new', label), true);
    }
  });

  test('close one that fails in the midst of a message', async () => {
    ada.clogs = true;
    const sent = ada.send(bytesOf(2 * kHighWater));
    const after = ada.send('after');
    ada.fails = true;
    const outcomes = Promise.allSettled([sent, after]);
    ada.drain();
    assert.deepEqual(
      (await outcomes).map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(ada.closes, 1);
  });

  const chunk = (size) => bytesOf(size).buffer;

  for (const [what, pieces, codes, got = []] of [
    ['announces too much', ['{"binary":1001}', chunk(1000)], ['message-too-large']],
    [
      'announces far too much',
      ['{"text":1e300}', chunk(500), chunk(500), chunk(500)],
      ['message-too-large'],
    ],
    [
      'announces nonsense',
      ['{"text":-1}', '{"binary":"x"}', '{"text":null,"binary":{}}', '{"binary":0}'],
      [],
    ],
    ['announces what is no number', ['{"text":{"toString":1,"valueOf":1}}'], []],
    ['announces less than a byte', ['{"binary":0.5}', chunk(1)], ['invalid-message']],
    [
      'sends more than it announced',
      ['{"binary":10}', chunk(6), chunk(6), chunk(1)],
      ['invalid-message'],
      [1],
    ],
    [
      'begins again and again',
      ['{"binary":10}', chunk(6), '{"binary":2}', chunk(2)],
      ['invalid-message'],
      [2],
    ],
    [
      'never ends',
      ['{"binary":1000}', ...Array(500).fill(chunk(0)), ...Array(999).fill(chunk(1))],
      [],
    ],
    ['sends text that is no JSON', ['{"text":5}', chunk(5)], []],
    [
      'sends a whole message that is too large',
      [chunk(1001), `"${'x'.repeat(1000)}"`],
      Array(2).fill('message-too-large'),
    ],
    ['speaks in between', ['{"binary":2}', chunk(1), '{"message":"hm"}', chunk(1)], [], ['hm', 2]],
  ]) {
    test(`bear a peer that ${what}`, () => {
      const own = new End({ maxMessageBytes: 1000 });
      for (const piece of pieces) own.hear(piece);
      assert.deepEqual(own.errors, codes);
      assert.deepEqual(
        own.got.map(([, message]) => message.byteLength ?? message),
        got,
      );
    });
  }

  test('bear a peer that announces nonsense of itself', async () => {
    for (const limit of ['-5', '"many"', 'null', '{}', '1e300', '0']) {
      const own = new End();
      own.hear(`{"maxMessageBytes":${limit}}`);
      assert.equal(await own.send('hello'), true);
      assert.equal(await own.send(bytesOf(10_000)), true);
      own.send(bytesOf(20_000)).catch(() => {});
      own.all.close_();
    }
  });
});
