// docs/protocol.md: a session token ends by its expiry while the client is connected.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { decode } from '../support/tokens.mjs';
import { assertRefused, createRoom, freshRoom } from '../support/rooms.mjs';
import { eventually } from '../support/patience.mjs';
import { useServer } from '../support/server.mjs';

describe('a session token of one second', () => {
  const server = useServer({ env: { TOKEN_LIFETIME: 1 } });

  /** Creates rooms until the session token is refused; returns that answer. */
  function untilRefused(peer) {
    return eventually(async () => {
      const answer = await peer.ask('room-create-request', { room: freshRoom() });
      return answer.ok ? null : answer;
    }, 'the session token expires');
  }

  it('says so in its claims', async () => {
    const peer = await server.peer();
    const { exp } = decode(peer.sessionToken).claims;
    assert.ok(Math.abs(exp - Date.now() / 1000 - 1) <= 2, `exp ${exp}`);
  });

  it('is refused once expired, though the connection stays', async () => {
    const peer = await server.peer();
    assertRefused(await untilRefused(peer), 'unauthorized');
    assert.deepEqual(await peer.next('unauthorized'), { message: 'Token is not valid' });
    assert.ok(peer.socket.connected);
  });

  it('is renewed by auth-request with the app token', async () => {
    const peer = await server.peer();
    const expired = peer.sessionToken;
    await untilRefused(peer);
    await peer.authenticate();
    assert.notEqual(peer.sessionToken, expired);
    await createRoom(peer);
    assertRefused(await peer.ask('room-create-request', { auth: expired }), 'unauthorized');
  });

  it('does not take the rooms away with it', async () => {
    const peer = await server.peer();
    const room = await createRoom(peer);
    await untilRefused(peer);
    const other = await server.peer();
    assertRefused(await other.ask('room-create-request', { room }), 'room-taken');
  });
});
