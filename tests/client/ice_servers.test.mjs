import { afterEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { freshRoom } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';
import { modules } from './build.mjs';
import { useLaboratory } from './laboratory.mjs';

const secret = 'a secret that coturn knows too';
const turn = (lifetime) => ({
  TURN_URLS: 'turn:turn.example.org:3478',
  TURN_SECRET: secret,
  TURN_TTL: lifetime,
});

function assertFresh([{ urls, username, credential }], lifetime) {
  assert.deepEqual([urls].flat(), ['turn:turn.example.org:3478']);
  assert.equal(credential, createHmac('sha1', secret).update(username).digest('base64'));
  const left = Number(username.split(':')[0]) - Date.now() / 1000;
  assert.ok(left > 0 && left <= lifetime + 1, `${left} s left`);
}

describe('the TURN credentials of a signal', () => {
  const server = useServer({ env: turn(3600) });

  test('come with the sign-in', async (context) => {
    const { Signal } = await (await modules())('index');
    const asked = context.mock.method(globalThis, 'fetch');
    const signal = await Signal.connect(server.url, { token: await server.appToken() });
    assertFresh(await signal.iceServers(), 3600);
    assert.equal(asked.mock.callCount(), 0);
    signal.close();
  });
});

/** From now on a clock says so many milliseconds more, in Node and in a page alike. */
const setForward = (by) => {
  const now = performance.now.bind(performance);
  performance.now = () => now() + by;
};

describe('TURN credentials for a later connection', () => {
  const lifetime = 60;
  const server = useServer({ env: turn(lifetime) });
  const laboratory = useLaboratory();

  afterEach(() => {
    delete performance.now;
  });

  test('are fetched again, once for all connections that need them at that time', async (context) => {
    const { Signal } = await (await modules())('index');
    const asked = context.mock.method(globalThis, 'fetch');
    const signal = await Signal.connect(server.url, { token: await server.appToken() });
    setForward(5000);
    const all = await Promise.all([signal.iceServers(), signal.iceServers()]);
    for (const servers of all) assertFresh(servers, lifetime);
    assert.equal(asked.mock.callCount(), 1);
    signal.close();
  });

  test('are kept if the server does not give others', async (context) => {
    const { Signal } = await (await modules())('index');
    const refuse = async () => new Response('{"response":false}', { status: 401 });
    context.mock.method(globalThis, 'fetch', refuse);
    const signal = await Signal.connect(server.url, { token: await server.appToken() });
    setForward(5000);
    for (let i = 0; i < 2; i += 1) assertFresh(await signal.iceServers(), lifetime);
    signal.close();
  });

  test('are new for each connection, also in a page of another origin', async () => {
    const lab = await laboratory.open();
    const asked = [];
    lab.page.on('response', (response) => {
      if (response.url().endsWith('/ice-servers')) asked.push(response.status());
    });
    const room = freshRoom();
    const names = [];
    for (const name of ['Ada', 'Ben', 'Cleo']) {
      await lab.enter(server, room, name, { media: null });
      names.push(name);
      await lab.areConnected(...names);
      await lab.run(setForward, 5000);
    }
    const used = await lab.run(() =>
      ['Ada', 'Cleo'].map(
        (name) => lab.peerOf('Ben', name).connection.getConfiguration().iceServers,
      ),
    );
    for (const servers of used) assertFresh(servers, lifetime);
    assert.ok(asked.filter((status) => status === 200).length >= 3, String(asked));
  });
});
