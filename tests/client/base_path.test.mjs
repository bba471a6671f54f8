import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { password, useServer } from '../support/server.mjs';
import { modules } from './build.mjs';

describe('a signal to a server with a base path', () => {
  const env = {
    BASE_PATH: '/rtc',
    TURN_URLS: 'turn:turn.example.org',
    TURN_SECRET: 'a secret',
    TURN_TTL: 60,
  };
  const server = useServer({ env });

  test('finds it below the path of its URL', async (context) => {
    const { Signal } = await (await modules())('index');
    const body = JSON.stringify({ app: 'tests', password });
    const headers = { 'Content-Type': 'application/json' };
    const answer = await server.request({ method: 'POST', path: '/rtc/app', headers, body });
    const { token } = JSON.parse(answer.body).response;
    const signal = await Signal.connect(`${server.url}/rtc`, { token });
    try {
      const room = await signal.createRoom();
      assert.ok(signal.rooms.has(room));
      // The credentials that came with the sign-in are stale by then, and asked for again.
      const now = performance.now();
      context.mock.method(performance, 'now', () => now + 5000);
      assert.equal((await signal.iceServers())[0].urls[0], 'turn:turn.example.org');
    } finally {
      signal.close();
    }
  });
});
