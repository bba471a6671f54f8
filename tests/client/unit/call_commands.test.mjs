import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { modules } from '../build.mjs';

const { createCallCommands } = await (await modules())('call_commands');

describe('the commands of a call', () => {
  const media = { id: 'media', getTracks: () => [{ kind: 'video' }] };

  /** With these limits of bitrates; `published` is what is sent. */
  function commands(maxBitrates) {
    const published = new Map();
    const mesh = { peers_: new Map(), published_: published, updateMedia_: () => {} };
    return { published, ...createCallCommands({}, {}, mesh, {}, maxBitrates) };
  }

  const refuses = (step) => assert.throws(step, { name: 'SignalError', code: 'invalid-arguments' });

  for (const limit of [0, -1, NaN, Infinity, 2 ** 32, '1 Mbit']) {
    test(`take no limit of ${limit} bits a second, wherever it is given`, () => {
      const { published, publish, setMaxBitrate } = commands();
      refuses(() => commands({ camera: limit }));
      refuses(() => publish(media, 'camera', { maxBitrate: limit }));
      assert.equal(published.size, 0);
      publish(media);
      refuses(() => setMaxBitrate('camera', limit));
    });
  }

  test('take the limit of the kind, unless there is one for this time', () => {
    const { published, publish, setMaxBitrate } = commands({ camera: 1000 });
    const limit = () => published.get('camera').maxBitrate_;
    publish(media);
    assert.equal(limit(), 1000);
    publish(media, 'camera', { maxBitrate: 500 });
    assert.equal(limit(), 500);
    setMaxBitrate('camera');
    assert.equal(limit(), undefined);
  });

  test('publish nothing but a stream', () => {
    for (const none of [null, undefined, {}]) refuses(() => commands().publish(none));
  });
});
