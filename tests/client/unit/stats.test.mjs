import { test } from 'node:test';
import assert from 'node:assert/strict';
import { modules } from '../build.mjs';

const { createStatsMeter } = await (await modules())('stats');

/** A report as Chromium gives it; `relay`: the type of our candidate. */
function report(counters = {}, { roundTrip = 0.04, type = 'host' } = {}) {
  const { bytesIn = 0, bytesOut = 0, packetsIn = 0, packetsOut = 0, lostIn = 0, lostOut = 0 } =
    counters;
  return new Map([
    ['T', { type: 'transport', selectedCandidatePairId: 'P' }],
    ['P', {
      type: 'candidate-pair',
      currentRoundTripTime: roundTrip,
      bytesReceived: bytesIn,
      bytesSent: bytesOut,
      localCandidateId: 'L',
      remoteCandidateId: 'R',
    }],
    ['L', { type: 'local-candidate', candidateType: type }],
    ['R', { type: 'remote-candidate', candidateType: 'host' }],
    ['I', { type: 'inbound-rtp', packetsReceived: packetsIn, packetsLost: lostIn }],
    ['O', { type: 'outbound-rtp', packetsSent: packetsOut }],
    ['F', { type: 'remote-inbound-rtp', packetsLost: lostOut }],
  ]);
}

test('nothing is known before anything was measured', () => {
  const stats = createStatsMeter()(new Map(), 1000);
  assert.equal(stats.quality, 'unknown');
  assert.equal(stats.roundTripTime, null);
  assert.equal(stats.bitrateIn, 0);
});

test('rates and losses are those since the reading before', () => {
  const meter = createStatsMeter();
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
    const meter = createStatsMeter();
    meter(report(), 1000);
    return meter(report({ packetsIn: 100 - lostIn, lostIn }, { roundTrip }), 2000).quality;
  };
  assert.equal(grade(0.1, 0), 'good');
  assert.equal(grade(0.3, 0), 'fair');
  assert.equal(grade(0.1, 5), 'fair');
  assert.equal(grade(0.6, 0), 'poor');
  assert.equal(grade(0.1, 20), 'poor');
});

test('a TURN server in between is told, and counters that start anew are no negative rate', () => {
  const meter = createStatsMeter();
  meter(report({ bytesIn: 9000, bytesOut: 9000 }), 1000);
  const stats = meter(report({ bytesIn: 10 }, { type: 'relay' }), 2000);
  assert.equal(stats.relayed, true);
  assert.ok(stats.bitrateIn >= 0 && stats.bitrateOut >= 0);
});

test('a browser without transport stats marks the pair itself', () => {
  const entries = report();
  entries.delete('T');
  entries.get('P').selected = true;
  assert.equal(createStatsMeter()(entries, 1).roundTripTime, 40);
});
