import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { modules } from '../build.mjs';

const load = await modules();
const { Emitter } = await load('emitter');
const { expiryOf, renewalDelay } = await load('token');
const { createIceServers } = await load('ice_servers');
const { camelCased } = await load('wire');

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

  test('reads when the token ends, whatever letters its base64url has', () => {
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
  const turn = (seconds) => [
    { urls: 'turn:a', username: `${Math.floor(Date.now() / 1000) + seconds}:ada`, credential: 'x' },
  ];

  test('are those of the sign-in while their credentials last', async () => {
    const servers = createIceServers(() => assert.fail('nothing to ask for'));
    assert.deepEqual(await servers.get_(), []);
    const lasting = turn(3600);
    servers.keep_(lasting);
    assert.equal(await servers.get_(), lasting);
    servers.keep_(undefined);
    assert.deepEqual(await servers.get_(), []);
  });

  test('are asked for once when many need them, and again when they end', async () => {
    let asked = 0;
    const lasting = turn(3600);
    const servers = createIceServers(async () => {
      asked += 1;
      return asked === 1 ? lasting : turn(1);
    });
    servers.keep_(turn(5));
    const got = await Promise.all([servers.get_(), servers.get_(), servers.get_()]);
    assert.equal(asked, 1);
    assert.ok(got.every((each) => each === lasting));
    assert.equal(await servers.get_(), lasting);
    assert.equal(asked, 1);
  });

  test('are those known before when the server cannot be asked', async () => {
    const servers = createIceServers(() => Promise.reject(new Error('away')));
    const old = turn(1);
    servers.keep_(old);
    assert.equal(await servers.get_(), old);
  });
});

test('names of the wire become camelCase, what is inside stays as it is', () => {
  assert.deepEqual(camelCased({ peer_id: 1, session_description: { a_b: 2 }, room: 3 }), {
    peerId: 1,
    sessionDescription: { a_b: 2 },
    room: 3,
  });
});
