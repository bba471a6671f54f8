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
    await lab.until(() => {
      const screens = lab.people.Ben.log.filter(({ kind }) => kind === 'screen');
      return screens.filter(({ event }) => event === 'stream').length === 2;
    });
    await lab.sees('Ben', 'Ada', 'screen');
    await lab.areConnected('Ada', 'Ben');
    const sdp = () => lab.run(() => lab.peerOf('Ada', 'Ben').connection.localDescription.sdp);
    const before = await sdp();
    await lab.run(() => {
      lab.people.Ada.call.setMaxBitrate('camera', 100_000);
      lab.people.Ada.call.setMaxBitrate('screen');
    });
    await become(100_000, null);
    await lab.allSeeAll('Ada', 'Ben');
    assert.equal(await sdp(), before, 'there is no new negotiation');
    await assert.rejects(
      lab.run(() => lab.people.Ada.call.setMaxBitrate('film', 1)),
      /film/,
    );
  });

  /** The media that each of the two sends to the other one. */
  const inUse = (lab) =>
    lab.until(async () => {
      const codecs = await Promise.all([
        lab.videoCodecs('Ada', 'Ben'),
        lab.videoCodecs('Ben', 'Ada'),
      ]);
      return codecs.flat().every(Boolean) && codecs;
    });

  for (const [name, codec] of [
    ['video/vp9', 'video/VP9'],
    ['AV1', 'video/AV1'],
  ]) {
    test(`is in ${name} if its sender likes that best, whatever the receiver likes`, async () => {
      const lab = await call({ codecs: ['video/none', 'P9', name] }, { codecs: ['VP8'] });
      await lab.allSeeAll('Ada', 'Ben');
      assert.deepEqual(await inUse(lab), [[codec], ['video/VP8']]);
      const names = (sdp) => [...sdp.matchAll(/a=rtpmap:\d+ (\w+)/g)].map(([, name]) => name);
      const offered = await lab.run(() => lab.peerOf('Ben', 'Ada').connection.localDescription.sdp);
      for (const name of ['VP8', 'VP9', 'AV1', 'rtx', 'red', 'ulpfec'])
        assert.ok(names(offered).includes(name), name);
      // Offers of the receiver do not change it.
      await lab.run(() => lab.people.Ben.call.publish(lab.madeUpMedia({ audio: false }), 'screen'));
      await lab.sees('Ada', 'Ben', 'screen');
      await lab.run(() => lab.people.Ada.call.publish(lab.madeUpMedia({ audio: false }), 'screen'));
      await lab.sees('Ben', 'Ada', 'screen');
      assert.deepEqual(await inUse(lab), [
        [codec, codec],
        ['video/VP8', 'video/VP8'],
      ]);
    });
  }

  test('is in any codec if there is none of those that its sender likes', async () => {
    const lab = await call({ codecs: ['video/none'] });
    await lab.allSeeAll('Ada', 'Ben');
    const has = await lab.run(() => {
      delete RTCRtpTransceiver.prototype.setCodecPreferences;
      return 'setCodecPreferences' in RTCRtpTransceiver.prototype;
    });
    assert.equal(has, false, 'from now on the browser cannot choose');
    await lab.enter(server, await lab.run(() => lab.people.Ada.call.room), 'Cleo', {
      media: { audio: false },
      codecs: ['video/VP9'],
    });
    await lab.areConnected('Ada', 'Ben', 'Cleo');
    await lab.allSeeAll('Ada', 'Ben', 'Cleo');
  });
});
