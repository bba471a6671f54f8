// docs/protocol.md, "Tokens": `auth-request` exchanges an app token for a session token.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { decode, jwt, seedAppToken } from '../support/tokens.mjs';
import { askToJoin, assertRefused, createRoom } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

describe('auth-request, accepted', () => {
  const server = useServer();

  it('answers auth-accept with a session token, and nothing else', async () => {
    const peer = await server.connect();
    peer.emit('auth-request', { token: peer.appToken });
    const accepted = await peer.next('auth-accept');
    assert.equal(typeof accepted.token, 'string');
    assert.deepEqual(Object.keys(accepted), ['token']);
  });

  it('acknowledges with the very token of the event', async () => {
    const peer = await server.connect();
    const answer = await peer.askRaw('auth-request', { token: peer.appToken });
    const { token } = await peer.next('auth-accept');
    assert.deepEqual(answer, { ok: true, token });
  });

  it('takes the bare token string', async () => {
    const peer = await server.connect();
    const answer = await peer.askRaw('auth-request', peer.appToken);
    assert.deepEqual(answer, { ok: true, token: (await peer.next('auth-accept')).token });
  });

  it('takes a token of the Node.js server it replaces', async () => {
    const peer = await server.connect();
    const answer = await peer.askRaw('auth-request', { token: seedAppToken({ app: 'old' }) });
    assert.equal(answer.ok, true);
  });

  it('hands the payload back', async () => {
    const peer = await server.connect();
    peer.emit('auth-request', { token: peer.appToken, payload: { foo: 'bar', baz: 'ban' } });
    assert.deepEqual((await peer.next('auth-accept')).payload, { foo: 'bar', baz: 'ban' });
  });

  it('gives a standard token, signed with HS256, for this socket and this app, with an expiry', async () => {
    const peer = await server.connect({ app: 'an app of its own' });
    const before = Math.floor(Date.now() / 1000);
    const { token } = await peer.askRaw('auth-request', { token: peer.appToken });
    const { header, claims } = decode(token);
    assert.equal(header.alg, 'HS256');
    assert.equal(claims.kind, 'session');
    assert.equal(claims.app, 'an app of its own');
    assert.equal(claims.socket, peer.id);
    assert.ok(claims.exp >= before + 86_400 && claims.exp <= before + 86_500, `exp ${claims.exp}`);
    assert.equal(
      jwt(claims, { header }),
      token,
      'signed over header.payload, base64url without padding',
    );
  });

  for (const [what, peerinfo] of [
    ['an object', { user_db_id: 10, user_db_login: 'John Doe' }],
    ['a text', 'John Doe'],
    ['a number', 7],
    ['false', false],
    ['an array', [1, 2]],
    ['null', null],
  ]) {
    it(`keeps ${what} as peerinfo`, async () => {
      const [owner, candidate] = await Promise.all([server.peer(), server.peer({ peerinfo })]);
      const request = await askToJoin(candidate, owner, await createRoom(owner));
      assert.deepEqual(request.peerinfo, peerinfo);
    });
  }

  it('leaves peerinfo absent when none was given', async () => {
    const [owner, candidate] = await server.peers(2);
    const request = await askToJoin(candidate, owner, await createRoom(owner));
    assert.deepEqual(Object.keys(request).sort(), ['peer_id', 'room']);
  });

  it('replaces peerinfo when a later auth-request brings another', async () => {
    const [owner, candidate] = await Promise.all([
      server.peer(),
      server.peer({ peerinfo: 'before' }),
    ]);
    await candidate.authenticate({ peerinfo: 'after' });
    const request = await askToJoin(candidate, owner, await createRoom(owner));
    assert.equal(request.peerinfo, 'after');
  });
});

describe('auth-request, refused', () => {
  const server = useServer();
  const rejection = { message: 'Token is not valid' };

  for (const [what, argument] of [
    ['a wrong token', { token: 'wrong' }],
    ['a bare wrong token', 'wrong'],
    ['an empty token', { token: '' }],
    [
      'a forged token',
      { token: jwt({ app: 'x', kind: 'app' }, { secret: 'another secret of 32 bytes or more!' }) },
    ],
  ]) {
    it(`answers ${what} with auth-reject`, async () => {
      const peer = await server.connect();
      const answer = await peer.askRaw('auth-request', argument);
      assertRefused(answer, 'unauthorized');
      assert.deepEqual(await peer.next('auth-reject'), rejection);
      assert.deepEqual(peer.unread('auth-accept'), []);
    });
  }

  it('hands the payload back with the rejection', async () => {
    const peer = await server.connect();
    peer.emit('auth-request', { token: 'wrong', payload: [1, 'two'] });
    assert.deepEqual(await peer.next('auth-reject'), { ...rejection, payload: [1, 'two'] });
  });

  it('refuses a session token', async () => {
    const peer = await server.peer();
    assertRefused(await peer.askRaw('auth-request', { token: peer.sessionToken }), 'unauthorized');
    assert.deepEqual(await peer.next('auth-reject'), rejection);
  });

  it('leaves an earlier session as it was', async () => {
    const peer = await server.peer();
    await peer.askRaw('auth-request', { token: 'wrong' });
    await createRoom(peer);
  });

  it('lets the client try again', async () => {
    const peer = await server.connect();
    await peer.askRaw('auth-request', { token: 'wrong' });
    await peer.authenticate();
    await createRoom(peer);
  });
});
