// The package leaves no rejection unhandled: the caller of a command sees it reject, and nobody
// else. (The runner also fails a test during which a rejection is not handled.)
import { after, afterEach, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { eventually, within } from '../support/patience.mjs';
import { freshRoom } from '../support/rooms.mjs';
import { serve, useServer } from '../support/server.mjs';
import { wireTo } from '../support/wire.mjs';
import { modules } from './build.mjs';
import { FakeConnection } from './fake_connection.mjs';
import { FakeServer } from './fake_server.mjs';

const kQuick = { reconnectionDelay: 20, reconnectionDelayMax: 50 };
const media = { id: 'media', getTracks: () => [{ kind: 'video' }] };

describe('no rejection is left unhandled', () => {
  const server = useServer();
  const open = [];
  const unhandled = [];
  const note = (error) => unhandled.push(String(error?.stack ?? error));
  let Call;
  let Signal;
  let watchStats;

  before(async () => {
    process.on('unhandledRejection', note);
    const load = await modules();
    ({ Call, Signal } = await load('index'));
    ({ watchStats } = await load('stats'));
  });
  after(() => process.off('unhandledRejection', note));
  afterEach(async () => {
    for (const signal of open.splice(0)) signal.close();
    await new Promise((resolve) => setImmediate(resolve)); // They are told when a turn ends.
    assert.deepEqual(unhandled.splice(0), []);
  });

  async function connect({ url = server.url, ...options } = {}) {
    const token = options.token ?? (await server.appToken());
    const signal = new Signal(url, { socket: kQuick, ...options, token });
    open.push(signal);
    await within(signal.open(), 'the sign-in');
    return signal;
  }

  /** In the room; `errors` are those that the call tells. */
  async function enter(room, { RTCPeerConnection = FakeConnection, ...options } = {}) {
    const signal = await connect(options);
    const call = new Call(signal, { media, RTCPeerConnection });
    const errors = [];
    call.on('error', ({ error }) => errors.push(String(error)));
    call.on('join-request', ({ peerId }) => call.accept(peerId).catch(() => {}));
    await within(call.enter(room), 'the way in');
    return { signal, call, errors };
  }

  const until = (signal, wanted) =>
    within(
      signal.once('state', ({ state }) => state === wanted),
      wanted,
    );

  /** The codes with which the promises reject, or null if they do not. */
  const codesOf = (promises) =>
    within(
      Promise.all(
        promises.map((each) =>
          each.then(
            () => null,
            ({ code }) => code,
          ),
        ),
      ),
      'all ends',
    );

  test('if nobody is there, nobody is let in, or the token is none', async () => {
    const token = 'nonsense';
    const gone = AbortSignal.abort();
    assert.deepEqual(
      await codesOf([
        Signal.connect('http://127.0.0.1:1', { token }),
        Signal.connect('nowhere//', { token }),
        Signal.connect(server.url, { token }),
        Signal.connect(server.url, { token, signal: gone }),
      ]),
      ['unreachable', 'invalid-url', 'unauthorized', 'closed'],
    );
  });

  test('if a signal is closed while it opens, or while it gets its token', async () => {
    const signal = new Signal(server.url, { token: () => Promise.reject(new Error('No token')) });
    const opening = signal.open({ keepTrying: true });
    await within(
      signal.once('state', ({ error }) => error?.code === 'no-token'),
      'no token',
    );
    signal.close();
    assert.deepEqual(await codesOf([opening, signal.open()]), ['closed', 'closed']);
  });

  test('if a signal is closed while every command waits for its answer', async (t) => {
    const fake = await FakeServer.open();
    t.after(() => fake.close());
    const signal = await connect({ url: fake.url });
    fake.answer = fake.answerToSignIn = () => undefined;
    const waiting = [
      signal.createRoom('a'),
      signal.joinRoom('b'),
      signal.enterRoom('c'),
      signal.leaveRoom('d'),
      signal.roomInfo('e'),
      signal.accept('f', 'ada'),
      signal.reject('f', 'ada'),
      signal.kick('f', 'ada'),
      signal.requestMute('f', 'ada', 'audio'),
      signal.updateRoom('f', { locked: true }),
      signal.sendDescription('f', 'ada', { type: 'offer', sdp: '' }),
      signal.sendCandidate('f', 'ada', { candidate: '' }),
      signal.sendMessage('f', 'hello'),
      signal.setPeerinfo({ name: 'Ada' }),
    ];
    await eventually(() => fake.requests.length > waiting.length, 'all commands are under way');
    signal.close();
    for (const code of await codesOf(waiting))
      assert.match(String(code), /^(closed|disconnected)$/);
  });

  test('if a call is closed, left or aborted while its owner thinks about it', async () => {
    const room = freshRoom();
    const owner = await connect();
    await owner.createRoom(room);
    const ways = {
      close: ({ signal }) => signal.close(),
      leave: ({ call }) => call.leave(),
      abort: ({ giveUp }) => giveUp.abort(),
      reject: ({ signal }) => owner.reject(room, signal.id),
    };
    for (const [name, way] of Object.entries(ways)) {
      const signal = await connect();
      const call = new Call(signal, { media, RTCPeerConnection: FakeConnection });
      const giveUp = new AbortController();
      const asked = within(owner.once('room-join-request'), 'the request');
      const entering = call.enter(room, { signal: giveUp.signal });
      const code = codesOf([entering]);
      await asked;
      await way({ signal, call, giveUp });
      assert.deepEqual(await code, [name === 'reject' ? 'join-rejected' : 'closed'], name);
    }
  });

  test('if the server goes in the middle of a call, and the calls are ended then', async (t) => {
    const mortal = await serve(t);
    const room = freshRoom();
    const ada = await enter(room, { url: mortal.url });
    const ben = await enter(room, { url: mortal.url });
    mortal.program.signal('SIGKILL');
    await Promise.all([ada, ben].map(({ signal }) => until(signal, 'reconnecting')));
    ada.call.publish({ ...media, id: 'screen' }, 'screen');
    ada.call.unpublish('camera');
    ada.call.setStatus({ muted: true });
    for (const peer of ada.call.peers.values()) peer.connection?.tell('negotiationneeded');
    const waiting = [
      ada.call.update({ locked: true }),
      ada.call.kick(ben.signal.id),
      ada.call.leave(),
    ];
    const codes = codesOf(waiting);
    ben.signal.close();
    ada.signal.close();
    assert.deepEqual(await codes, ['closed', 'closed', null]);
  });

  test('if the place is lost, and the room may not be entered again', async (t) => {
    const first = await serve(t);
    const wire = await wireTo(t, first);
    const room = freshRoom();
    const ada = await enter(room, {
      url: wire.url,
      tickets: { getItem: () => null, setItem() {}, removeItem() {} },
    });
    const ended = within(ada.call.once('ended'), 'the end');
    await first.stop();
    const second = await serve(t);
    const owner = await second.peer();
    await owner.ask('room-create-request', { room });
    await owner.ask('room-update-request', { room, locked: true });
    wire.server = second;
    const { reason, error } = await ended;
    assert.deepEqual([reason, error.code], ['lost', 'room-locked']);
  });

  test('if a connection fails in any of its steps: the call emits an error', async () => {
    const steps = [
      'createDataChannel',
      'addTransceiver',
      'setLocalDescription',
      'setRemoteDescription',
    ];
    for (const step of steps) {
      class Broken extends FakeConnection {
        [step]() {
          const error = new Error(`${step} is broken`);
          if (!step.startsWith('set')) throw error;
          return Promise.reject(error);
        }
      }
      const room = freshRoom();
      const ada = await enter(room, { RTCPeerConnection: Broken });
      const ben = await enter(room, { RTCPeerConnection: Broken });
      const { id } = ada.signal;
      await eventually(
        () => ben.call.peers.get(id)?.connection || ben.errors.length > 0,
        'they meet',
      );
      ben.call.peers.get(id).connection?.tell('negotiationneeded');
      const errors = () => [...ada.errors, ...ben.errors];
      await eventually(() => errors().length > 0, step);
      assert.match(errors()[0], /is broken/);
    }
  });

  test('if a connection cannot be made at all', async () => {
    function None() {
      throw new Error('None to be had');
    }
    const room = freshRoom();
    const ada = await enter(room, { RTCPeerConnection: None });
    const ben = await enter(room, { RTCPeerConnection: None });
    await eventually(() => ada.errors.length > 0 && ben.errors.length > 0, 'both are told');
    const channel = ben.call.peers.get(ada.signal.id).openChannel('x');
    assert.deepEqual(await codesOf([channel]), ['closed']);
  });

  test('if statistics cannot be had', async () => {
    let readings = 0;
    class Mute extends FakeConnection {
      async getStats() {
        readings += 1;
        throw new Error('No statistics');
      }
    }
    const room = freshRoom();
    await enter(room, { RTCPeerConnection: Mute });
    const ben = await enter(room, { RTCPeerConnection: Mute });
    const stop = watchStats(ben.call, 5, () => {});
    await eventually(() => readings > 2, 'attempts to measure');
    stop();
  });

  test("if a listener throws that watches statistics: its error is reported as any listener's", async (t) => {
    class Measured extends FakeConnection {
      getStats = async () => new Map();
    }
    const room = freshRoom();
    await enter(room, { RTCPeerConnection: Measured });
    const ben = await enter(room, { RTCPeerConnection: Measured });
    const reports = [];
    t.mock.method(globalThis, 'queueMicrotask', (report) => reports.push(report));
    const stop = watchStats(ben.call, 5, () => {
      throw new Error('The page has no bars');
    });
    await eventually(() => reports.length > 0, 'a report');
    stop();
    assert.throws(reports[0], /The page has no bars/);
  });
});
