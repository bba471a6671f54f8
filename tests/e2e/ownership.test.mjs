// docs/protocol.md, "Server to client": a room outlives its owner; the longest-present member takes
// over.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { accept, admit, askToJoin, assertRefused, createRoom, meeting } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

describe('owner succession', () => {
  const server = useServer();

  it('the longest-present member becomes owner, and every member is told', async () => {
    const [owner, second, third] = await server.peers(3);
    const room = await meeting(owner, second, third);
    const left = owner.id;
    owner.disconnect();
    for (const member of [second, third]) {
      assert.deepEqual(await member.next('room-user-leave'), { room, peer_id: left });
      assert.deepEqual(await member.next('room-owner-change'), { room, peer_id: second.id });
    }
  });

  it('goes by the time of joining, not by id or by name', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [owner, ...others] = await server.peers(4);
      const room = await meeting(owner, ...others);
      owner.disconnect();
      assert.equal((await others[2].next('room-owner-change')).peer_id, others[0].id);
      others[0].disconnect();
      assert.equal((await others[2].next('room-owner-change')).peer_id, others[1].id);
      others[1].disconnect();
      assert.deepEqual(await others[2].next('room-owner-change'), { room, peer_id: others[2].id });
    }
  });

  it('the new owner is asked, and lets people in', async () => {
    const [owner, heir, candidate] = await server.peers(3);
    const room = await meeting(owner, heir);
    owner.disconnect();
    await heir.next('room-owner-change');
    assert.deepEqual((await admit(heir, candidate, room)).peers, [heir.id]);
  });

  it('another member does not become owner', async () => {
    const [owner, heir, other, candidate] = await server.peers(4);
    const room = await meeting(owner, heir, other);
    owner.disconnect();
    await Promise.all([heir, other].map((member) => member.next('room-owner-change')));
    await askToJoin(candidate, heir, room);
    await other.expectNone('room-join-request');
    assertRefused(
      await other.ask('room-join-accept', { room, peer_id: candidate.id }),
      'not-owner',
    );
    await accept(heir, candidate, room);
  });

  it('nothing changes when another member than the owner leaves', async () => {
    const [owner, leaver, stayer, candidate] = await server.peers(4);
    const room = await meeting(owner, leaver, stayer);
    leaver.disconnect();
    await Promise.all([owner, stayer].map((member) => member.next('room-user-leave')));
    await owner.expectNone('room-owner-change');
    await stayer.expectNone('room-owner-change');
    await admit(owner, candidate, room, [owner, stayer]);
  });

  it('the owner’s other rooms are handed on as well, each to its own member', async () => {
    const [owner, one, two] = await server.peers(3);
    const [first, second] = [await meeting(owner, one), await meeting(owner, two)];
    owner.disconnect();
    assert.deepEqual(await one.next('room-owner-change'), { room: first, peer_id: one.id });
    assert.deepEqual(await two.next('room-owner-change'), { room: second, peer_id: two.id });
  });

  it('a former owner who comes back is a stranger', async () => {
    const [owner, heir] = await server.peers(2);
    const room = await meeting(owner, heir);
    owner.disconnect();
    await heir.next('room-owner-change');
    const again = await server.peer();
    assertRefused(await again.ask('room-create-request', { room }), 'room-taken');
    assert.deepEqual((await admit(heir, again, room)).peers, [heir.id]);
  });

  it('the room is gone with its last member', async () => {
    const [owner, guest, observer] = await server.peers(3);
    const room = await meeting(owner, guest);
    owner.disconnect();
    await guest.next('room-owner-change');
    guest.disconnect();
    let answer = await observer.ask('room-join-request', { room });
    while (answer.ok) answer = await observer.ask('room-join-request', { room });
    assertRefused(answer, 'room-not-found');
    await createRoom(observer, room);
  });
});
