import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { modules } from '../build.mjs';

const load = await modules();
const { Emitter } = await load('emitter');
const { expiryOf, renewalDelay } = await load('token');
const { createIceServers } = await load('ice_servers');
const { camelCased, sizeOf } = await load('wire');

class Bell extends Emitter {
  ring(name, event) {
    this.emit(name, event);
  }
}

describe('an emitter', () => {
  test('calls each listener until it is taken away', () => {
    const bell = new Bell();
    const heard = [];
    const listener = (event) => heard.push(event);
    const off = bell.on('ring', listener);
    bell.on('ring', listener);
    bell.ring('ring', 1);
    off();
    off();
    bell.ring('ring', 2);
    assert.deepEqual(heard, [1, 1, 2]);
  });

  test('waits for the event that is accepted', async () => {
    const bell = new Bell();
    const even = bell.once('ring', (number) => number % 2 === 0);
    for (const number of [1, 2, 4]) bell.ring('ring', number);
    assert.equal(await even, 2);
  });

  test('lets a listener that throws harm nobody, and has it reported', (context) => {
    const bell = new Bell();
    const reports = [];
    context.mock.method(globalThis, 'queueMicrotask', (report) => reports.push(report));
    const heard = [];
    bell.on('ring', () => {
      throw new Error('ouch');
    });
    bell.on('ring', (event) => heard.push(event));
    bell.ring('ring', 1);
    assert.deepEqual(heard, [1]);
    assert.throws(reports[0], /ouch/);
  });
});

describe('the renewal of a session token', () => {
  const token = (claims) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

  test('reads the end of a token, with any letters of base64url', () => {
    assert.equal(expiryOf(token({ app: '???>>>~~~', exp: 1700000000 })), 1700000000_000);
    assert.equal(expiryOf(token({ app: 'no end' })), Infinity);
    assert.equal(expiryOf('no token'), Infinity);
  });

  test('comes after four fifths of the time, and every half minute by a wrong clock', () => {
    const ends = token({ exp: 2000 });
    assert.equal(renewalDelay(ends, 1_000_000), 800_000);
    assert.equal(renewalDelay(ends, 2_000_001), 30_000);
    assert.equal(renewalDelay(token({ exp: 1e12 }), 0), 2 ** 31 - 1);
    assert.equal(renewalDelay('no token', 0), 2 ** 31 - 1);
  });
});

describe('the ICE servers', () => {
  const turn = (credential) => [{ urls: 'turn:a', username: 'ada', credential }];

  /** `pass()`: so much later that none is fresh. */
  function withClock(context) {
    let now = performance.now();
    context.mock.method(performance, 'now', () => now);
    return { pass: () => (now += 60_000) };
  }

  test('are those of the sign-in just after it, or none if the server has none', async (context) => {
    const { pass } = withClock(context);
    const servers = createIceServers(() => assert.fail('nothing to ask for'));
    servers.keep_(undefined);
    pass();
    assert.deepEqual(await servers.get_(), []);
    const first = turn('first');
    servers.keep_(first);
    assert.equal(await servers.get_(), first);
  });

  test('are asked for once when many need them, and again later', async (context) => {
    const { pass } = withClock(context);
    let asked = 0;
    const servers = createIceServers(async () => turn((asked += 1)));
    servers.keep_(turn('first'));
    pass();
    const got = await Promise.all([servers.get_(), servers.get_(), servers.get_()]);
    assert.deepEqual(got, Array(3).fill(turn(1)));
    assert.deepEqual(await servers.get_(), turn(1));
    pass();
    assert.deepEqual(await servers.get_(), turn(2));
  });

  test('are those known before when the server gives no others', async (context) => {
    const { pass } = withClock(context);
    const old = turn('old');
    for (const answer of [() => Promise.reject(new Error('away')), async () => undefined]) {
      const servers = createIceServers(answer);
      servers.keep_(old);
      pass();
      assert.equal(await servers.get_(), old);
    }
  });
});

test('names of the wire become camelCase, and values stay as they are', () => {
  assert.deepEqual(camelCased({ peer_id: 1, session_description: { a_b: 2 }, room: 3 }), {
    peerId: 1,
    sessionDescription: { a_b: 2 },
    room: 3,
  });
});

describe('the size of a relay', () => {
  const around = sizeOf({ data: null });
  const kilobyte = new Uint8Array(1000);

  for (const [what, data, size] of [
    ['text in bytes of UTF-8, not in characters', '€'.repeat(1000), 3000],
    ['an ArrayBuffer', kilobyte.buffer, 1000],
    ['a view of a part', kilobyte.subarray(0, 500), 500],
    ['a Buffer of Node', Buffer.from(kilobyte), 1000],
    ['binary data in JSON', { files: [Buffer.from(kilobyte), kilobyte] }, 2000],
    ['what makes its own JSON', { toJSON: () => 'x'.repeat(1000) }, 1000],
  ]) {
    test(`counts ${what}`, () => {
      const counted = sizeOf({ data }) - around;
      assert.ok(Math.abs(counted - size) <= 30, `${counted} bytes`);
    });
  }
});
