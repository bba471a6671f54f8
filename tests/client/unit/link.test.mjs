import { beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { modules } from '../build.mjs';
import { FakeConnection } from '../fake_connection.mjs';

const load = await modules();
const { openLink } = await load('link');
const { publicationOf } = await load('published');

const description = (type, fragment) => ({ type, sdp: `v=0\r\na=ice-ufrag:${fragment}\r\n` });
/** Everything that was queued is done: the queue is made of promises only. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const takeDescription = (link, description) =>
  link.enqueue_((steps) => steps.takeDescription_(description, {}));

describe('a link', () => {
  let connection;
  let sent;
  let host;

  beforeEach(() => {
    connection = new FakeConnection();
    sent = [];
    host = {
      polite_: true,
      published_: new Map(),
      codecs_: [],
      channels_: { main: {} },
      RTCPeerConnection_: function () {
        return connection;
      },
      configuration_: async () => ({ iceServers: 'fresh' }),
      sendDescription_: ({ type }) => sent.push({ type }),
      sendCandidate_: (candidate) => sent.push({ candidate }),
      onStreams_: () => {},
      onState_: () => {},
      tell_: (name, detail) => assert.fail(detail.error ?? name),
    };
  });

  async function open(starts = true) {
    const link = openLink(host, starts);
    await settled();
    return link;
  }

  test('offers when it is to start, and else waits for the first offer', async () => {
    await open(true);
    connection.tell('negotiationneeded');
    await settled();
    assert.deepEqual(connection.log, ['local offer']);
    connection = new FakeConnection();
    const waiting = await open(false);
    connection.tell('negotiationneeded');
    await settled();
    assert.deepEqual(connection.log, []);
    takeDescription(waiting, description('offer', 'a'));
    await settled();
    connection.tell('negotiationneeded');
    await settled();
    assert.deepEqual(connection.log, ['remote offer', 'local answer', 'local offer']);
  });

  test('keeps candidates until the description that they belong to is there', async () => {
    const link = await open(false);
    link.enqueue_((steps) => steps.takeCandidate_({ candidate: '1', usernameFragment: 'a' }));
    link.enqueue_((steps) => steps.takeCandidate_({ candidate: '2', usernameFragment: 'b' }));
    takeDescription(link, description('offer', 'a'));
    link.enqueue_((steps) => steps.takeCandidate_({ candidate: '3', usernameFragment: 'a' }));
    takeDescription(link, description('offer', 'b'));
    await settled();
    assert.deepEqual(
      connection.log.filter((line) => !line.startsWith('local')),
      ['remote offer', 'candidate 1', 'candidate 3', 'remote offer', 'candidate 2'],
    );
  });

  test('gives way when two offers meet if it is polite, and holds out if it is not', async () => {
    for (const polite of [true, false]) {
      connection = new FakeConnection();
      host.polite_ = polite;
      const link = await open();
      connection.tell('negotiationneeded');
      takeDescription(link, description('offer', 'a'));
      await settled();
      assert.deepEqual(
        connection.log,
        polite ? ['local offer', 'remote offer', 'local answer'] : ['local offer'],
      );
    }
  });

  test('ignores an answer that nobody waits for', async () => {
    const link = await open();
    takeDescription(link, description('answer', 'a'));
    await settled();
    assert.deepEqual(connection.log, []);
  });

  test('passes on its candidates, and says when they are all', async () => {
    await open();
    connection.tell('negotiationneeded');
    await settled();
    const place = { sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'own1' };
    const candidate = { candidate: '1', ...place };
    connection.tell('icecandidate', { candidate: { toJSON: () => candidate } });
    connection.tell('icecandidate', { candidate: null });
    assert.deepEqual(sent.slice(1), [{ candidate }, { candidate: { candidate: '', ...place } }]);
  });

  test('restarts ICE with fresh servers when the connection fails', async () => {
    await open();
    connection.connectionState = 'failed';
    connection.tell('connectionstatechange');
    await settled();
    assert.deepEqual(connection.log, ['configure fresh', 'restart']);
  });

  test('restarts ICE when it stays disconnected, and not when that passes', async (context) => {
    const timers = new Set();
    context.mock.method(globalThis, 'setTimeout', (run) => {
      timers.add(run);
      return run;
    });
    context.mock.method(globalThis, 'clearTimeout', (run) => timers.delete(run));
    await open();
    const becomes = (state) => {
      connection.connectionState = state;
      connection.tell('connectionstatechange');
    };
    becomes('disconnected');
    assert.equal(timers.size, 1);
    becomes('connected');
    assert.equal(timers.size, 0);
    becomes('disconnected');
    for (const run of timers) run();
    await settled();
    assert.deepEqual(connection.log, ['configure fresh', 'restart']);
  });

  test('says an offer again that may not have arrived, and only that', async () => {
    const link = await open();
    const repeat = async () => {
      link.enqueue_((steps) => steps.resume_());
      await settled();
    };
    await repeat();
    connection.tell('negotiationneeded');
    await settled();
    await repeat();
    takeDescription(link, description('answer', 'a'));
    await repeat();
    assert.deepEqual(sent, [{ type: 'offer' }, { type: 'offer' }]);
  });

  test('stops tracks that are no longer published, and replaces those that have changed', async () => {
    const track = { id: 'one', kind: 'video' };
    const stream = { id: 'S', getTracks: () => [track] };
    host.published_.set('camera', publicationOf(stream));
    const link = await open();
    host.published_.get('camera').tracks_.set('video', { id: 'two', kind: 'video' });
    link.enqueue_((steps) => steps.sendPublished_());
    await settled();
    host.published_.delete('camera');
    link.enqueue_((steps) => steps.sendPublished_());
    await settled();
    assert.deepEqual(connection.log, ['send video sendonly', 'replace two', 'stop']);
  });

  test('sends a stream until all of its tracks have ended, and again if one is replaced', async () => {
    const track = (kind, id) => ({ kind, id, readyState: 'live' });
    const [video, audio] = [track('video', 'screen'), track('audio', 'sound')];
    host.published_.set('screen', publicationOf({ id: 'S', getTracks: () => [video, audio] }));
    const link = await open();
    const { tracks_ } = host.published_.get('screen');
    const update = async () => {
      connection.log.length = 0;
      link.enqueue_((steps) => steps.sendPublished_());
      await settled();
      return connection.log;
    };
    video.readyState = 'ended';
    assert.deepEqual(await update(), ['replace sound', 'replace screen'], 'the sound goes on');
    tracks_.set('audio', null);
    assert.deepEqual(await update(), ['stop', 'stop']);
    tracks_.set('video', track('video', 'another'));
    assert.deepEqual(await update(), ['send audio sendonly', 'send video sendonly']);
    tracks_.set('video', null);
    assert.deepEqual(await update(), ['replace null', 'replace null'], 'that is a pause');
  });

  test('limits the bitrate of video only, from the start and later', async () => {
    const tracks = [
      { id: 'one', kind: 'video' },
      { id: 'tone', kind: 'audio' },
    ];
    const stream = { id: 'S', getTracks: () => [...tracks] };
    host.published_.set('camera', publicationOf(stream, 600_000));
    const link = await open();
    const set = async (maxBitrate) => {
      host.published_.get('camera').maxBitrate_ = maxBitrate;
      connection.log.length = 0;
      link.enqueue_((steps) => steps.sendPublished_());
      await settled();
      return connection.log.filter((line) => line.startsWith('limit'));
    };
    assert.deepEqual(connection.log, [
      'send audio sendonly',
      'send video sendonly',
      'limit 600000',
    ]);
    assert.deepEqual(await set(600_000), []);
    assert.deepEqual(await set(100_000), ['limit 100000']);
    assert.deepEqual(await set(undefined), ['limit undefined']);
  });

  test('closes a connection that comes after it was closed itself', async () => {
    const link = openLink(host, true);
    link.close_();
    await settled();
    assert.deepEqual(connection.log, ['close']);
  });

  test('reports a video that cannot be limited, and still sends the streams after it', async () => {
    const stream = (id) => ({ id, getTracks: () => [{ id, kind: 'video' }] });
    const videos = [stream('first'), stream('second')];
    const errors = [];
    host.tell_ = (name, { error }) => errors.push(`${name} ${error.message}`);
    const { addTransceiver } = connection;
    connection.addTransceiver = function (track, init) {
      const transceiver = addTransceiver.call(this, track, init);
      transceiver.sender.setParameters = () => Promise.reject(new Error(`no limit of ${track.id}`));
      return transceiver;
    };
    for (const video of videos) host.published_.set(video.id, publicationOf(video, 100_000));
    await open();
    assert.deepEqual(connection.log, ['send video sendonly', 'send video sendonly']);
    assert.deepEqual(errors, ['error no limit of first']);
  });
});
