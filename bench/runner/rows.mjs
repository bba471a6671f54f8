// The rows of the table: what the load does, against which servers, and the targets of Heliograph.
//
// A target is the most that Heliograph may spend, as a ratio to what a reference spends in the same
// run (judge.mjs has the kinds). In a fraction both numbers are µs on one machine: what Heliograph
// was allowed there, and what the reference took.
const EVERYONE = ['ws', 'uws', 'echo', 'heliograph'];
const SIGNALING = ['ws', 'uws', 'heliograph'];

const micro = (result) => result.microseconds;
const ICE = ['--body', 'ice-candidate', '--in-flight', '8'];

// Each client of a pair is on a node of its own.
const ACROSS = {
  servers: ['ws', 'heliograph'],
  nodes: 2,
  value: micro,
  targets: { ofBestPeer: 0.2 },
  note: (result) =>
    `at ${result.per_second.toFixed(0)}/s; ` +
    `not counted: Redis, ${result.redis_microseconds.toFixed(2)} µs a message`,
};

export const ROWS = [
  {
    id: 'description-1',
    title: 'relay of a 2500 B session description, 200 pairs, 1 in flight: CPU µs a message',
    servers: EVERYONE,
    args: ['relay', '--in-flight', '1'],
    value: micro,
    targets: { ofBestPeer: 10 / 35, ofEcho: 10 / 7 },
  },
  {
    id: 'description-8',
    title: 'relay of a 2500 B session description, 200 pairs, 8 in flight: CPU µs a message',
    servers: EVERYONE,
    args: ['relay', '--in-flight', '8'],
    value: micro,
    targets: { ofBestPeer: 4 / 27, ofEcho: 4 / 1.6 },
  },
  {
    id: 'candidate-8',
    title: 'relay of a 220 B ICE candidate, 200 pairs, 8 in flight: CPU µs a message',
    servers: EVERYONE,
    args: ['relay', ...ICE],
    value: micro,
    targets: { ofBestPeer: 2.2 / 13, ofEcho: 2.2 / 0.9 },
  },
  {
    id: 'rooms',
    title: '25 rooms of 8, everyone to everyone, 220 B: CPU µs a message',
    servers: SIGNALING,
    args: [
      'relay',
      '--rooms',
      '25',
      '--room-size',
      '8',
      '--starters',
      '8',
      '--body',
      'ice-candidate',
    ],
    value: micro,
    targets: { ofBestPeer: 7 / 21 },
  },
  {
    id: 'connect',
    title: 'connect, authenticate, leave: CPU µs a connection',
    servers: EVERYONE,
    args: ['connect'],
    value: micro,
    targets: { ofBestPeer: 60 / 239 },
  },
  {
    id: 'call',
    title: 'a whole call (2 connects, create, join, accept, offer, answer, 10 candidates): CPU µs',
    servers: SIGNALING,
    args: ['call'],
    value: micro,
    targets: { ofBestPeer: 220 / 951 },
  },
  {
    id: 'idle',
    title: 'memory of an idle authenticated connection: bytes',
    servers: EVERYONE,
    args: ['idle'],
    value: (result) => result.bytes_per_client,
    targets: { bytes: 1200 },
    note: (result) => `bend of the line ${(result.bend * 100).toFixed(1)} %`,
  },
  {
    id: 'latency',
    title: 'latency p99, open loop, 220 B, at half of its own maximum (the echo: Heliograph’s): µs',
    servers: ['heliograph', 'echo', 'uws', 'ws'],
    maximum: ['relay', '--body', 'ice-candidate', '--in-flight', '1'],
    args: ['latency', '--body', 'ice-candidate'],
    rateOf: { echo: 'heliograph' },
    value: (result) => result.p99_microseconds,
    targets: { ofEcho: 3 },
    note: (result) =>
      `p50 ${result.p50_microseconds.toFixed(0)}, p99 ${result.p99_microseconds.toFixed(0)}, ` +
      `p99.9 ${result.p999_microseconds.toFixed(0)} µs at ${result.rate.toFixed(0)}/s`,
  },
  {
    id: 'beside-idle',
    title: 'CPU per relayed 220 B message with 18 000 idle connections beside ÷ with none',
    servers: ['heliograph'],
    args: ['relay-beside-idle', ...ICE],
    value: (result) => result.ratio,
    targets: { ratio: 1.15 },
    note: (result) =>
      `${result.alone_microseconds.toFixed(2)} µs alone, ${result.beside_microseconds.toFixed(2)} µs beside`,
  },
  {
    id: 'workers',
    title: 'CPU per relayed 220 B message, two workers ÷ one (load on the same two cores)',
    servers: ['heliograph'],
    args: ['relay', ...ICE],
    compareWorkers: true,
    value: (result) => result.two.microseconds / result.one.microseconds,
    targets: { ratio: 1.2 },
    note: ({ one, two }) =>
      `one: ${one.microseconds.toFixed(2)} µs, ${one.per_second.toFixed(0)}/s, ${one.server_cores.toFixed(2)} cores; ` +
      `two: ${two.microseconds.toFixed(2)} µs, ${two.per_second.toFixed(0)}/s, ${two.server_cores.toFixed(2)} cores`,
  },
  {
    id: 'two-nodes',
    title: 'relay across two nodes, 220 B ICE candidate, 200 pairs, 8 in flight: CPU µs a message',
    args: ['relay', ...ICE],
    ...ACROSS,
  },
  {
    id: 'two-nodes-description',
    title: 'relay across two nodes, 2500 B description, 200 pairs, 8 in flight: CPU µs a message',
    args: ['relay', '--in-flight', '8'],
    ...ACROSS,
  },
  {
    id: 'more-nodes',
    title: 'CPU per 220 B message relayed across two nodes, six more idle beside ÷ with none',
    servers: ['heliograph'],
    args: ['relay', ...ICE],
    compareNodes: [2, 4, 8],
    value: (result) => result[8].microseconds / result[2].microseconds,
    targets: { ratio: 1.15 },
    note: (result) =>
      Object.entries(result)
        .map(([nodes, { microseconds }]) => `${nodes} nodes: ${microseconds.toFixed(2)} µs`)
        .join(', '),
  },
];
