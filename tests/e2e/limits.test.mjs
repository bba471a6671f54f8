// docs/configuration.md, "Limits": each can be configured and has a clear error; the connection
// stays.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  accept,
  askToJoin,
  assertOk,
  assertRefused,
  createRoom,
  meeting,
  relay,
} from '../support/rooms.mjs';
import { rawPair } from '../support/socketio.mjs';
import { useServer } from '../support/server.mjs';

const nested = (depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

/** Asserts an event that rejects for the reason that the acknowledgement gives as well. */
async function assertRejected(peer, event, answer, code) {
  assertRefused(answer, code);
  const rejection = await peer.next(event);
  assert.equal(rejection.message, answer.error.message);
}

describe('the default limits', () => {
  const server = useServer();

  it('an event of 60 KB passes, one of 70 KB is refused with event-too-large', async () => {
    const [sender, target] = await server.peers(2);
    const room = await meeting(sender, target);
    await relay(sender, target, room, 'x'.repeat(60_000));
    const answer = await sender.ask('relay-ice-candidate', {
      room,
      to: target.id,
      ice_candidate: 'x'.repeat(70_000),
    });
    assertRefused(answer, 'event-too-large');
    await target.expectNone('ice-candidate');
    await relay(sender, target, room);
  });

  it('binary attachments count as part of the event', async () => {
    const [sender, target] = await server.peers(2);
    const room = await meeting(sender, target);
    const fields = { room, to: target.id, ice_candidate: Buffer.alloc(70_000) };
    assertRefused(await sender.ask('relay-ice-candidate', fields), 'event-too-large');
    await relay(sender, target, room);
  });

  it('too large an event of any name is refused', async () => {
    const peer = await server.peer();
    const payload = 'x'.repeat(70_000);
    for (const event of ['room-join-accept', 'relay-ice-candidate', 'no-such-event']) {
      assertRefused(await peer.ask(event, { payload }), 'event-too-large');
      peer.emit(event, { payload });
    }
    await createRoom(peer);
  });

  it('peerinfo of 4 KB passes, of 5 KB is refused with peerinfo-too-large', async () => {
    const peer = await server.connect();
    const token = peer.appToken;
    assertOk(await peer.askRaw('auth-request', { token, peerinfo: 'x'.repeat(4096 - 2) }));
    const answer = await peer.askRaw('auth-request', { token, peerinfo: 'x'.repeat(4097 - 2) });
    await assertRejected(peer, 'auth-reject', answer, 'peerinfo-too-large');
  });

  it('a room name of 255 bytes passes, of 256 is refused with room-name-too-long', async () => {
    const peer = await server.peer();
    assertOk(await peer.ask('room-create-request', { room: 'n'.repeat(255) }));
    for (const room of ['n'.repeat(256), 'é'.repeat(128)]) {
      const created = await peer.ask('room-create-request', { room });
      await assertRejected(peer, 'room-create-reject', created, 'room-name-too-long');
    }
    assertOk(await peer.ask('room-create-request', { room: `${'é'.repeat(127)}n` }));
  });

  it('a name is as long as its letters, however they are escaped', async () => {
    const peer = await server.peer();
    assertOk(await peer.ask('room-create-request', { room: '"'.repeat(255) }));
  });

  it('JSON 30 deep passes, 40 deep is refused with json-too-deep', async () => {
    const [sender, target] = await server.peers(2);
    const room = await meeting(sender, target);
    await relay(sender, target, room, nested(28));
    const answer = await sender.ask('relay-ice-candidate', {
      room,
      to: target.id,
      ice_candidate: nested(40),
    });
    assertRefused(answer, 'json-too-deep');
    await target.expectNone('ice-candidate');
    await relay(sender, target, room);
  });

  it('JSON thirty thousand deep harms nobody', async () => {
    const { owner, guest, room } = await rawPair(server);
    const fields = JSON.stringify({ auth: owner.auth, room, to: guest.id }).slice(1, -1);
    for (const deep of [
      '['.repeat(30_000) + ']'.repeat(30_000),
      '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000),
    ]) {
      owner.send(`21["relay-ice-candidate",{${fields},"ice_candidate":${deep}}]`);
      assert.match(await owner.next(), /^31\[\{"ok":false,"error":\{"code":"json-too-deep"/);
    }
    [owner, guest].forEach((client) => client.destroy());
  });
});

describe('limits as configured', () => {
  const server = useServer({
    env: {
      MAX_EVENT_BYTES: 1000,
      MAX_PEERINFO_BYTES: 50,
      MAX_ROOM_NAME_BYTES: 40,
      MAX_ROOMS_PER_PEER: 3,
      MAX_JSON_DEPTH: 6,
    },
  });
  let number = 0;
  const shortName = () => `room ${(number += 1)}`;

  async function meetingOf(owner, guest) {
    const room = await createRoom(owner, shortName());
    await askToJoin(guest, owner, room);
    await accept(owner, guest, room);
    return room;
  }

  it('MAX_EVENT_BYTES', async () => {
    const [sender, target] = await server.peers(2);
    const room = await meetingOf(sender, target);
    const fields = { room, to: target.id, ice_candidate: 'x'.repeat(1000) };
    assertRefused(await sender.ask('relay-ice-candidate', fields), 'event-too-large');
  });

  for (const [event, rejection] of [
    ['auth-request', 'auth-reject'],
    ['room-create-request', 'room-create-reject'],
    ['room-join-request', 'room-join-reject'],
  ]) {
    for (const [code, payload] of [
      ['event-too-large', 'x'.repeat(1000)],
      ['json-too-deep', nested(7)],
    ]) {
      it(`${event}: ${code} comes as ${rejection} too`, async () => {
        const peer = await server.peer();
        const answer = await peer.ask(event, { token: peer.appToken, room: shortName(), payload });
        await assertRejected(peer, rejection, answer, code);
      });
    }
  }

  it('MAX_PEERINFO_BYTES', async () => {
    const peer = await server.connect();
    const answer = await peer.askRaw('auth-request', {
      token: peer.appToken,
      peerinfo: { name: 'x'.repeat(50) },
    });
    await assertRejected(peer, 'auth-reject', answer, 'peerinfo-too-large');
    assert.deepEqual(peer.unread('auth-accept'), []);
  });

  it('MAX_ROOM_NAME_BYTES, for a room to make and a room to join', async () => {
    const peer = await server.peer();
    const room = 'n'.repeat(41);
    const created = await peer.ask('room-create-request', { room });
    await assertRejected(peer, 'room-create-reject', created, 'room-name-too-long');
    const joined = await peer.ask('room-join-request', { room });
    await assertRejected(peer, 'room-join-reject', joined, 'room-name-too-long');
  });

  it('MAX_ROOMS_PER_PEER, for rooms made', async () => {
    const peer = await server.peer();
    for (let i = 0; i < 3; i += 1) await createRoom(peer, shortName());
    const answer = await peer.ask('room-create-request', { room: shortName() });
    await assertRejected(peer, 'room-create-reject', answer, 'too-many-rooms');
    assert.deepEqual(peer.unread('room-create-accept'), []);
  });

  it('MAX_ROOMS_PER_PEER, for rooms to join', async () => {
    const [peer, owner] = await server.peers(2);
    const room = await createRoom(owner, shortName());
    for (let i = 0; i < 3; i += 1) await createRoom(peer, shortName());
    const answer = await peer.ask('room-join-request', { room });
    await assertRejected(peer, 'room-join-reject', answer, 'too-many-rooms');
    await owner.expectNone('room-join-request');
  });

  it('MAX_ROOMS_PER_PEER counts the rooms that a peer waits for, each once', async () => {
    const [peer, owner, other] = await server.peers(3);
    const rooms = [];
    while (rooms.length < 3) rooms.push(await createRoom(owner, shortName()));
    for (const room of [...rooms, ...rooms]) await askToJoin(peer, owner, room);
    const one = await createRoom(other, shortName());
    assertRefused(await peer.ask('room-join-request', { room: one }), 'too-many-rooms');
    assertRefused(await peer.ask('room-create-request', { room: shortName() }), 'too-many-rooms');
    await other.expectNone('room-join-request');
  });

  it('MAX_ROOMS_PER_PEER: a rejected request counts no longer', async () => {
    const [peer, owner] = await server.peers(2);
    const room = await createRoom(owner, shortName());
    for (let i = 0; i < 2; i += 1) await createRoom(peer, shortName());
    await askToJoin(peer, owner, room);
    assertOk(await owner.ask('room-join-reject', { room, to: peer.id }));
    await peer.next('room-join-reject');
    await createRoom(peer, shortName());
  });

  it('MAX_ROOMS_PER_PEER: a name that was taken does not count', async () => {
    const [peer, owner] = await server.peers(2);
    const room = await createRoom(owner, shortName());
    for (let i = 0; i < 5; i += 1)
      assertRefused(await peer.ask('room-create-request', { room }), 'room-taken');
    for (let i = 0; i < 3; i += 1) await createRoom(peer, shortName());
  });

  it('MAX_JSON_DEPTH', async () => {
    const [sender, target] = await server.peers(2);
    const room = await meetingOf(sender, target);
    const named = { room, to: target.id };
    assertOk(await sender.ask('relay-ice-candidate', { ...named, ice_candidate: nested(3) }));
    assertRefused(
      await sender.ask('relay-ice-candidate', { ...named, ice_candidate: nested(7) }),
      'json-too-deep',
    );
  });
});
