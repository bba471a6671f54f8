import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually, within } from '../support/patience.mjs';
import { useServer } from '../support/server.mjs';
import { jwt } from '../support/tokens.mjs';
import { wireTo } from '../support/wire.mjs';
import { modules } from './build.mjs';

const kConnectTimeout = 300;
const quick = { reconnectionDelay: 50, reconnectionDelayMax: 200 };

describe('a token that expires', () => {
  const server = useServer();

  test('is replaced in time, and the connection goes on', async (t) => {
    const { Signal } = await (await modules())('index');
    let asked = 0;
    const token = () => {
      asked += 1;
      return jwt({ app: 'x', kind: 'app', exp: Math.floor(Date.now() / 1000) + 4 });
    };
    const signal = await Signal.connect(server.url, { token });
    t.after(() => signal.close());
    const told = [];
    signal.on('state', ({ state }) => told.push(state));
    const room = await signal.createRoom();
    await eventually(() => asked > 3, 'it is asked for again and again');
    assert.equal((await signal.roomInfo(room)).room, room);
    assert.deepEqual(told, []);
  });

  test('is replaced later if no other can be had at first', async (t) => {
    const { Signal } = await (await modules())('index');
    let asked = 0;
    const token = () => {
      asked += 1;
      if (asked === 2) throw new Error('the back end is down');
      return jwt({ app: 'x', kind: 'app', exp: Math.floor(Date.now() / 1000) + 10 });
    };
    const signal = await Signal.connect(server.url, { token });
    t.after(() => signal.close());
    const told = [];
    signal.on('state', ({ state }) => told.push(state));
    await eventually(() => asked > 3, 'it is asked for again, and then in time');
    const room = await signal.createRoom();
    assert.equal((await signal.roomInfo(room)).room, room);
    assert.deepEqual(told, []);
  });
});

describe('a token that takes longer than the server waits for it', () => {
  const server = useServer({ env: { CONNECT_TIMEOUT: kConnectTimeout } });
  let Signal;
  let signal;

  before(async () => {
    ({ Signal } = await (await modules())('index'));
  });
  after(() => signal?.close());

  test('is taken by a later attempt, and asked for again only after that', async (t) => {
    const wire = await wireTo(t, server);
    let asked = 0;
    const token = async () => {
      asked += 1;
      await pause(4 * kConnectTimeout);
      return server.appToken();
    };
    let attempts = 0;
    signal = new Signal(wire.url, { token, socket: quick });
    signal.on('state', () => (attempts += 1));
    await within(signal.open(), 'the late token gets in');
    assert.equal(asked, 1);
    assert.ok(attempts > 1, 'the server did not wait for it');
    const back = signal.once('state', ({ state }) => state === 'resumed');
    wire.drop();
    await within(back, 'a later token, as late');
    assert.equal(asked, 2);
  });
});
