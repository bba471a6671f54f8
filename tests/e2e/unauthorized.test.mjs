// docs/protocol.md, "Tokens": every event but `auth-request` needs the session token of this very
// socket.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { decode, jwt } from '../support/tokens.mjs';
import { askToJoin, assertRefused, createRoom, freshRoom, meeting } from '../support/rooms.mjs';
import { RawSocketIo, authenticate } from '../support/socketio.mjs';
import { useServer } from '../support/server.mjs';

const events = [
  'room-create-request',
  'room-join-request',
  'room-join-accept',
  'room-join-reject',
  'relay-session-description',
  'relay-ice-candidate',
];
const unauthorized = { message: 'Token is not valid' };

describe('an event without a valid session token', () => {
  const server = useServer();

  async function assertUnauthorized(peer, event, fields) {
    assertRefused(await peer.askRaw(event, fields), 'unauthorized');
    assert.deepEqual(await peer.next('unauthorized'), unauthorized);
  }

  for (const event of events) {
    it(`${event}: no token`, async () => {
      const peer = await server.connect();
      await assertUnauthorized(peer, event, { room: 'any' });
    });

    it(`${event}: no token and no acknowledgement`, async () => {
      const peer = await server.connect();
      peer.socket.emit(event, { room: 'any' });
      assert.deepEqual(await peer.next('unauthorized'), unauthorized);
    });
  }

  for (const [what, auth] of [
    ['null', null],
    ['a number', 1],
    ['an array', ['token']],
    ['an object', { token: 'token' }],
    ['an empty text', ''],
    ['a text that is no token', 'token'],
  ]) {
    it(`is unauthorized when auth is ${what}`, async () => {
      const peer = await server.peer();
      await assertUnauthorized(peer, 'room-create-request', { room: freshRoom(), auth });
    });
  }

  it('is unauthorized with the app token', async () => {
    const peer = await server.peer();
    await assertUnauthorized(peer, 'room-create-request', { auth: peer.appToken });
  });

  it('is unauthorized with the session token of another socket', async () => {
    const [peer, other] = await server.peers(2);
    await assertUnauthorized(peer, 'room-create-request', { auth: other.sessionToken });
  });

  it('is unauthorized with a token of this socket that the server did not issue', async () => {
    const peer = await server.peer();
    const { claims } = decode(peer.sessionToken);
    const forged = jwt(claims, { secret: 'another secret of 32 bytes or more!' });
    await assertUnauthorized(peer, 'room-create-request', { auth: forged });
  });

  it('is unauthorized with the token of an earlier connection', async () => {
    const earlier = await server.peer();
    const peer = await server.peer();
    earlier.disconnect();
    await assertUnauthorized(peer, 'room-create-request', { auth: earlier.sessionToken });
  });

  it('is unauthorized with the token of an earlier stay in the namespace, on the same connection', async () => {
    const appToken = await server.appToken();
    const client = await RawSocketIo.connect(server.port, { auth: { token: appToken } });
    const auth = await authenticate(client, appToken);
    client.send('1');
    await client.enter({ token: appToken });
    client.send(`21["room-create-request",{"auth":"${auth}"}]`);
    assert.equal(await client.next(), '2["unauthorized",{"message":"Token is not valid"}]');
    assert.match(await client.next(), /^31\[\{"ok":false,"error":\{"code":"unauthorized"/);
    client.destroy();
  });

  it('changes nothing: the room is not created', async () => {
    const [stranger, peer] = await Promise.all([server.connect(), server.peer()]);
    const room = freshRoom();
    await stranger.askRaw('room-create-request', { room });
    await createRoom(peer, room);
  });

  it('changes nothing: the owner hears of no request', async () => {
    const [owner, stranger] = await Promise.all([server.peer(), server.connect()]);
    const room = await createRoom(owner);
    await stranger.askRaw('room-join-request', { room });
    await owner.expectNone('room-join-request');
  });

  it('changes nothing: the candidate stays pending, the relay does not arrive', async () => {
    const [owner, guest, candidate] = await server.peers(3);
    const room = await meeting(owner, guest);
    await askToJoin(candidate, owner, room);
    const named = { room, peer_id: candidate.id, to: candidate.id };
    assertRefused(await owner.askRaw('room-join-accept', named), 'unauthorized');
    assertRefused(await owner.askRaw('room-join-reject', named), 'unauthorized');
    const relayed = { room, to: guest.id, session_description: {}, ice_candidate: {} };
    assertRefused(await owner.askRaw('relay-session-description', relayed), 'unauthorized');
    assertRefused(await owner.askRaw('relay-ice-candidate', relayed), 'unauthorized');
    await candidate.expectNone('room-join-accept', 'room-join-reject');
    await guest.expectNone('session-description', 'ice-candidate');
  });
});
