// docs/protocol.md, "Client to server" and "What an owner may set": leaving, kicking, and the
// settings of a room.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  accept,
  admit,
  askToJoin,
  assertOk,
  assertRefused,
  createRoom,
  meeting,
  relay,
} from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

describe('leaving a room', () => {
  const server = useServer();

  it('is seen by the others, and the connection goes on', async () => {
    const [owner, second, third] = await server.peers(3);
    const room = await meeting(owner, second, third);
    assertOk(await owner.ask('room-leave-request', { room, payload: { why: 'tea' } }));
    for (const member of [second, third]) {
      assert.deepEqual(await member.next('room-user-leave'), {
        room,
        peer_id: owner.id,
        payload: { why: 'tea' },
      });
      assert.deepEqual(await member.next('room-owner-change'), { room, peer_id: second.id });
    }
    assertRefused(
      await owner.ask('relay-message', { room, to: second.id, data: 1 }),
      'not-in-room',
    );
    await admit(second, owner, room, [second, third]);
  });

  it('takes the request of a candidate back, and its owner is told', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    assertOk(await candidate.ask('room-leave-request', { room }));
    const cancelled = { room, peer_id: candidate.id };
    assert.deepEqual(await owner.next('room-join-cancel'), cancelled);
    assertRefused(await owner.ask('room-join-accept', cancelled), 'no-join-request');

    await askToJoin(candidate, owner, room);
    candidate.disconnect();
    assert.deepEqual(await owner.next('room-join-cancel'), cancelled);
  });

  it('is refused to a peer that is not a member', async () => {
    const [owner, stranger] = await server.peers(2);
    const room = await createRoom(owner);
    assertRefused(await stranger.ask('room-leave-request', { room }), 'not-in-room');
    assertRefused(await stranger.ask('room-leave-request', {}), 'invalid-arguments');
    await owner.expectNone('room-user-leave', 'room-join-cancel');
  });
});

describe('asking a member to mute', () => {
  const server = useServer();

  it('is told to that member alone, which stays as it was', async () => {
    const [owner, member, witness] = await server.peers(3);
    const room = await meeting(owner, member, witness);
    const asked = { room, peer_id: member.id, kind: 'audio', payload: ['please'] };
    assertOk(await owner.ask('room-mute-request', asked));
    const told = { room, peer_id: owner.id, kind: 'audio', payload: ['please'] };
    assert.deepEqual(await member.next('room-mute'), told);
    assertOk(await owner.ask('room-mute-request', { room, to: member.id, kind: 'video' }));
    const again = { room, peer_id: owner.id, kind: 'video' };
    assert.deepEqual(await member.next('room-mute'), again);
    await relay(member, owner, room);
    await witness.expectNone('room-mute');
    await owner.expectNone('room-mute');
  });

  it('is for owners, about other members', async () => {
    const [owner, member, stranger] = await server.peers(3);
    const room = await meeting(owner, member);
    const ask = (peer, peer_id, more = { kind: 'audio' }) =>
      peer.ask('room-mute-request', { room, peer_id, ...more });
    assertRefused(await ask(member, owner.id), 'not-owner');
    assertRefused(await ask(stranger, member.id), 'not-owner');
    assertRefused(await ask(owner, stranger.id), 'peer-not-in-room');
    assertRefused(await ask(owner, 'nobody'), 'peer-not-in-room');
    assertRefused(await ask(owner, owner.id), 'invalid-arguments');
    assertRefused(await ask(owner, member.id, { kind: 'screen' }), 'invalid-arguments');
    assertRefused(await ask(owner, member.id, {}), 'invalid-arguments');
    await member.expectNone('room-mute');
  });
});

describe('kicking', () => {
  const server = useServer();

  it('takes a member out, who may ask again unless banned', async () => {
    const [owner, pest, witness] = await server.peers(3);
    const room = await meeting(owner, pest, witness);
    assertOk(await owner.ask('room-kick-request', { room, peer_id: pest.id }));
    const { message, ...kick } = await pest.next('room-kick');
    assert.deepEqual(kick, { room, peer_id: pest.id });
    assert.match(message, /taken you out/);
    for (const member of [owner, witness]) {
      assert.deepEqual(await member.next('room-user-leave'), { room, peer_id: pest.id });
    }
    assertRefused(await pest.ask('relay-message', { room, data: 1 }), 'not-in-room');

    await admit(owner, pest, room, [owner, witness]);
    assertOk(await owner.ask('room-kick-request', { room, to: pest.id, ban: true }));
    await pest.next('room-kick');
    assertRefused(await pest.ask('room-join-request', { room }), 'banned');
    assert.match((await pest.next('room-join-reject')).message, /not come back/);
  });

  it('is for owners only', async () => {
    const [owner, member, other, stranger] = await server.peers(4);
    const room = await meeting(owner, member, other);
    for (const peer of [member, stranger]) {
      assertRefused(await peer.ask('room-kick-request', { room, peer_id: other.id }), 'not-owner');
    }
    assertRefused(
      await owner.ask('room-kick-request', { room, peer_id: stranger.id }),
      'peer-not-in-room',
    );
    assertRefused(
      await owner.ask('room-kick-request', { room, peer_id: owner.id }),
      'invalid-arguments',
    );
    assertRefused(
      await owner.ask('room-kick-request', { room, peer_id: other.id, ban: 'yes' }),
      'invalid-arguments',
    );
    await other.expectNone('room-kick', 'room-user-leave');
  });
});

describe('the settings of a room', () => {
  const server = useServer();

  it('reach all members, and a member that asks', async () => {
    const [owner, member] = await server.peers(2);
    const room = await meeting(owner, member);
    const settings = { locked: true, capacity: 4, admission: 'owner' };
    assert.deepEqual(await owner.ask('room-update-request', { room, locked: true, capacity: 4 }), {
      ok: true,
      ...settings,
    });
    for (const peer of [owner, member]) {
      assert.deepEqual(await peer.next('room-update'), { room, ...settings });
    }
    assert.deepEqual(await member.ask('room-info-request', { room }), {
      ok: true,
      room,
      owners: [owner.id],
      peers: [owner.id, member.id],
      ...settings,
    });
  });

  it('a locked room and a full one turn people away, and say why', async () => {
    const [owner, waiting, late] = await server.peers(3);
    const room = await createRoom(owner);
    await askToJoin(waiting, owner, room);
    assertOk(await owner.ask('room-update-request', { room, locked: true }));
    assertRefused(await late.ask('room-join-request', { room }), 'room-locked');
    assert.match((await late.next('room-join-reject')).message, /locked/);
    await accept(owner, waiting, room);

    assertOk(await owner.ask('room-update-request', { room, locked: false, capacity: 2 }));
    assertRefused(await late.ask('room-join-request', { room }), 'room-full');
    assert.match((await late.next('room-join-reject')).message, /full/);
    assertOk(await owner.ask('room-update-request', { room, capacity: null }));
    await admit(owner, late, room, [owner, waiting]);
  });

  it('an open room lets in everybody who asks, and those who were waiting', async () => {
    const [owner, waiting, late] = await server.peers(3);
    const room = await createRoom(owner);
    await askToJoin(waiting, owner, room, { payload: 'knock' });
    assertOk(await owner.ask('room-update-request', { room, admission: 'open' }));
    const accepted = await waiting.next('room-join-accept');
    assert.deepEqual(
      [accepted.peer_id, accepted.peers, accepted.payload],
      [waiting.id, [owner.id], 'knock'],
    );
    assertOk(await late.ask('room-join-request', { room }));
    assert.deepEqual((await late.next('room-join-accept')).peers, [owner.id, waiting.id]);
    await owner.expectNone('room-join-request');
    await relay(late, waiting, room);
  });

  it('a password opens the door, and is told to nobody', async () => {
    const [owner, guest] = await server.peers(2);
    const room = await createRoom(owner);
    const password = 'correct horse';
    assertRefused(
      await owner.ask('room-update-request', { room, admission: 'password' }),
      'invalid-arguments',
    );
    const answer = await owner.ask('room-update-request', {
      room,
      admission: 'password',
      password,
    });
    assertOk(answer);
    const told = [
      answer,
      await owner.next('room-update'),
      await owner.ask('room-info-request', { room }),
    ];
    assert.ok(!JSON.stringify(told).includes(password));
    for (const wrong of [{}, { password: 'battery staple' }, { password: '' }]) {
      assertRefused(await guest.ask('room-join-request', { room, ...wrong }), 'wrong-password');
    }
    assertOk(await guest.ask('room-join-request', { room, password }));
    assert.deepEqual((await guest.next('room-join-accept')).peers, [owner.id]);
  });

  it('can be changed by owners only', async () => {
    const [owner, member, stranger] = await server.peers(3);
    const room = await meeting(owner, member);
    for (const peer of [member, stranger]) {
      assertRefused(await peer.ask('room-update-request', { room, locked: true }), 'not-owner');
    }
    assertRefused(await stranger.ask('room-info-request', { room }), 'not-in-room');
    for (const bad of [{ locked: 1 }, { capacity: 0 }, { capacity: 1.5 }, { admission: 'all' }]) {
      assertRefused(await owner.ask('room-update-request', { room, ...bad }), 'invalid-arguments');
    }
    await member.expectNone('room-update');
  });
});
