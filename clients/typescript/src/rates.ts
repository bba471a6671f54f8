/** `unknown` until something is measured. */
export type Quality = 'good' | 'fair' | 'poor' | 'unknown';

/** Measurements of a connection since the previous reading. */
export interface PeerStats {
  /** Bits per second. */
  bitrateIn: number;
  bitrateOut: number;
  /** Milliseconds there and back; null until it is measured. */
  roundTripTime: number | null;
  /** The share of lost packets, 0 to 1. */
  lossIn: number;
  lossOut: number;
  /** Whether a TURN server relays between the two. */
  relayed: boolean;
  quality: Quality;
}

/** One entry of an RTCStatsReport; TypeScript's own types leave most fields out. */
type Entry = Readonly<Record<string, unknown>>;
type Report = ReadonlyMap<string, Entry>;

/** Counters that rise from the start of a connection. */
type Counters = [
  time: number,
  bytesIn: number,
  bytesOut: number,
  packetsIn: number,
  packetsOut: number,
  lostIn: number,
  lostOut: number,
];

const number = (value: unknown): number => Number(value) || 0;

const share = (lost: number, arrived: number): number =>
  lost > 0 ? lost / (lost + Math.max(arrived, 0)) : 0;

/** Turns the browser's counters into rates from one reading (`time` in ms) to the next. */
export function createRates(): (report: Report, time: number) => PeerStats {
  let before: Counters | undefined;
  return (report, time) => {
    const pair = selectedPair(report);
    const now = count(report, pair, time);
    // If the counters fell, they are those of a new connection.
    const base = before && now[1] >= before[1] ? before : [time];
    before = now;
    const since = now.map((value, index) => value - (base[index] ?? 0)) as Counters;
    const [elapsed, bytesIn, bytesOut, arrived, sent, lostIn, lostOut] = since;
    const rate = (bytes: number): number => (elapsed > 0 ? (bytes * 8000) / elapsed : 0);
    const roundTrip = pair?.['currentRoundTripTime'];
    const roundTripTime = typeof roundTrip === 'number' ? roundTrip * 1000 : null;
    const lossIn = share(lostIn, arrived);
    const lossOut = share(lostOut, sent - lostOut);
    return {
      bitrateIn: rate(bytesIn),
      bitrateOut: rate(bytesOut),
      roundTripTime,
      lossIn,
      lossOut,
      relayed: isRelayed(report, pair),
      quality: grade(roundTripTime, Math.max(lossIn, lossOut)),
    };
  };
}

function count(report: Report, pair: Entry | undefined, time: number): Counters {
  const sum = (type: string, field: string): number =>
    [...report.values()].reduce(
      (total, entry) => total + (entry['type'] === type ? number(entry[field]) : 0),
      0,
    );
  return [
    time,
    number(pair?.['bytesReceived']),
    number(pair?.['bytesSent']),
    sum('inbound-rtp', 'packetsReceived'),
    sum('outbound-rtp', 'packetsSent'),
    sum('inbound-rtp', 'packetsLost'),
    sum('remote-inbound-rtp', 'packetsLost'),
  ];
}

/** By what people notice: delay above 200 ms hampers talk, above 500 ms ends it; so does loss. */
function grade(roundTripTime: number | null, loss: number): Quality {
  if (roundTripTime === null) return 'unknown';
  if (roundTripTime > 500 || loss > 0.08) return 'poor';
  return roundTripTime > 200 || loss > 0.02 ? 'fair' : 'good';
}

function selectedPair(report: Report): Entry | undefined {
  const all = [...report.values()];
  const transport = all.find(({ type }) => type === 'transport');
  return (
    report.get(String(transport?.['selectedCandidatePairId'])) ??
    all.find(({ type, selected }) => type === 'candidate-pair' && selected === true)
  );
}

const isRelayed = (report: Report, pair: Entry | undefined): boolean =>
  [pair?.['localCandidateId'], pair?.['remoteCandidateId']].some(
    (id) => report.get(String(id))?.['candidateType'] === 'relay',
  );
