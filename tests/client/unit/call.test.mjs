import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { modules } from '../build.mjs';
import { FakeConnection } from '../fake_connection.mjs';

const load = await modules();
const { Call } = await load('call');
const { Emitter } = await load('emitter');

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A signal that lets in at once, where somebody is already. */
class FakeSignal extends Emitter {
  id = 'us';
  iceServers = async () => [];
  roomInfo = async () => ({ owners: [] });

  async enterRoom(room) {
    const joined = { room, peerId: 'us', peers: ['them'], peersinfo: {} };
    this.emit('room-join-accept', joined);
    return { ...joined, created: false };
  }
}

describe('a call', () => {
  const media = { id: 'media', getTracks: () => [{ kind: 'video' }] };

  /** With these limits of bitrates; `limits` tells those that its one connection was given. */
  function call(maxBitrate = {}) {
    const connection = new FakeConnection();
    function RTCPeerConnection() {
      return connection;
    }
    const made = new Call(new FakeSignal(), { maxBitrate, RTCPeerConnection });
    const limits = () => connection.log.filter((line) => line.startsWith('limit'));
    return Object.assign(made, { limits });
  }

  const refuses = (step) => assert.throws(step, { name: 'SignalError', code: 'invalid-arguments' });

  for (const limit of [0, -1, NaN, Infinity, 2 ** 32, '1 Mbit']) {
    test(`refuses a limit of ${limit} bits per second, wherever it is given`, async () => {
      const { publish, setMaxBitrate, enter, limits } = call();
      refuses(() => call({ camera: limit }));
      refuses(() => publish(media, 'camera', { maxBitrate: limit }));
      assert.throws(() => setMaxBitrate('camera', 1), /Nothing is published/);
      publish(media);
      refuses(() => setMaxBitrate('camera', limit));
      await enter('room');
      await settled();
      assert.deepEqual(limits(), []);
    });
  }

  test('takes the limit of the kind, unless there is one for this time', async () => {
    const { publish, setMaxBitrate, enter, limits } = call({ camera: 1000 });
    publish(media);
    await enter('room');
    await settled();
    assert.deepEqual(limits(), ['limit 1000']);
    publish(media, 'camera', { maxBitrate: 500 });
    await settled();
    assert.deepEqual(limits(), ['limit 1000', 'limit 500']);
    setMaxBitrate('camera');
    await settled();
    assert.deepEqual(limits(), ['limit 1000', 'limit 500', 'limit undefined']);
  });

  test('publishes nothing but a stream', () => {
    for (const none of [null, undefined, {}]) refuses(() => call().publish(none));
  });
});
