// docs/protocol.md, "Client to server": `room-create-request`.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  assertOk,
  assertRefused,
  createRoom,
  freshRoom,
  meeting,
  relay,
} from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

const taken = 'Room already taken someone else. Please type another room name or stay it blank.';
const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('room-create-request', () => {
  const server = useServer();

  it('creates a room of that name', async () => {
    const peer = await server.peer();
    const room = freshRoom();
    const answer = await peer.ask('room-create-request', { room });
    assert.deepEqual(answer, { ok: true, room });
    assert.deepEqual(await peer.next('room-create-accept'), { room });
  });

  for (const [what, fields] of [
    ['no name', {}],
    ['an empty name', { room: '' }],
    ['the name null', { room: null }],
  ]) {
    it(`makes up a UUID for ${what}`, async () => {
      const peer = await server.peer();
      const first = await peer.ask('room-create-request', fields);
      const second = await peer.ask('room-create-request', fields);
      assert.match(first.room, uuidV4);
      assert.match(second.room, uuidV4);
      assert.notEqual(first.room, second.room);
      assert.deepEqual(await peer.next('room-create-accept'), { room: first.room });
    });
  }

  it('hands the payload back', async () => {
    const peer = await server.peer();
    const room = freshRoom();
    peer.emit('room-create-request', { room, payload: { colour: 'red' } });
    assert.deepEqual(await peer.next('room-create-accept'), { room, payload: { colour: 'red' } });
  });

  it('refuses a name that is taken', async () => {
    const [owner, other] = await server.peers(2);
    const room = await createRoom(owner);
    assertRefused(await other.ask('room-create-request', { room }), 'room-taken');
    assert.deepEqual(await other.next('room-create-reject'), { message: taken });
    assert.deepEqual(other.unread('room-create-accept'), []);
  });

  it('hands the payload back with the rejection', async () => {
    const [owner, other] = await server.peers(2);
    const room = await createRoom(owner);
    other.emit('room-create-request', { room, payload: 0 });
    assert.deepEqual(await other.next('room-create-reject'), { message: taken, payload: 0 });
  });

  it('answers an owner that creates its room again as the first time', async () => {
    const [owner, guest] = await server.peers(2);
    const room = await meeting(owner, guest);
    const again = { room, payload: 'again' };
    assert.deepEqual(await owner.ask('room-create-request', again), { ok: true, room });
    assert.deepEqual(await owner.next('room-create-accept'), again);
    assertRefused(await guest.ask('room-create-request', { room }), 'room-taken');
    assert.deepEqual(await guest.next('room-create-reject'), { message: taken });
    await relay(owner, guest, room);
  });

  it('shares names between apps', async () => {
    const [one, two] = await Promise.all([
      server.peer({ app: 'one' }),
      server.peer({ app: 'two' }),
    ]);
    const room = await createRoom(one);
    assertRefused(await two.ask('room-create-request', { room }), 'room-taken');
  });

  it('makes the name free again when its last member leaves', async () => {
    const [owner, other] = await server.peers(2);
    const room = await createRoom(owner);
    owner.disconnect();
    let answer = await other.ask('room-create-request', { room });
    while (!answer.ok) answer = await other.ask('room-create-request', { room });
    assertOk(answer);
  });

  it('lets one peer have several rooms', async () => {
    const peer = await server.peer();
    const rooms = [await createRoom(peer), await createRoom(peer), await createRoom(peer)];
    assert.equal(new Set(rooms).size, 3);
  });

  for (const room of ['  blanks  ', 'κόσμε 😀', '"quoted\\"', 'a/b?c#d', '__proto__', '[]', '42']) {
    it(`takes any text that can be seen as a name: ${JSON.stringify(room)}`, async () => {
      const peer = await server.peer();
      assert.deepEqual(await peer.ask('room-create-request', { room }), { ok: true, room });
      assert.deepEqual(await peer.next('room-create-accept'), { room });
    });
  }

  it('tells names apart that differ in case, blanks or normal form only', async () => {
    const peer = await server.peer();
    for (const room of ['name', 'Name', 'name ', 'é', 'e\u0301']) {
      assertOk(await peer.ask('room-create-request', { room }));
    }
  });

  it('refuses control characters and marks of direction, for a room to make and to join', async () => {
    const peer = await server.peer();
    const hidden = [
      '\u0000',
      'a\nb',
      '\u001f',
      '\u007f',
      '\u009f',
      '\u202a',
      'a\u202e',
      '\u2066',
      '\u2069',
    ];
    for (const room of hidden) {
      for (const event of ['room-create', 'room-join']) {
        const answer = await peer.ask(`${event}-request`, { room, payload: 1 });
        assertRefused(answer, 'invalid-arguments');
        const { field, message } = answer.error;
        assert.equal(field, 'room');
        assert.match(message, /^"room" must not hold control characters/);
        const rejection = await peer.next(`${event}-reject`);
        assert.equal(rejection.code, event === 'room-join' ? 'invalid-arguments' : undefined);
        assert.deepEqual([rejection.message, rejection.payload], [message, 1]);
      }
    }
    await peer.expectNone('request-error');
  });
});

describe('many clients that create one room at once', () => {
  const server = useServer({ env: { WORKERS: 4 } });

  it('of a hundred exactly one is accepted, five times over', async () => {
    const peers = await server.peers(100);
    for (let round = 0; round < 5; round += 1) {
      const room = freshRoom();
      const answers = await Promise.all(
        peers.map((peer) => peer.ask('room-create-request', { room })),
      );
      const [winner, ...others] = peers.filter((_, i) => answers[i].ok);
      assert.deepEqual(others, []);
      assert.deepEqual(await winner.next('room-create-accept'), { room });
      for (const answer of answers) if (!answer.ok) assertRefused(answer, 'room-taken');
      const losers = peers.filter((peer) => peer !== winner);
      await Promise.all(losers.map((peer) => peer.next('room-create-reject')));
      await losers[0].expectNone('room-create-accept');
    }
  });
});
