import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { freshRoom } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';
import { unlimited } from '../support/settings.mjs';
import { useLaboratory } from './laboratory.mjs';

describe('messages over data channels', () => {
  const server = useServer({ env: unlimited });
  const laboratory = useLaboratory();

  /** Ada with these options, and Ben with others, whose channels are open. */
  async function meet(ofAda = {}, ofBen = {}) {
    const lab = await laboratory.open();
    const room = freshRoom();
    await lab.enter(server, room, 'Ada', { media: null, ...ofAda });
    await lab.enter(server, room, 'Ben', { media: null, ...ofBen });
    await lab.areConnected('Ada', 'Ben');
    await lab.until(() => lab.peerOf('Ada', 'Ben').send('first'));
    await lab.until(() => lab.messagesOf('Ben').length === 1);
    return lab;
  }

  const come = (lab, count) => lab.until((count) => lab.messagesOf('Ben').length === count, count);

  /** The outcome of a message that Ada sends: "sent" or a code. */
  const outcome = (lab, send) =>
    lab.run(
      (send) =>
        eval(send)().then(
          () => 'sent',
          ({ name, code }) => `${name} ${code}`,
        ),
      String(send),
    );

  /** Errors that the call of this person told; from now on there are none. */
  const errorsOf = (lab, name) =>
    lab.run((name) => {
      const { log } = lab.people[name];
      const codes = log.filter(({ event }) => event === 'error').map(({ error }) => error.code);
      log.splice(0, Infinity, ...log.filter(({ event }) => event !== 'error'));
      return codes;
    }, name);

  test('of 10 MiB arrive whole and in order, between small ones', async () => {
    const lab = await meet();
    await lab.run(async () => {
      const { call } = lab.people.Ada;
      window.large = lab.madeUpBytes(10 * 2 ** 20);
      window.json = {
        rows: Array.from({ length: 50_000 }, (_, row) => ({ row, text: `ä€😀 ${row}` })),
      };
      const all = ['before', window.large, 'between', window.json, 'after'];
      await Promise.all(all.map((message) => call.send(message)));
    });
    await come(lab, 6);
    const [, before, size, between, rows, after] = await lab.run(() =>
      lab.messagesOf('Ben').map((data) => data.byteLength ?? data.rows?.length ?? data),
    );
    assert.deepEqual(
      [before, size, between, rows, after],
      ['before', 10 * 2 ** 20, 'between', 50_000, 'after'],
    );
    const areSame = await lab.run(async () => {
      const [, , bytes, , json] = lab.messagesOf('Ben');
      const digests = await Promise.all([bytes, window.large].map(lab.digest));
      return [digests[0] === digests[1], JSON.stringify(json) === JSON.stringify(window.json)];
    });
    assert.deepEqual(areSame, [true, true]);
  });

  test('go no faster than the network takes them', async () => {
    const lab = await meet();
    const most = await lab.run(async () => {
      let most = 0;
      const prototype = RTCDataChannel.prototype;
      const { send } = prototype;
      prototype.send = function (data) {
        send.call(this, data);
        most = Math.max(most, this.bufferedAmount);
      };
      await lab.people.Ada.call.send(lab.madeUpBytes(8 * 2 ** 20));
      prototype.send = send;
      return most;
    });
    await come(lab, 2);
    assert.ok(most < 2 * 2 ** 20, `${most} bytes in the channel`);
  });

  test('are refused if they are larger than the limit of either side', async () => {
    const lab = await meet({ maxMessageBytes: 50_000 }, { maxMessageBytes: 30_000 });
    const refused = 'SignalError message-too-large';
    assert.equal(
      await outcome(lab, () => lab.people.Ada.call.send(lab.madeUpBytes(50_001))),
      refused,
    );
    assert.equal(
      await outcome(lab, () => lab.people.Ada.call.send(lab.madeUpBytes(30_001))),
      refused,
    );
    assert.equal(
      await outcome(lab, () => lab.people.Ada.call.send(lab.madeUpBytes(30_000))),
      'sent',
    );
    await come(lab, 2);
    assert.deepEqual(await errorsOf(lab, 'Ada'), ['message-too-large', 'message-too-large']);
  });

  test('that are too large and that nobody waits for are told by the call alone', async () => {
    const lab = await meet({ maxMessageBytes: 1000 });
    await lab.run(() => void lab.people.Ada.call.send('x'.repeat(1000)));
    await lab.until(() => lab.people.Ada.log.some(({ event }) => event === 'error'));
    assert.deepEqual(await errorsOf(lab, 'Ada'), ['message-too-large']);
  });

  test('fail if the peer leaves before they are sent', async () => {
    const lab = await meet();
    const sent = outcome(lab, () => {
      const sent = lab.people.Ada.call.send(lab.madeUpBytes(16 * 2 ** 20));
      lab.people.Ben.call.leave();
      return sent;
    });
    assert.equal(await sent, 'SignalError closed');
    await lab.until(() => lab.people.Ada.call.peers.size === 0);
  });

  test('come whole to a client that knows no chunks', async () => {
    const lab = await meet({}, { isOld: true });
    assert.equal(
      await outcome(lab, () => lab.people.Ada.call.send(lab.madeUpBytes(200_000))),
      'sent',
    );
    assert.equal(await outcome(lab, () => lab.people.Ada.call.send('ä'.repeat(50_000))), 'sent');
    await come(lab, 3);
    const sizes = await lab.run(() => lab.pieces.map((data) => data.byteLength ?? data.length));
    assert.deepEqual(sizes.slice(-2), [200_000, 50_000 + '{"message":""}'.length]);
    const refused = 'SignalError message-too-large';
    assert.equal(
      await outcome(lab, () => lab.people.Ada.call.send(lab.madeUpBytes(300_000))),
      refused,
    );
    assert.deepEqual(await errorsOf(lab, 'Ada'), ['message-too-large']);
    await lab.run(() => lab.people.Ben.call.send('back'));
    await lab.until(() => lab.messagesOf('Ada').includes('back'));
  });

  test('are not cut on a channel that may lose parts of them', async () => {
    const channels = { cursor: { ordered: false, maxRetransmits: 0 } };
    const lab = await meet({ channels }, { channels });
    await lab.until(() => lab.peerOf('Ada', 'Ben').send({ x: 1 }, 'cursor'));
    const send = () => lab.people.Ada.call.send(lab.madeUpBytes(300_000), 'cursor');
    assert.equal(await outcome(lab, send), 'SignalError message-too-large');
    assert.deepEqual(await errorsOf(lab, 'Ada'), ['message-too-large']);
  });

  test('that a hostile peer makes up harm nothing', async () => {
    const lab = await meet({ isOld: true }, { maxMessageBytes: 1000 });
    await lab.run(() => {
      const [main] = lab.rawChannels;
      const pieces = [
        ['{"binary":1001}', new Uint8Array(1001)],
        ['{"text":1e300}', '{"binary":100}', new Uint8Array(60), new Uint8Array(60)],
        ['{"maxMessageBytes":"many"}', '{"binary":-1}', '{"text":{}}', '[', '{"text":3}', 'nul'],
        [new Uint8Array(3), '{"binary":900}', ...Array(50).fill(new Uint8Array(0))],
      ];
      for (const piece of pieces.flat()) main.send(piece);
      main.send('{"message":"the end"}');
    });
    await lab.until(() => lab.messagesOf('Ben').includes('the end'));
    const large = 'message-too-large';
    const expected = [large, large, 'invalid-message', 'invalid-message'];
    assert.deepEqual(await errorsOf(lab, 'Ben'), expected);
    assert.deepEqual(await lab.run(() => lab.messagesOf('Ben')), ['first', 'the end']);
  });
});
