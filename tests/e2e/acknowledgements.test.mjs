// docs/protocol.md, "Acknowledgements": every event takes a callback, which is called once whatever
// the outcome.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { RawSocketIo, authenticate, rawPair } from '../support/socketio.mjs';
import { assertRefused, freshRoom, meeting, askToJoin, createRoom } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

describe('acknowledgements', () => {
  const server = useServer();

  it('say ok, with the result', async () => {
    const peer = await server.connect();
    const signedIn = await peer.askRaw('auth-request', { token: peer.appToken });
    assert.deepEqual(Object.keys(signedIn).sort(), ['ok', 'token']);
    peer.sessionToken = signedIn.token;
    const room = freshRoom();
    assert.deepEqual(await peer.ask('room-create-request', { room }), { ok: true, room });
    const [candidate, other] = await server.peers(2);
    for (const each of [candidate, other]) {
      assert.deepEqual(await each.ask('room-join-request', { room }), { ok: true, room });
    }
    assert.deepEqual(await peer.ask('room-join-accept', { room, to: candidate.id }), { ok: true });
    assert.deepEqual(await peer.ask('room-join-reject', { room, to: other.id }), { ok: true });
    const to = candidate.id;
    assert.deepEqual(
      await peer.ask('relay-session-description', { room, to, session_description: {} }),
      { ok: true },
    );
    assert.deepEqual(await peer.ask('relay-ice-candidate', { room, to, ice_candidate: {} }), {
      ok: true,
    });
  });

  it('say that something failed, by a code and a message', async () => {
    const peer = await server.peer();
    const answer = await peer.ask('room-join-request', { room: freshRoom() });
    assert.deepEqual(Object.keys(answer).sort(), ['error', 'ok']);
    assert.deepEqual(Object.keys(answer.error).sort(), ['code', 'message']);
    assertRefused(answer, 'room-not-found');
  });

  it('come after the event that they sum up, on the same connection', async () => {
    const client = await RawSocketIo.connect(server.port, {
      auth: { token: await server.appToken() },
    });
    const auth = await authenticate(client, await server.appToken());
    const room = freshRoom();
    const request = JSON.stringify(['room-create-request', { auth, room }]);
    client.send(`21${request}`);
    client.send(`22${request}`);
    const said = [];
    while (said.length < 4) said.push((await client.next()).slice(0, 22));
    const outline = said.map((text) => /^(2\["[a-z-]+|3\d\[\{"ok":\w+)/.exec(text)?.[0]);
    assert.deepEqual(
      new Set(outline.slice(0, 2)),
      new Set(['2["room-create-accept', '31[{"ok":true']),
    );
    assert.deepEqual(
      new Set(outline.slice(2)),
      new Set(['2["room-create-accept', '32[{"ok":true']),
    );
    client.destroy();
  });

  it('carry the id of their event, even 0 or a large one', async () => {
    const client = await RawSocketIo.connect(server.port, {
      auth: { token: await server.appToken() },
    });
    for (const id of [0, 7, 4_294_967_295]) {
      client.send(`2${id}["no-such-event"]`);
      assert.match(await client.next(), new RegExp(`^3${id}\\[\\{"ok":false`));
    }
    client.destroy();
  });

  it('of many events in flight each finds its own', async () => {
    const [sender, target] = await server.peers(2);
    const room = await meeting(sender, target);
    const answers = Array.from({ length: 90 }, (_, i) =>
      sender.ask('relay-ice-candidate', {
        room,
        to: i % 2 ? target.id : 'nobody',
        ice_candidate: i,
      }),
    );
    for (const [i, answer] of (await Promise.all(answers)).entries()) {
      if (i % 2) assert.deepEqual(answer, { ok: true });
      else assertRefused(answer, 'peer-not-in-room');
    }
  });

  it('are sent once', async () => {
    const { owner, guest, room } = await rawPair(server);
    owner.send(`25${JSON.stringify(['room-create-request', { auth: owner.auth, room }])}`);
    while (!(await owner.next()).startsWith('35'));
    owner.send('26["no-such-event"]');
    assert.match(await owner.next(), /^36/);
    [owner, guest].forEach((client) => client.destroy());
  });

  it('are not asked of peers: an event is delivered without an id', async () => {
    const { owner, guest, room } = await rawPair(server);
    const fields = { auth: guest.auth, room, to: owner.id, ice_candidate: 1 };
    guest.send(`29${JSON.stringify(['relay-ice-candidate', fields])}`);
    assert.match(await owner.nextEvent('ice-candidate'), /^2\["ice-candidate"/);
    [owner, guest].forEach((client) => client.destroy());
  });

  it('work while a request stays pending: the answer does not wait for the owner', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    await candidate.expectNone('room-join-accept', 'room-join-reject');
  });
});
