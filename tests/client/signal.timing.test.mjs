// The client package renews a session token before it expires.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { within } from '../support/patience.mjs';
import { useServer } from '../support/server.mjs';
import { decode } from '../support/tokens.mjs';
import { modules } from './build.mjs';

describe('a signal whose session ends soon', () => {
  const server = useServer({ env: { TOKEN_LIFETIME: 2 } });

  test('renews it in time, and nothing fails meanwhile', async () => {
    const { Signal } = await (await modules())('index');
    const signal = await Signal.connect(server.url, { token: await server.appToken() });
    const tokens = [];
    signal.on('auth-accept', ({ token }) => tokens.push(token));
    const room = await signal.createRoom();
    while (tokens.length < 3) {
      await signal.roomInfo(room);
      await within(signal.once('auth-accept'), 'the next session token');
    }
    const expiries = tokens.map((token) => decode(token).claims.exp);
    assert.ok(expiries[0] < expiries[2], String(expiries));
    signal.close();
  });
});
