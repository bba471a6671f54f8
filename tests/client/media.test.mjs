import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { freshRoom } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';
import { unlimited } from '../support/settings.mjs';
import { useLaboratory } from './laboratory.mjs';

describe('the video of a call', () => {
  const server = useServer({ env: unlimited });
  const laboratory = useLaboratory();

  /** Ada with these options, and Ben with others. */
  async function call(ofAda, ofBen = {}) {
    const lab = await laboratory.open();
    const room = freshRoom();
    await lab.enter(server, room, 'Ada', { media: { audio: false }, ...ofAda });
    await lab.enter(server, room, 'Ben', { media: { audio: false }, ...ofBen });
    await lab.areConnected('Ada', 'Ben');
    return lab;
  }

  test('takes no more than it may, by kind, by time, and from now on', async () => {
    const lab = await call({ maxBitrate: { camera: 300_000, screen: 900_000 } });
    await lab.allSeeAll('Ada', 'Ben');
    assert.deepEqual(await lab.run(() => lab.videoLimits('Ada', 'Ben')), [300_000]);
    assert.deepEqual(await lab.run(() => lab.videoLimits('Ben', 'Ada')), [null]);
    const shows = (maxBitrate) =>
      lab.run((options) => {
        lab.people.Ada.call.publish(lab.madeUpMedia({ audio: false }), 'screen', options);
      }, maxBitrate && { maxBitrate });
    const become = (...limits) =>
      lab.until((limits) => String(lab.videoLimits('Ada', 'Ben')) === String(limits), limits);
    await shows();
    await become(300_000, 900_000);
    await lab.sees('Ben', 'Ada', 'screen');
    await shows(500_000);
    await become(300_000, 500_000);
    const before = await lab.run(() => lab.peerOf('Ada', 'Ben').connection.localDescription.sdp);
    await lab.run(() => {
      lab.people.Ada.call.setMaxBitrate('camera', 100_000);
      lab.people.Ada.call.setMaxBitrate('screen');
    });
    await become(100_000, null);
    await lab.allSeeAll('Ada', 'Ben');
    await assert.rejects(lab.run(() => lab.people.Ada.call.setMaxBitrate('film', 1)), /film/);
  });
});
