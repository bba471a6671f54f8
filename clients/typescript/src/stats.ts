/** `unknown` as long as nothing was measured. */
export type Quality = 'good' | 'fair' | 'poor' | 'unknown';

/** How a connection does, since the reading before this one. */
export interface PeerStats {
  /** Bits a second. */
  bitrateIn: number;
  bitrateOut: number;
  /** Milliseconds there and back; null until it was measured. */
  roundTripTime: number | null;
  /** The share of packets lost, 0 to 1. */
  lossIn: number;
  lossOut: number;
  /** Whether a TURN server stands between the two. */
  relayed: boolean;
  quality: Quality;
}

/** The counters of one reading, all of them rising from the start of the connection. */
interface Counters {
  time: number;
  bytesIn: number;
  bytesOut: number;
  packetsIn: number;
  packetsOut: number;
  lostIn: number;
  lostOut: number;
}

/** One entry of an RTCStatsReport; TypeScript's own types leave most fields out. */
type Entry = Readonly<Record<string, unknown>>;

const kZero: Counters = {
  time: 0,
  bytesIn: 0,
  bytesOut: 0,
  packetsIn: 0,
  packetsOut: 0,
  lostIn: 0,
  lostOut: 0,
};

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** Turns what the browser counts into rates, from one reading to the next. */
export class StatsMeter {
  #before = kZero;

  /** `report`: of `getStats`; `time`: milliseconds. */
  read(report: Iterable<[string, Entry]>, time: number): PeerStats {
    const entries = new Map(report);
    const pair = selectedPair(entries);
    const now = count(entries, pair, time);
    // Counters that fell belong to another connection; then all of it is new.
    const before = now.bytesIn < this.#before.bytesIn ? { ...kZero, time } : this.#before;
    this.#before = now;
    const seconds = before.time > 0 ? (now.time - before.time) / 1000 : 0;
    const rate = (bytes: number): number => (seconds > 0 ? (bytes * 8) / seconds : 0);
    const share = (lost: number, arrived: number): number =>
      lost > 0 ? lost / (lost + Math.max(arrived, 0)) : 0;
    const roundTrip = pair?.['currentRoundTripTime'];
    const roundTripTime = typeof roundTrip === 'number' ? roundTrip * 1000 : null;
    const lossIn = share(now.lostIn - before.lostIn, now.packetsIn - before.packetsIn);
    const lostOut = now.lostOut - before.lostOut;
    const lossOut = share(lostOut, now.packetsOut - before.packetsOut - lostOut);
    return {
      bitrateIn: rate(now.bytesIn - before.bytesIn),
      bitrateOut: rate(now.bytesOut - before.bytesOut),
      roundTripTime,
      lossIn,
      lossOut,
      relayed: isRelayed(entries, pair),
      quality: grade(roundTripTime, Math.max(lossIn, lossOut)),
    };
  }
}

/** By what people notice: delay above 200 ms hampers talk, above 500 ms ends it; so does loss. */
function grade(roundTripTime: number | null, loss: number): Quality {
  if (roundTripTime === null) return 'unknown';
  if (roundTripTime > 500 || loss > 0.08) return 'poor';
  return roundTripTime > 200 || loss > 0.02 ? 'fair' : 'good';
}

function selectedPair(entries: ReadonlyMap<string, Entry>): Entry | undefined {
  const all = [...entries.values()];
  const transport = all.find(({ type }) => type === 'transport');
  const id = transport?.['selectedCandidatePairId'];
  if (typeof id === 'string') return entries.get(id);
  return all.find(({ type, selected }) => type === 'candidate-pair' && selected === true);
}

function isRelayed(entries: ReadonlyMap<string, Entry>, pair: Entry | undefined): boolean {
  return ['localCandidateId', 'remoteCandidateId'].some(
    (end) => entries.get(String(pair?.[end]))?.['candidateType'] === 'relay',
  );
}

function count(
  entries: ReadonlyMap<string, Entry>,
  pair: Entry | undefined,
  time: number,
): Counters {
  const sum = (type: string, field: string): number =>
    [...entries.values()]
      .filter((entry) => entry['type'] === type)
      .reduce((total, entry) => total + number(entry[field]), 0);
  return {
    time,
    bytesIn: number(pair?.['bytesReceived']),
    bytesOut: number(pair?.['bytesSent']),
    packetsIn: sum('inbound-rtp', 'packetsReceived'),
    packetsOut: sum('outbound-rtp', 'packetsSent'),
    lostIn: sum('inbound-rtp', 'packetsLost'),
    lostOut: sum('remote-inbound-rtp', 'packetsLost'),
  };
}
