// docs/protocol.md, "Tokens": which clients may connect, and to which namespace.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { RawSocketIo } from '../support/socketio.mjs';
import { WebSocketSession } from '../support/engineio.mjs';
import { jwt, seedAppToken } from '../support/tokens.mjs';
import { Peer } from '../support/peer.mjs';
import { useServer } from '../support/server.mjs';

describe('CONNECT to /', () => {
  const server = useServer();

  const refused = {
    'no auth at all': '',
    'an empty auth': '{}',
    'a token of null': '{"token":null}',
    'a token that is a number': '{"token":5}',
    'a token that is an object': '{"token":{}}',
    'a token that is an array': '{"token":["x"]}',
    'an empty token': '{"token":""}',
    'a token that is none': '{"token":"not a token"}',
    'a token of two dots': '{"token":".."}',
  };
  for (const [what, auth] of Object.entries(refused)) {
    it(`answers ${what} with CONNECT_ERROR`, async () => {
      const session = await WebSocketSession.open(server.port);
      session.send(`40${auth}`);
      assert.equal(
        await session.next(),
        '44{"message":"Token is not valid","data":{"code":"unauthorized"}}',
      );
      session.destroy();
    });
  }

  it('says nothing more after CONNECT_ERROR, whatever the client sends', async () => {
    const session = await WebSocketSession.open(server.port);
    session.send('40{"token":"wrong"}');
    assert.equal(
      await session.next(),
      '44{"message":"Token is not valid","data":{"code":"unauthorized"}}',
    );
    session.send(`42${JSON.stringify(['auth-request', { token: await server.appToken() }])}`);
    assert.deepEqual(await session.end(), []);
  });

  it('tells the socket.io client the reason', async () => {
    await assert.rejects(Peer.connect(server, { token: 'wrong' }), /^Error: Token is not valid$/);
  });

  for (const [what, makeToken] of [
    ['an app token of this server', () => server.appToken()],
    ['an app token made by hand to the same rules', () => jwt({ app: 'by hand', kind: 'app' })],
    ['an app token of the Node.js server it replaces', () => seedAppToken({ app: 'by the seed' })],
  ]) {
    it(`lets ${what} in`, async () => {
      const client = await RawSocketIo.connect(server.port, { auth: { token: await makeToken() } });
      assert.ok(client.id.length > 0);
      client.destroy();
    });
  }

  it('lets nobody in with a session token', async () => {
    const peer = await server.peer();
    await assert.rejects(Peer.connect(server, { token: peer.sessionToken }), /Token is not valid/);
  });

  it('answers an unknown namespace with "Invalid namespace", token or not', async () => {
    for (const auth of ['', `{"token":"${await server.appToken()}"}`]) {
      const session = await WebSocketSession.open(server.port);
      session.send(`40/admin,${auth}`);
      assert.equal(
        await session.next(),
        '44/admin,{"message":"Invalid namespace","data":{"code":"invalid-namespace"}}',
      );
      session.destroy();
    }
  });

  it('shows peers an id of their own, never the secret id of their Engine.IO session', async () => {
    const [owner, guest] = await server.peers(2);
    const engineIds = [owner, guest].map(({ socket }) => socket.io.engine.id);
    assert.equal(new Set([owner.id, guest.id, ...engineIds]).size, 4);
    owner.emit('room-create-request', { room: 'ids' });
    await owner.next('room-create-accept');
    guest.emit('room-join-request', { room: 'ids' });
    const request = JSON.stringify(await owner.next('room-join-request'));
    for (const id of engineIds) assert.ok(!request.includes(id));
  });
});
