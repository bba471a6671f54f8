import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { freshRoom } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';
import { unlimited } from '../support/settings.mjs';
import { useLaboratory } from './laboratory.mjs';

describe('a call', () => {
  const server = useServer({ env: unlimited });
  const laboratory = useLaboratory();

  async function callWith(options, ...names) {
    const lab = await laboratory.open();
    const room = freshRoom();
    for (const name of names) await lab.enter(server, room, name, options);
    await lab.areConnected(...names);
    return { lab, room };
  }

  const call = (...names) => callWith({}, ...names);

  test('connects two people, who see each other', async () => {
    const { lab } = await call('Ada', 'Ben');
    await lab.allSeeAll('Ada', 'Ben');
  });

  test('holds six people, each connected with and seen by all others', async () => {
    const names = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Fay'];
    const { lab } = await callWith({ media: { audio: false } }, ...names);
    await lab.allSeeAll(...names);
  });

  test('stays whole when both sides offer at once, 50 times', async () => {
    const { lab } = await call('Ada', 'Ben');
    await lab.allSeeAll('Ada', 'Ben');
    await lab.run(() => ['Ada', 'Ben'].forEach(lab.holdOffers));
    for (let round = 0; round < 50; round += 1) {
      const adds = round % 2 === 0;
      await lab.run((adds) => {
        lab.armCollision('Ada', 'Ben');
        for (const person of Object.values(lab.people)) {
          person.extra ??= lab.madeUpMedia({ video: false });
          if (adds) person.call.publish(person.extra, 'extra');
          else person.call.unpublish('extra');
        }
      }, adds);
      await lab.until(() => lab.haveCollided());
      await lab.until(
        (adds) =>
          lab.areConnected('Ada', 'Ben') &&
          lab.peerOf('Ada', 'Ben').streams.has('extra') === adds &&
          lab.peerOf('Ben', 'Ada').streams.has('extra') === adds,
        adds,
      );
    }
    await lab.allSeeAll('Ada', 'Ben');
    const lines = await lab.run(
      () => lab.peerOf('Ada', 'Ben').connection.localDescription.sdp.match(/^m=/gm).length,
    );
    assert.ok(lines <= 8, `${lines} m-lines: what was published and withdrawn leaves none behind`);
  });

  test('shows a screen beside the camera, and takes it away again', async () => {
    const { lab } = await call('Ada', 'Ben');
    for (let time = 0; time < 3; time += 1) {
      await lab.run(() => lab.people.Ada.call.publish(lab.madeUpMedia({ audio: false }), 'screen'));
      await lab.sees('Ben', 'Ada', 'screen');
      await lab.sees('Ben', 'Ada', 'camera');
      await lab.run(() => lab.people.Ada.call.unpublish('screen'));
      await lab.until(() => !lab.peerOf('Ben', 'Ada').streams.has('screen'));
    }
    const told = await lab.run(() =>
      lab.people.Ben.log.filter(({ kind }) => kind === 'screen').map(({ event }) => event),
    );
    const once = ['stream', 'stream-removed'];
    assert.deepEqual(told, [...once, ...once, ...once]);
    await lab.sees('Ben', 'Ada', 'camera');
  });

  test('takes a screen away when the browser has ended the last of its tracks', async () => {
    const { lab, room } = await call('Ada', 'Ben');
    await lab.run(() => {
      const { call } = lab.people.Ada;
      // Tracks that end as those of a screen do, by themselves.
      const track = (kind) => new MediaStreamTrackGenerator({ kind });
      const [video, audio] = [track('video'), track('audio')];
      window.ends = [video, audio].map(({ writable }) => writable.getWriter());
      window.seenTracks = [video, audio];
      call.publish(new MediaStream([video]), 'screen');
      call.replaceTrack('screen', 'audio', audio);
    });
    await lab.until(() => lab.peerOf('Ben', 'Ada').streams.has('screen'));
    await lab.run(() => window.ends[0].close());
    await lab.until(() => window.seenTracks[0].readyState === 'ended');
    await lab.sees('Ben', 'Ada', 'camera');
    assert.ok(await lab.run(() => lab.peerOf('Ben', 'Ada').streams.has('screen')), 'audio goes on');
    await lab.run(() => window.ends[1].close());
    await lab.until(() => !lab.peerOf('Ben', 'Ada').streams.has('screen'));
    await lab.enter(server, room, 'Cleo');
    await lab.areConnected('Ada', 'Ben', 'Cleo');
    assert.ok(await lab.run(() => !lab.peerOf('Cleo', 'Ada').streams.has('screen')));
    await lab.run(() => {
      const [track] = lab.madeUpMedia({ audio: false }).getVideoTracks();
      lab.people.Ada.call.replaceTrack('screen', 'video', track);
    });
    await lab.sees('Ben', 'Ada', 'screen');
    await lab.sees('Cleo', 'Ada', 'screen');
  });

  test('sends latecomers everything: cameras, a screen, and the status of the others', async () => {
    const { lab, room } = await call('Ada', 'Ben');
    await lab.run(() => {
      lab.people.Ada.call.publish(lab.madeUpMedia({ audio: false }), 'screen');
      lab.people.Ada.call.setStatus({ muted: true });
    });
    await lab.sees('Ben', 'Ada', 'screen');
    await lab.enter(server, room, 'Cleo');
    await lab.areConnected('Ada', 'Ben', 'Cleo');
    await lab.sees('Cleo', 'Ada', 'camera');
    await lab.sees('Cleo', 'Ada', 'screen');
    await lab.sees('Cleo', 'Ben');
    await lab.until(() => lab.peerOf('Cleo', 'Ada').status?.muted === true);
    await lab.until(() => lab.peerOf('Ben', 'Ada').status?.muted === true);
  });

  test('replaces a track without a new offer, and turns a camera off and on', async () => {
    const { lab } = await call('Ada', 'Ben');
    await lab.sees('Ben', 'Ada');
    const before = await lab.run(() => lab.peerOf('Ada', 'Ben').connection.localDescription.sdp);
    await lab.run(() => {
      const [track] = lab.madeUpMedia({ audio: false }).getVideoTracks();
      lab.people.Ada.call.replaceTrack('camera', 'video', null);
      lab.people.Ada.call.replaceTrack('camera', 'video', track);
    });
    await lab.until(
      () =>
        lab
          .peerOf('Ada', 'Ben')
          .connection.getSenders()
          .filter(({ track }) => track).length === 2,
    );
    await lab.sees('Ben', 'Ada');
    assert.equal(
      await lab.run(() => lab.peerOf('Ada', 'Ben').connection.localDescription.sdp),
      before,
    );
  });

  test('carries JSON, binary and unordered messages, and channels of your own', async () => {
    const lab = await laboratory.open();
    const room = freshRoom();
    const options = { media: null, channels: { cursor: { ordered: false, maxRetransmits: 0 } } };
    for (const name of ['Ada', 'Ben']) await lab.enter(server, room, name, options);
    await lab.areConnected('Ada', 'Ben');
    await lab.until(() => lab.peerOf('Ada', 'Ben').send({ text: 'first' }));
    await lab.until(() => lab.peerOf('Ada', 'Ben').send({ x: 1 }, 'cursor'));
    await lab.run(() => lab.people.Ada.call.send(new Uint8Array([1, 2, 3])));
    const messages = await lab.until(() => {
      const got = lab.people.Ben.log.filter(({ event }) => event === 'message');
      return (
        got.length === 3 &&
        got.map(({ data, channel }) => [
          channel,
          data instanceof ArrayBuffer ? [...new Uint8Array(data)] : data,
        ])
      );
    });
    assert.deepEqual(
      messages.sort(),
      [
        ['cursor', { x: 1 }],
        ['main', { text: 'first' }],
        ['main', [1, 2, 3]],
      ].sort(),
    );
    const contents = await lab.run(async () => {
      const received = new Promise((resolve) => {
        lab.people.Ben.call.on('channel', ({ channel }) => {
          channel.onmessage = ({ data }) => resolve([channel.label, data]);
        });
      });
      const channel = await lab.peerOf('Ada', 'Ben').openChannel('file');
      channel.onopen = () => channel.send('contents');
      return received;
    });
    assert.deepEqual(contents, ['file', 'contents']);
  });

  test('finds a new way through the network when the old one fails', async () => {
    const { lab } = await call('Ada', 'Ben');
    const before = await lab.run(() => lab.fragments('Ada', 'Ben'));
    await lab.run(() => lab.pretendFailure('Ada', 'Ben'));
    await lab.until((before) => {
      const now = lab.fragments('Ada', 'Ben');
      return now.local !== before.local && now.remote !== before.remote;
    }, before);
    await lab.areConnected('Ada', 'Ben');
    await lab.allSeeAll('Ada', 'Ben');
  });

  test('makes a new connection in the place of one that was closed under it', async () => {
    const { lab } = await call('Ada', 'Ben');
    await lab.allSeeAll('Ada', 'Ben');
    await lab.run(() => {
      window.firstOne = lab.peerOf('Ada', 'Ben').connection;
      window.firstOne.close();
    });
    await lab.until(() => lab.peerOf('Ada', 'Ben').connection !== window.firstOne);
    await lab.areConnected('Ada', 'Ben');
    await lab.allSeeAll('Ada', 'Ben');
    const events = await lab.run(() => lab.people.Ben.log.map(({ event }) => event));
    assert.ok(!events.includes('peer-left'));
  });

  test('measures the connection between two people', async () => {
    const { lab } = await call('Ada', 'Ben');
    await lab.run(() => {
      window.readings = [];
      lab.watchStats(lab.people.Ada.call, 200, (reading) => window.readings.push(reading));
    });
    const stats = await lab.until(() => {
      const { stats } =
        window.readings.find(
          ({ stats: { bitrateIn, bitrateOut, roundTripTime } }) =>
            bitrateIn > 0 && bitrateOut > 0 && roundTripTime !== null,
        ) ?? {};
      return stats;
    });
    assert.equal(stats.relayed, false);
    assert.ok(['good', 'fair', 'poor'].includes(stats.quality), stats.quality);
  });

  test('removes the streams of a peer that leaves, and then says that it has left', async () => {
    const { lab } = await call('Ada', 'Ben');
    await lab.sees('Ada', 'Ben');
    await lab.run(() => lab.people.Ben.call.leave());
    await lab.until(() => lab.people.Ada.call.peers.size === 0);
    const events = await lab.run(() => lab.people.Ada.log.map(({ event }) => event).slice(-2));
    assert.deepEqual(events, ['stream-removed', 'peer-left']);
    const ended = await lab.run(() =>
      lab.people.Ben.log.filter(({ event }) => event === 'ended').map(({ reason }) => reason),
    );
    assert.deepEqual(ended, ['left']);
  });
});
