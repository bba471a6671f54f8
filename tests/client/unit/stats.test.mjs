import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { modules } from '../build.mjs';

const load = await modules();
const { createRates } = await load('rates');
const { createStatsMeter, watchStats } = await load('stats');
const { Emitter } = await load('emitter');

class FakeCall extends Emitter {
  peers = new Map();
}

/** A report as Chromium gives it; `relay`: the type of our candidate. */
function report(counters = {}, { roundTrip = 0.04, type = 'host' } = {}) {
  const {
    bytesIn = 0,
    bytesOut = 0,
    packetsIn = 0,
    packetsOut = 0,
    lostIn = 0,
    lostOut = 0,
  } = counters;
  return new Map([
    ['T', { type: 'transport', selectedCandidatePairId: 'P' }],
    [
      'P',
      {
        type: 'candidate-pair',
        currentRoundTripTime: roundTrip,
        bytesReceived: bytesIn,
        bytesSent: bytesOut,
        localCandidateId: 'L',
        remoteCandidateId: 'R',
      },
    ],
    ['L', { type: 'local-candidate', candidateType: type }],
    ['R', { type: 'remote-candidate', candidateType: 'host' }],
    ['I', { type: 'inbound-rtp', packetsReceived: packetsIn, packetsLost: lostIn }],
    ['O', { type: 'outbound-rtp', packetsSent: packetsOut }],
    ['F', { type: 'remote-inbound-rtp', packetsLost: lostOut }],
  ]);
}

test('nothing is known before anything was measured', () => {
  const stats = createRates()(new Map(), 1000);
  assert.equal(stats.quality, 'unknown');
  assert.equal(stats.roundTripTime, null);
  assert.equal(stats.bitrateIn, 0);
});

test('rates and losses are those since the reading before', () => {
  const meter = createRates();
  const first = { bytesIn: 5000, bytesOut: 100, packetsIn: 50, packetsOut: 10, lostIn: 50 };
  assert.equal(meter(report(first), 1000).bitrateIn, 0);
  const packets = { packetsIn: 149, packetsOut: 110, lostIn: 51, lostOut: 10 };
  const second = { bytesIn: 6000, bytesOut: 2100, ...packets };
  const stats = meter(report(second), 3000);
  assert.deepEqual(stats, {
    bitrateIn: 4000,
    bitrateOut: 8000,
    roundTripTime: 40,
    lossIn: 0.01,
    lossOut: 0.1,
    relayed: false,
    quality: 'poor',
  });
});

test('the grade follows delay and loss', () => {
  const grade = (roundTrip, lostIn) => {
    const meter = createRates();
    meter(report(), 1000);
    return meter(report({ packetsIn: 100 - lostIn, lostIn }, { roundTrip }), 2000).quality;
  };
  assert.equal(grade(0.1, 0), 'good');
  assert.equal(grade(0.3, 0), 'fair');
  assert.equal(grade(0.1, 5), 'fair');
  assert.equal(grade(0.6, 0), 'poor');
  assert.equal(grade(0.1, 20), 'poor');
});

test('a TURN server in between is reported, and counters that start again give no negative rate', () => {
  const meter = createRates();
  meter(report({ bytesIn: 9000, bytesOut: 9000 }), 1000);
  const stats = meter(report({ bytesIn: 10 }, { type: 'relay' }), 2000);
  assert.equal(stats.relayed, true);
  assert.ok(stats.bitrateIn >= 0 && stats.bitrateOut >= 0);
});

test('a browser without transport stats marks the pair itself', () => {
  const entries = report();
  entries.delete('T');
  entries.get('P').selected = true;
  assert.equal(createRates()(entries, 1).roundTripTime, 40);
});

/** A peer whose connection says at each look that 1000 bytes more have come. */
const peer = () => {
  let bytesIn = 0;
  return { connection: { getStats: async () => report({ bytesIn: (bytesIn += 1000) }) } };
};

test('a meter measures one peer, and one that has no connection yet', async () => {
  assert.equal((await createStatsMeter({ connection: null })()).quality, 'unknown');
  const measure = createStatsMeter(peer());
  assert.equal((await measure()).roundTripTime, 40);
});

describe('the watch over a call', () => {
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  function watch(context) {
    let now = 0;
    const looks = new Set();
    const { mock } = context;
    mock.method(Date, 'now', () => now);
    mock.method(globalThis, 'setInterval', (look) => looks.add(look) && look);
    mock.method(globalThis, 'clearInterval', (look) => looks.delete(look));
    const call = new FakeCall();
    const readings = [];
    const stop = watchStats(call, 1000, ({ peer, stats }) => readings.push([peer, stats]));
    const tick = () => {
      now += 1000;
      for (const look of looks) look();
    };
    const pass = async () => {
      tick();
      await settled();
    };
    return { call, readings, stop, tick, pass };
  }

  test('tells of each peer, from its first look on as rates', async (context) => {
    const { call, readings, pass } = watch(context);
    await pass();
    assert.deepEqual(readings, []);
    const [ada, ben] = [peer(), peer()];
    call.peers.set('A', ada);
    await pass();
    call.peers.set('B', ben);
    await pass();
    assert.deepEqual(
      readings.map(([peer]) => peer),
      [ada, ada, ben],
    );
    assert.deepEqual(
      readings.map(([, { bitrateIn }]) => bitrateIn),
      [0, 8000, 0],
    );
  });

  test('ends when it is stopped, and with the call', async (context) => {
    for (const end of ['stop', 'ended']) {
      const { call, readings, stop, tick, pass } = watch(context);
      call.peers.set('A', peer());
      tick();
      if (end === 'stop') stop();
      else call.emit('ended', { reason: 'left' });
      await pass();
      assert.deepEqual(readings, [], end);
      context.mock.restoreAll();
    }
  });

  test('passes over a peer whose connection gives none', async (context) => {
    const { call, readings, pass } = watch(context);
    const gone = { connection: { getStats: () => Promise.reject(new Error('closed')) } };
    call.peers.set('A', gone).set('B', peer());
    await pass();
    assert.equal(readings.length, 1);
  });
});
