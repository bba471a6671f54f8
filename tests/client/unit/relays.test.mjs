import { beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { modules } from '../build.mjs';

const load = await modules();
const { createRelays } = await load('relays');
const { Emitter } = await load('emitter');
const { SignalError } = await load('error');

const settled = () => new Promise((resolve) => setImmediate(resolve));
const limited = (retryAfter) => new SignalError('rate-limited', 'too fast', retryAfter);

/** A signal whose state and events the test tells. */
class Told extends Emitter {
  tell(name, event) {
    this.emit(name, event);
  }
}

/** Time stands still, and `pass` has the next timer run. */
function useClock(context) {
  const clock = { now: 1_000_000, timers: new Map(), count: 0 };
  const { setTimeout, clearTimeout } = globalThis;
  context.after(() => {
    delete performance.now;
    Object.assign(globalThis, { setTimeout, clearTimeout });
  });
  performance.now = () => clock.now;
  globalThis.setTimeout = (run, time) => {
    clock.timers.set((clock.count += 1), [clock.now + time, run]);
    return clock.count;
  };
  globalThis.clearTimeout = (id) => clock.timers.delete(id);
  clock.pass = async () => {
    const [[id, [time, run]]] = [...clock.timers].sort(([, [one]], [, [other]]) => one - other);
    clock.timers.delete(id);
    clock.now = Math.max(time, clock.now);
    run();
    await settled();
  };
  return clock;
}

describe('relays', () => {
  let sent;
  let signal;
  let session;
  let relays;
  /** The server's answer: a value, an error, or a promise of one of the two. */
  let answer;

  beforeEach(() => {
    sent = [];
    answer = () => undefined;
    signal = new Told();
    session = {
      state_: 'connected',
      timeout_: 10_000,
      isOnline_: () => !['reconnecting', 'closed'].includes(session.state_),
      whenOnlineInTime_: async () => {},
    };
    const send_ = async (event, fields) => {
      sent.push(fields.data ?? fields.ice_candidate ?? fields.session_description);
      const result = await answer(event, fields);
      if (result instanceof Error) throw result;
    };
    relays = createRelays(session, { send_ }, signal);
  });

  const candidate = (to, ice_candidate) =>
    relays.relay_('relay-ice-candidate', { room: 'R', to, ice_candidate });
  const describeTo = (to, session_description) =>
    relays.relay_('relay-session-description', { room: 'R', to, session_description });
  const message = (data, to) => relays.relay_('relay-message', { room: 'R', to, data });
  const becomes = (state) => {
    session.state_ = state;
    signal.tell('state', { state });
  };
  const fails = (promise, code) => assert.rejects(promise, { code });
  /** Never answers: until `release` is called. */
  const hold = () => {
    let release;
    const held = new Promise((resolve) => (release = resolve));
    answer = () => held;
    return release;
  };

  test('go out at once while the budgets of the server allow it', async (context) => {
    useClock(context);
    const release = hold();
    const numbers = Array.from({ length: 100 }, (_, number) => number + 1);
    const all = numbers.map((number) => candidate('B', number));
    await settled();
    assert.deepEqual(sent, numbers);
    release();
    await Promise.all(all);
  });

  test('are acknowledged one by one past the documented budget of one peer', async (context) => {
    useClock(context);
    const release = hold();
    const large = 'x'.repeat(60_000);
    const all = Array.from({ length: 8 }, () => candidate('B', large));
    all.push(candidate('C', 'other'));
    await settled();
    assert.equal(sent.length, 5, 'four of 60 kB to Ben, and what goes to Cleo');
    release();
    await Promise.all(all);
    assert.equal(sent.length, 9);
  });

  test('to everybody are acknowledged one by one past the documented number', async (context) => {
    useClock(context);
    const release = hold();
    const all = Array.from({ length: 200 }, (_, number) => message(number));
    await settled();
    assert.equal(sent.length, 128, 'as many are under way');
    release();
    await settled();
    const again = hold();
    all.push(message('one'), message('after another'));
    await settled();
    assert.equal(sent.length, 201);
    again();
    await Promise.all(all);
  });

  test('go out at once again on a server that has shown that it takes more', async (context) => {
    useClock(context);
    const large = 'x'.repeat(60_000);
    for (let count = 0; count < 10; count += 1) await candidate('B', large);
    const release = hold();
    const all = [1, 2, 3].map(() => candidate('B', large));
    await settled();
    assert.equal(sent.length, 13);
    release();
    await Promise.all(all);
  });

  test('go again in order when they are refused, after the time that the server says', async (context) => {
    const clock = useClock(context);
    answer = () => limited(700);
    const since = clock.now;
    const all = [1, 2, 3].map((number) => candidate('B', number));
    await settled();
    answer = () => undefined;
    sent.length = 0;
    while (!sent.length) await clock.pass();
    assert.ok(clock.now >= since + 700);
    await Promise.all(all);
    assert.deepEqual(sent, [1, 2, 3]);
  });

  test('go again in time if the clock is set back meanwhile', async (context) => {
    const clock = useClock(context);
    context.mock.method(Date, 'now', () => 1_000_000_000);
    answer = () => (sent.length === 1 ? limited(1000) : undefined);
    const relayed = candidate('B', 1);
    await settled();
    Date.now.mock.mockImplementation(() => 1_000_000_000 - 60_000);
    const since = clock.now;
    for (let turn = 0; sent.length < 2; turn += 1) {
      assert.ok(turn < 100, 'it waits by the clock that was set back');
      await clock.pass();
    }
    await relayed;
    assert.ok(clock.now - since < 1200, `${clock.now - since} ms`);
  });

  test('wait for one another for a minute, if the server takes less than is documented', async (context) => {
    const clock = useClock(context);
    answer = () => limited(1);
    const first = candidate('B', 'first');
    await settled();
    answer = () => undefined;
    while (sent.length < 2) await clock.pass();
    await first;
    const atOnce = async () => {
      sent.length = 0;
      const release = hold();
      const all = [1, 2, 3].map((number) => candidate('B', number));
      await settled();
      const count = sent.length;
      release();
      await Promise.all(all);
      assert.deepEqual(sent, [1, 2, 3]);
      return count;
    };
    clock.now += 30_000;
    assert.equal(await atOnce(), 1);
    clock.now += 40_000;
    await candidate('B', 'another');
    assert.equal(await atOnce(), 3);
  });

  test('to others are not held up by one peer for which the server refuses them', async (context) => {
    useClock(context);
    answer = (_, { to }) => (to === 'B' ? limited(5000) : undefined);
    candidate('B', 1).catch(() => {});
    await settled();
    await candidate('C', 2);
    assert.deepEqual(sent, [1, 2]);
  });

  test('never have an offer overtake an answer', async () => {
    const release = hold();
    const all = [
      describeTo('B', 'answer'),
      candidate('B', 1),
      describeTo('B', 'offer'),
      candidate('B', 2),
    ];
    await settled();
    assert.deepEqual(sent, ['answer', 1]);
    release();
    await Promise.all(all);
    assert.deepEqual(sent, ['answer', 1, 'offer', 2]);
  });

  test('to one peer keep their order, of any kind and however long they wait', async () => {
    const all = [message('first', 'B'), describeTo('B', 'offer'), message('second', 'B')];
    becomes('reconnecting');
    all.push(message('third', 'B'), candidate('B', 1));
    becomes('resumed');
    await Promise.all(all);
    assert.deepEqual(sent, ['first', 'offer', 'second', 'third', 1]);
  });

  test('fail in time if they are messages and the connection stays away', async () => {
    becomes('reconnecting');
    session.whenOnlineInTime_ = async () => {
      throw new SignalError('timeout', 'The server is out of reach');
    };
    const kept = candidate('B', 1);
    await fails(message('late', 'B'), 'timeout');
    becomes('resumed');
    await kept;
    assert.deepEqual(sent, [1]);
  });

  test('fail with an error when the peer or the room is left, or the signal closes', async () => {
    const release = hold();
    const first = [describeTo('B', 'offer'), describeTo('C', 'offer'), describeTo('D', 'offer')];
    const [toBen, toCleo, toDan] = ['B', 'C', 'D'].map((to) => describeTo(to, 'waits'));
    await settled();
    signal.tell('room-user-leave', { room: 'other', peerId: 'B' });
    signal.tell('room-user-leave', { room: 'R', peerId: 'B' });
    await fails(toBen, 'peer-not-in-room');
    relays.end_('other', new SignalError('closed', 'left'));
    relays.end_('R', new SignalError('closed', 'left'), 'C');
    await fails(toCleo, 'closed');
    becomes('closed');
    await fails(toDan, 'closed');
    release();
    await Promise.all(first);
    await fails(candidate('B', 1), 'closed');
    assert.deepEqual(sent, ['offer', 'offer', 'offer']);
  });

  test('that were refused fail, too, if the room is left before they go again', async () => {
    const release = hold();
    const relay = candidate('B', 1);
    await settled();
    relays.end_('R', new SignalError('closed', 'left'));
    release(limited(1));
    await fails(relay, 'closed');
  });

  test('fail with "rate-limited" if they wait for too long', async (context) => {
    const clock = useClock(context);
    answer = () => limited(1);
    const outcomes = [];
    for (const relay of [message('m', 'B'), candidate('C', 1)]) {
      relay.catch(({ code }) => outcomes.push([code, clock.now - 1_000_000 > 100_000]));
    }
    await settled();
    while (outcomes.length < 2) await clock.pass();
    assert.deepEqual(outcomes, [
      ['rate-limited', false],
      ['rate-limited', true],
    ]);
  });

  test('that wait hold no more than 16 MiB', async () => {
    becomes('reconnecting');
    const large = 'x'.repeat(2 ** 22);
    const all = [1, 2, 3].map(() => candidate('B', large));
    await fails(candidate('B', large), 'queue-full');
    becomes('resumed');
    await Promise.all(all);
    await candidate('B', large);
  });

  test('outlive a broken connection, but for messages that may have arrived', async () => {
    const release = hold();
    const lost = message('said', 'B');
    await settled();
    const kept = candidate('B', 1);
    becomes('reconnecting');
    release(new SignalError('disconnected', 'broke'));
    await fails(lost, 'disconnected');
    const waits = message('waits', 'B');
    await settled();
    answer = () => undefined;
    becomes('resumed');
    await Promise.all([kept, waits]);
    assert.deepEqual(sent, ['said', 1, 1, 'waits']);
    answer = () => new SignalError('disconnected', 'broke');
    await fails(candidate('B', 'too large'), 'disconnected');
    becomes('reconnecting');
    const forgotten = candidate('B', 2);
    becomes('reset');
    await fails(forgotten, 'disconnected');
  });

  /** A bucket as the server keeps them. */
  function bucket(clock, burst, perSecond) {
    let level = burst;
    let since = clock.now;
    return () => {
      level = Math.min(burst, level + ((clock.now - since) * perSecond) / 1000);
      since = clock.now;
      if (level <= 0) return limited(Math.ceil((-level * 1000) / perSecond) + 1);
      level -= 1;
      return undefined;
    };
  }

  for (const [burst, perSecond] of [
    [20, 20],
    [10, 500],
    [4000, 500],
    [300, 100],
  ]) {
    test(`to 30 peers all arrive in order if the server takes ${burst}, and ${perSecond}/s`, async (context) => {
      const clock = useClock(context);
      const all = bucket(clock, burst, perSecond);
      const arrived = {};
      const refusals = [];
      answer = (_, { to, ice_candidate, session_description }) => {
        const refusal = all();
        if (refusal) refusals.push(clock.now);
        else (arrived[to] ??= []).push(ice_candidate ?? session_description);
        return refusal;
      };
      const peers = Array.from({ length: 30 }, (_, number) => `peer ${number}`);
      const said = [
        'offer',
        ...Array.from({ length: burst > 1000 ? 200 : 40 }, (_, number) => number),
      ];
      let done = false;
      const relayed = said.flatMap((what) =>
        peers.map((to) => (what === 'offer' ? describeTo : candidate)(to, what)),
      );
      const end = Promise.all(relayed).then(() => (done = true));
      await settled();
      while (!done) await clock.pass();
      await end;
      for (const peer of peers) assert.deepEqual(arrived[peer], said);
      const within10s = (time) =>
        refusals.filter((other) => other >= time && other < time + 10_000);
      const most = Math.max(0, ...refusals.map((time) => within10s(time).length));
      assert.ok(
        most < 500,
        `${most} refusals: at 1000 within 10 s the server closes the connection`,
      );
    });
  }
});
