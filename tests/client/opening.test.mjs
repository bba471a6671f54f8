// How a signal is opened, listened to, and what it does if answers are lost.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { within } from '../support/patience.mjs';
import { modules } from './build.mjs';
import { FakeServer } from './fake_server.mjs';

describe('to open a signal', () => {
  let Signal;
  let SignalError;
  let silent;
  const closedPort = 'http://127.0.0.1:1';

  before(async () => {
    ({ Signal, SignalError } = await (await modules())('index'));
    silent = net.createServer((socket) => socket.unref().on('error', () => {}));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  after(() => silent.close());

  const rejects = (promise, code) =>
    assert.rejects(within(promise, code), (error) => {
      assert.ok(error instanceof SignalError, String(error));
      assert.equal(error.code, code);
      return true;
    });

  test('fails if nobody is there', () =>
    rejects(Signal.connect(closedPort, { token: 't' }), 'unreachable'));

  const failure = new Error('the back end is down');
  const fails = () => {
    throw failure;
  };
  for (const [what, token, message, cause] of [
    ['is undefined', undefined, /option `token`/],
    ['is empty', '', /option `token`/],
    ['comes from a function that gives nothing', () => undefined, /function `token`/],
    ['comes from a function that gives no text', async () => new Response(), /function `token`/],
    ['comes from a function that throws', fails, /^the back end is down$/, failure],
    ['comes from a function that rejects', async () => fails(), /^the back end is down$/, failure],
  ]) {
    test(`fails at once if the token ${what}`, async (t) => {
      const server = await FakeServer.open();
      t.after(() => server.close());
      const signal = new Signal(server.url, { token });
      const opening = signal.open();
      await rejects(opening, 'no-token');
      await assert.rejects(opening, (error) => {
        assert.match(error.message, message);
        if (cause) assert.equal(error.cause, cause);
        return true;
      });
      assert.equal(signal.state, 'closed');
    });
  }

  test('fails if there is no token, even for those who keep trying', async (t) => {
    const server = await FakeServer.open();
    t.after(() => server.close());
    await rejects(Signal.connect(server.url, { token: '', keepTrying: true }), 'no-token');
  });

  test('fails if nobody answers in time', async () => {
    const url = `http://127.0.0.1:${silent.address().port}`;
    const signal = new Signal(url, { token: 't', timeout: 50 });
    await rejects(signal.open(), 'timeout');
    assert.equal(signal.state, 'closed');
  });

  test('fails when it is given up', async () => {
    const url = `http://127.0.0.1:${silent.address().port}`;
    const giveUp = new AbortController();
    const opening = Signal.connect(url, { token: 't', signal: giveUp.signal });
    giveUp.abort();
    await rejects(opening, 'closed');
    await rejects(Signal.connect(url, { token: 't', signal: AbortSignal.abort() }), 'closed');
  });

  test('fails at once if the URL is none', () =>
    rejects(Signal.connect('http//host', { token: 't' }), 'invalid-url'));

  test('goes on for as long as one wants', async () => {
    const signal = new Signal(closedPort, {
      token: 't',
      socket: { reconnectionDelay: 1, reconnectionDelayMax: 2 },
    });
    let attempts = 0;
    signal.on('state', ({ error }) => {
      assert.equal(error.code, attempts < 3 ? 'unreachable' : 'closed');
      attempts += 1;
      if (attempts === 3) signal.close();
    });
    await rejects(signal.open({ keepTrying: true }), 'closed');
    assert.equal(attempts, 4);
  });

  test('leaves nothing behind that keeps a program running', async () => {
    const program = `
      import { Signal } from ${JSON.stringify((await modules()).url('index'))};
      Signal.connect('${closedPort}', { token: 't' }).catch(({ code }) => console.log(code));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    const [status] = await within(once(child, 'close'), 'the end of the program');
    assert.deepEqual([status, output], [0, 'unreachable\n']);
  });
});

describe('to listen', () => {
  let Signal;
  let server;
  let signal;

  before(async () => {
    ({ Signal } = await (await modules())('index'));
    server = await FakeServer.open();
    signal = await Signal.connect(server.url, {
      token: 't',
      socket: { transports: ['websocket'] },
    });
  });
  after(() => {
    signal.close();
    server.close();
  });

  test('ends by off, once for each time that it began', async () => {
    const heard = [];
    const listener = ({ data }) => heard.push(data);
    signal.on('message', listener);
    signal.on('message', listener);
    signal.off('message', listener);
    const tell = async (data) => {
      const told = signal.once('message');
      server.tell('message', { room: 'r', peer_id: 'p', data });
      await within(told, 'a message');
    };
    await tell(1);
    signal.removeListener('message', listener);
    await tell(2);
    assert.deepEqual(heard, [1]);
  });

  test('to names that there are not is an error', () => {
    assert.throws(() => signal.on('mesage', () => {}), /no event "mesage"/);
  });

  test('to everything also hears the events of back ends', async () => {
    const heard = [];
    const off = signal.onAny((name, event) => heard.push([name, event]));
    const told = signal.once('message');
    server.tell('news', 'from the back end');
    server.tell('message', { room: 'r', peer_id: 'p', data: 1 });
    await within(told, 'a message');
    off();
    assert.deepEqual(heard, [
      ['news', 'from the back end'],
      ['message', { room: 'r', peerId: 'p', data: 1 }],
    ]);
  });

  test('for the room is enough if its acknowledgement is lost', async () => {
    server.answer = () => undefined;
    const creating = signal.createRoom();
    while (server.requests.at(-1)[0] !== 'room-create-request') await new Promise(setImmediate);
    const { room } = server.requests.at(-1)[1];
    assert.match(room, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    server.tell('room-create-accept', { room });
    assert.equal(await within(creating, 'the room'), room);
  });
});
