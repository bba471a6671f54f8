import { beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { modules } from '../build.mjs';
import { FakeConnection } from '../fake_connection.mjs';

const load = await modules();
const { createRemotePeer } = await load('remote_peer');
const { publicationOf } = await load('published');
const { sendToAll } = await load('send_to_all');

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Remembers its channels. */
class Connection extends FakeConnection {
  static last;
  channels = {};

  constructor() {
    super();
    Connection.last = this;
  }

  createDataChannel(label, init) {
    return (this.channels[label] = super.createDataChannel(label, init));
  }
}

describe('a remote peer', () => {
  let host;
  let sent;
  let told;

  beforeEach(() => {
    sent = [];
    told = [];
    host = {
      signal_: {
        id: 'us',
        sendDescription: async (room, to, { type }, { payload }) =>
          void sent.push({ room, to, type, payload }),
        sendCandidate: async () => {},
      },
      room_: { name_: 'R' },
      emit_: (name, { peer, ...detail }) => told.push([name, detail]),
      status_: undefined,
      channels_: { main: {}, cursor: {} },
      published_: new Map(),
      codecs_: [],
      maxMessageBytes_: 1000,
      RTCPeerConnection_: Connection,
      configuration_: async () => ({}),
      onLost_: () => {},
      onAnnounced_: (_, nextId) => told.push(['announced', nextId]),
    };
  });

  async function meet() {
    const peer = createRemotePeer(host, 'them', { name: 'Ben' }, true);
    await settled();
    return peer;
  }

  test('gets the ids of the connections and the kinds of the streams with each description', async () => {
    const video = { kind: 'video' };
    const stream = { id: 'S', getTracks: () => [video] };
    host.published_.set('screen', publicationOf(stream));
    const peer = await meet();
    const offer = async () => {
      Connection.last.tell('negotiationneeded');
      await settled();
    };
    await offer();
    peer.receiveDescription_({ type: 'answer', sdp: '' }, { link: 'theirs', streams: {} });
    await settled();
    await offer();
    const { id_ } = peer.link_;
    const common = { room: 'R', to: 'them', type: 'offer' };
    assert.deepEqual(JSON.parse(JSON.stringify(sent)), [
      { ...common, payload: { link: id_, streams: { S: 'screen' } } },
      { ...common, payload: { link: id_, peer: 'theirs', streams: { S: 'screen' } } },
    ]);
    assert.equal(Connection.last.log[0], 'send video sendonly');
    peer.isOrphaned_ = true;
    await offer();
    assert.equal(sent.length, 2, 'the server would not know whom it is for');
  });

  test('is heard of this connection, also when it is of another make', async () => {
    const peer = await meet();
    const first = peer.link_;
    peer.receiveDescription_({ type: 'offer', sdp: '' }, { link: 'a', peer: 'gone' });
    await settled();
    assert.deepEqual(Connection.last.log, []);
    for (const payload of [undefined, null, 7, {}]) {
      peer.receiveDescription_({ type: 'offer', sdp: '' }, payload);
    }
    await settled();
    assert.equal(Connection.last.log.filter((line) => line === 'remote offer').length, 4);
    assert.equal(peer.link_, first);
    peer.receiveDescription_({ type: 'offer', sdp: '' }, { link: 'a', peer: first.id_ });
    assert.equal(peer.link_, first);
    peer.receiveDescription_({ type: 'offer', sdp: '' }, { link: 'b' });
    assert.notEqual(peer.link_, first);
  });

  test('may send anything over its channels', async () => {
    const peer = await meet();
    const { main, cursor } = Connection.last.channels;
    const say = (channel, data) =>
      channel.dispatchEvent(Object.assign(new Event('message'), { data }));
    const frames = ['{', '', 'null', '7', '"text"', '[1]', '{"id":7}', '{}'];
    for (const frame of frames) say(main, frame);
    assert.deepEqual(told, []);
    const binary = new ArrayBuffer(1);
    say(main, '{"message":{"a":1}}');
    say(cursor, '{"message":null}');
    say(main, binary);
    say(main, '{"status":{"muted":true}}');
    say(main, '{"id":"new"}');
    assert.deepEqual(told, [
      ['message', { data: { a: 1 }, channel: 'main' }],
      ['message', { data: null, channel: 'cursor' }],
      ['message', { data: binary, channel: 'main' }],
      ['status', { status: { muted: true } }],
      ['announced', 'new'],
    ]);
    assert.deepEqual(peer.status, { muted: true });
  });

  test('gets the messages that are sent while the channel is open', async () => {
    const peer = createRemotePeer(host, 'them', undefined, true);
    assert.equal(await peer.send('early'), false);
    await settled();
    const { main, cursor } = Connection.last.channels;
    const got = [];
    for (const channel of [main, cursor]) channel.send = (data) => got.push(data);
    assert.equal(await peer.send('closed'), false);
    main.readyState = 'open';
    host.status_ = { hand: true };
    main.dispatchEvent(new Event('open'));
    const bytes = new Uint8Array([1]);
    const sent = [peer.send({ a: 1 }), peer.send(bytes, 'main')];
    assert.deepEqual(got, [
      '{"maxMessageBytes":1000}',
      '{"status":{"hand":true}}',
      '{"message":{"a":1}}',
      bytes,
    ]);
    assert.deepEqual(await Promise.all(sent), [true, true]);
    assert.equal(await peer.send(1, 'cursor'), false);
    assert.equal(await peer.send(1, 'no such channel'), false);
    main.bufferedAmount = Infinity;
    const lost = peer.send('lost with the connection');
    peer.reconnect_(true);
    await assert.rejects(lost, { code: 'closed' });
    await settled();
    assert.deepEqual(
      told.splice(0).map(([name, { error }]) => [name, error.code]),
      [['error', 'closed']],
    );
    const again = Connection.last.channels.main;
    again.send = () => {};
    again.readyState = 'open';
    await assert.rejects(peer.send('x'.repeat(1001)), { code: 'message-too-large' });
    assert.deepEqual(
      told.map(([name, { error }]) => [name, error.code]),
      [['error', 'message-too-large']],
    );
  });

  const cycle = {};
  cycle.cycle = cycle;
  for (const [what, data] of Object.entries({
    undefined: undefined,
    'a function': () => {},
    'a BigInt': 1n,
    'a cycle': cycle,
    'a Blob': new Blob(['x']),
    'a Map': new Map(),
    'bytes in JSON': { bytes: new Uint8Array(2) },
    'a buffer in JSON': [[new ArrayBuffer(2)]],
    'a Buffer of Node in JSON': { bytes: Buffer.from('x') },
    'a Set in JSON': { set: new Set() },
  })) {
    test(`cannot be sent ${what}: the promise rejects`, async () => {
      const peer = await meet();
      await assert.rejects(peer.send(data), { name: 'SignalError', code: 'invalid-arguments' });
      await assert.rejects(sendToAll(new Map([['them', peer]]), data), {
        code: 'invalid-arguments',
      });
      assert.deepEqual(told, []);
    });
  }

  test('is sent all JSON there is', async () => {
    const peer = await meet();
    const { main } = Connection.last.channels;
    const got = [];
    Object.assign(main, { readyState: 'open', send: (text) => got.push(JSON.parse(text).message) });
    const all = [null, 0, '', [], {}, [{ a: [null] }], 'Map', new Date(0)];
    for (const data of all) assert.equal(await peer.send(data), true);
    assert.deepEqual(got, JSON.parse(JSON.stringify(all)));
  });

  /** Time passes at once. */
  const hurry = (context) => {
    const { setTimeout } = globalThis;
    context.mock.method(globalThis, 'setTimeout', (run) => setTimeout(run, 0));
  };

  /** A message that waits when the peer's channel closes. */
  async function loseMessage(label = 'main') {
    const peer = await meet();
    const channel = Connection.last.channels[label];
    Object.assign(channel, { readyState: 'open', bufferedAmount: Infinity, send: () => {} });
    const lost = peer.send('lost', label);
    channel.readyState = 'closed';
    channel.dispatchEvent(new Event('close'));
    await assert.rejects(lost, { code: 'closed' });
    return peer;
  }

  const errorsTold = async () => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 5));
    return told.map(([name, { error }]) => `${name} ${error?.code}`);
  };

  for (const label of ['main', 'cursor']) {
    test(`that closes its channel "${label}" and stays loses the messages that waited`, async (context) => {
      hurry(context);
      await loseMessage(label);
      assert.deepEqual(await errorsTold(), ['error closed']);
    });
  }

  test('that ends the connection and has left: there is no error', async (context) => {
    hurry(context);
    const peer = await loseMessage();
    peer.close_();
    assert.deepEqual(await errorsTold(), []);
  });
});
