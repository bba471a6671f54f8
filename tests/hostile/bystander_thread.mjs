// The thread of the bystanders (bystanders.mjs): pairs that exchange a candidate every 100 ms, and
// note how long each was on its way. It shares nothing with the attack but the cores.
import { parentPort, workerData } from 'node:worker_threads';
import { eventually } from '../support/patience.mjs';
import { enterRoom, eventFrame, openRoom, signedIn } from './client.mjs';

const kInterval = 100; // milliseconds
const kWarm = 10; // candidates that each has got before the measuring begins

const { port, token, pairs } = workerData;
const candidate =
  'candidate:842163049 1 udp 1677729535 192.0.2.17 46154 typ srflx raddr 0.0.0.0 rport 0';
const arrivalBegins = Buffer.from('42["ice-candidate"');

/** The relays of one member to the other. Candidates arrive in order: the oldest is the next. */
class Direction {
  sentAt = [];
  delays = [];

  constructor(from, to, room) {
    this.from = from;
    const ice_candidate = { candidate, sdpMid: '0', sdpMLineIndex: 0 };
    this.frame = eventFrame('relay-ice-candidate', {
      auth: from.auth,
      room,
      to: to.id,
      ice_candidate,
    });
    to.onText = (payload) => {
      if (payload.subarray(0, arrivalBegins.length).equals(arrivalBegins)) this.#arrived();
    };
  }

  send() {
    if (!this.from.socket.writable) return;
    this.sentAt.push(performance.now());
    this.from.socket.write(this.frame);
  }

  #arrived() {
    this.delays.push(performance.now() - this.sentAt.shift());
  }
}

const lost = [];

function watch(client) {
  client.ended.then((closed) => lost.push(closed ?? 'lost without a Close frame'));
}

/** Every other pair asks for recovery. */
async function meet(index) {
  const recovery = index % 2 === 1;
  const [owner, guest] = await Promise.all([0, 1].map(() => signedIn(port, token, { recovery })));
  const room = await openRoom(owner);
  await enterRoom(guest, room);
  [owner, guest].forEach(watch);
  return [new Direction(owner, guest, room), new Direction(guest, owner, room)];
}

function summary(directions) {
  const delays = directions.flatMap((direction) => direction.delays).sort((a, b) => a - b);
  const at = (share) =>
    delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? NaN;
  const missing = directions.reduce((sum, { sentAt }) => sum + sentAt.length, 0);
  const fewest = Math.min(...directions.map((direction) => direction.delays.length));
  return { lost, missing, fewest, delay: { median: at(0.5), p99: at(0.99), most: at(1) } };
}

let directions = [];
let timers = [];

const tasks = {
  /** The delays from now on are those that the report is about. */
  forget: () => directions.forEach((direction) => (direction.delays = [])),
  report: () => parentPort.postMessage(summary(directions)),
  end: async () => {
    timers.forEach(clearInterval);
    const isQuiet = () => lost.length > 0 || directions.every(({ sentAt }) => sentAt.length === 0);
    await eventually(isQuiet, 'all candidates of the bystanders').catch(() => {});
    parentPort.postMessage(summary(directions));
  },
};

// It keeps the thread alive, too: its sockets do not.
parentPort.on('message', (task) => tasks[task]());
directions = (await Promise.all(Array.from({ length: pairs }, (_, i) => meet(i)))).flat();
timers = directions.map((direction, i) => {
  return setTimeout(
    () => {
      timers[i] = setInterval(() => direction.send(), kInterval);
    },
    (kInterval * i) / directions.length,
  );
});
const isWarm = () => directions.every(({ delays }) => delays.length >= kWarm);
await eventually(isWarm, `${kWarm} candidates for each bystander`);
parentPort.postMessage('talking');
