import { beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { modules } from '../build.mjs';
import { FakeConnection } from '../fake_connection.mjs';

const load = await modules();
const { Link } = await load('link');
const { Published } = await load('published');

const description = (type, fragment) => ({ type, sdp: `v=0\r\na=ice-ufrag:${fragment}\r\n` });
/** Everything that was queued is done: the queue is made of promises only. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a link', () => {
  let connection;
  let sent;
  let host;

  beforeEach(() => {
    connection = new FakeConnection();
    sent = [];
    host = {
      polite: true,
      published: new Published(),
      channels: { main: {} },
      create: async () => connection,
      freshConfiguration: async () => ({ iceServers: 'fresh' }),
      sendDescription: ({ type }, payload) => sent.push({ type, payload }),
      sendCandidate: (candidate) => sent.push({ candidate }),
      onStreams: () => {},
      onOwnChannel: () => {},
      onState: () => {},
      onError: (error) => assert.fail(error),
    };
  });

  async function open(starts = true) {
    const link = new Link(host, starts);
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
    waiting.receiveDescription(description('offer', 'a'), {});
    await settled();
    connection.tell('negotiationneeded');
    await settled();
    assert.deepEqual(connection.log, ['remote offer', 'local answer', 'local offer']);
  });

  test('keeps candidates until the description that they belong to is there', async () => {
    const link = await open(false);
    link.receiveCandidate({ candidate: '1', usernameFragment: 'a' });
    link.receiveCandidate({ candidate: '2', usernameFragment: 'b' });
    link.receiveDescription(description('offer', 'a'), {});
    link.receiveCandidate({ candidate: '3', usernameFragment: 'a' });
    link.receiveDescription(description('offer', 'b'), {});
    await settled();
    assert.deepEqual(
      connection.log.filter((line) => !line.startsWith('local')),
      ['remote offer', 'candidate 1', 'candidate 3', 'remote offer', 'candidate 2'],
    );
  });

  test('gives way when two offers meet if it is polite, and holds out if it is not', async () => {
    for (const polite of [true, false]) {
      connection = new FakeConnection();
      host.polite = polite;
      const link = await open();
      connection.tell('negotiationneeded');
      link.receiveDescription(description('offer', 'a'), {});
      await settled();
      assert.deepEqual(
        connection.log,
        polite ? ['local offer', 'remote offer', 'local answer'] : ['local offer'],
      );
    }
  });

  test('ignores an answer that nobody waits for', async () => {
    const link = await open();
    link.receiveDescription(description('answer', 'a'), {});
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

  test('names its streams, itself and the other end with each description', async () => {
    const stream = { id: 'S', getAudioTracks: () => [], getVideoTracks: () => [{ kind: 'video' }] };
    host.published.add('screen', stream);
    const link = await open();
    connection.tell('negotiationneeded');
    await settled();
    link.remoteId = 'theirs';
    link.repeatOffer();
    await settled();
    assert.deepEqual(sent.map(({ payload }) => payload), [
      { link: link.id, streams: { S: 'screen' } },
      { link: link.id, peer: 'theirs', streams: { S: 'screen' } },
    ]);
    assert.equal(connection.log[0], 'send video sendonly');
  });

  test('stops what is no longer published, and replaces what has changed', async () => {
    const track = { id: 'one', kind: 'video' };
    const stream = { id: 'S', getAudioTracks: () => [], getVideoTracks: () => [track] };
    host.published.add('camera', stream);
    const link = await open();
    host.published.replace('camera', 'video', { id: 'two', kind: 'video' });
    link.updateMedia();
    await settled();
    host.published.remove('camera');
    link.updateMedia();
    await settled();
    assert.deepEqual(connection.log, ['send video sendonly', 'replace two', 'stop']);
  });

  test('closes a connection that comes after it was closed itself', async () => {
    const link = new Link(host, true);
    link.close();
    await settled();
    assert.deepEqual(connection.log, ['close']);
  });
});
