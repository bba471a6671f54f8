// docs/protocol.md, "Tickets", on one node and on several.
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { accept, askToJoin, assertOk, assertRefused, createRoom, freshRoom } from './rooms.mjs';
import { wireTo } from './wire.mjs';

/** Somebody with recovery has made a room, or is in it; with the ticket that it was given. */
async function owning(owner, room = freshRoom()) {
  assertOk(await owner.ask('room-create-request', { room }));
  const { ticket } = await owner.next('room-create-accept');
  return { room, ticket };
}

async function joining(owner, guest, room) {
  await askToJoin(guest, owner, room);
  const { ticket } = await accept(owner, guest, room);
  await owner.next('room-user-join');
  return ticket;
}

const infoOf = (peer, room) => peer.ask('room-info-request', { room });

/** Asserts that the ticket lets in at once; gives the new one. */
async function returnsWith(peer, room, ticket) {
  const answer = await peer.ask('room-join-request', { room, ticket });
  assert.deepEqual(Object.keys(answer), ['ok', 'room', 'ticket']);
  const accepted = await peer.next('room-join-accept');
  assert.equal(accepted.ticket, answer.ticket);
  assert.notEqual(accepted.ticket, ticket);
  return accepted;
}

/** The same as soon as the server has seen that the other connection is broken. */
async function returnsInTheEnd(peer, room, ticket) {
  let answer;
  do answer = await peer.ask('room-join-request', { room, ticket });
  while (answer.error?.code === 'ticket-in-use');
  assertOk(answer);
}

/** Asserts that it is an ordinary knock. */
async function knocksWith(peer, owner, room, ticket) {
  assert.deepEqual(await peer.ask('room-join-request', { room, ticket }), { ok: true, room });
  assert.equal((await owner.next('room-join-request')).peer_id, peer.id);
}

const returning = (place, options = {}) => place.peer({ recovery: true, ...options });

/** An owner and a guest in a room, and the guest's ticket. */
async function meeting(places) {
  const [here, there, elsewhere] = places(3);
  const [owner, guest] = [await returning(here), await returning(there)];
  const { room } = await owning(owner);
  return { owner, guest, room, ticket: await joining(owner, guest, room), there, elsewhere };
}

/** The same when the guest has gone. */
async function leaving(places) {
  const met = await meeting(places);
  met.guest.disconnect();
  await met.owner.next('room-user-leave');
  return met;
}

function testGiving(places) {
  it('come with the entry and its acknowledgement, and to nobody else', async () => {
    const [here, there] = places(2);
    const [owner, guest] = [await returning(here), await returning(there)];
    const room = freshRoom();
    const answer = await owner.ask('room-create-request', { room });
    const { ticket } = await owner.next('room-create-accept');
    assert.match(ticket, /^[A-Za-z0-9_-]{22}$/);
    assert.deepEqual(answer, { ok: true, room, ticket });
    await askToJoin(guest, owner, room);
    assert.match((await accept(owner, guest, room)).ticket, /^[A-Za-z0-9_-]{22}$/);
    assert.equal('ticket' in (await owner.next('room-user-join')), false);
  });

  it('are not given to clients that did not ask for recovery', async () => {
    const [here] = places(1);
    const owner = await here.peer();
    assertOk(await owner.ask('room-create-request', { room: freshRoom() }));
    assert.equal('ticket' in (await owner.next('room-create-accept')), false);
  });
}

function testGuestsReturn(places) {
  it('let a guest in again that has gone', async () => {
    const { owner, guest, room, ticket, elsewhere } = await meeting(places);
    const guestId = guest.id;
    guest.disconnect();
    assert.equal((await owner.next('room-user-leave')).peer_id, guestId);
    const again = await returning(elsewhere);
    assert.equal('owner' in (await returnsWith(again, room, ticket)), false);
    assert.equal((await owner.next('room-user-join')).peer_id, again.id);
    assertRefused(await again.ask('room-update-request', { room, locked: true }), 'not-owner');
  });

  it('admit a peer that returns while its old connection may still come back', async (t) => {
    const [here, there, elsewhere] = places(3);
    const owner = await returning(here);
    const wire = await wireTo(t, there);
    const guest = await returning(there, { url: wire.url });
    const { room } = await owning(owner);
    const ticket = await joining(owner, guest, room);
    const guestId = guest.id;
    wire.cut();
    const again = await returning(elsewhere);
    await returnsInTheEnd(again, room, ticket);
    assert.equal((await owner.next('room-user-leave')).peer_id, guestId);
    assert.equal((await owner.next('room-user-join')).peer_id, again.id);
  });
}

function testOwnersReturn(places) {
  it('make their owner an owner again, beside the member that has become one', async () => {
    const [here, there, elsewhere] = places(3);
    const [owner, guest] = [await returning(here), await returning(there)];
    const { room, ticket } = await owning(owner);
    await joining(owner, guest, room);
    owner.disconnect();
    assert.equal((await guest.next('room-owner-change')).peer_id, guest.id);
    const again = await returning(elsewhere);
    assert.equal((await returnsWith(again, room, ticket)).owner, true);
    assert.equal((await guest.next('room-user-join')).owner, true);
    assert.deepEqual((await infoOf(guest, room)).owners, [guest.id, again.id]);
    assertOk(await again.ask('room-update-request', { room, locked: true }));
  });

  it('bring the sole owner back to its room and its settings', async () => {
    const [here, there, elsewhere] = places(3);
    const owner = await returning(here);
    const { room, ticket } = await owning(owner);
    assertOk(await owner.ask('room-update-request', { room, locked: true, capacity: 7 }));
    owner.disconnect();
    const other = await returning(there);
    // Until the server has seen the owner go, the room is locked.
    let refused = await other.ask('room-join-request', { room });
    while (refused.error.code === 'room-locked') {
      refused = await other.ask('room-join-request', { room });
    }
    assertRefused(refused, 'room-not-found');
    assertRefused(await other.ask('room-create-request', { room }), 'room-taken');
    const again = await returning(elsewhere);
    assert.deepEqual((await returnsWith(again, room, ticket)).peers, []);
    const { owners, locked, capacity } = await infoOf(again, room);
    assert.deepEqual(
      { owners, locked, capacity },
      { owners: [again.id], locked: true, capacity: 7 },
    );
  });

  it('keep candidates waiting while the owner comes back', async () => {
    const [here, there, elsewhere] = places(3);
    const [owner, candidate] = [await returning(here), await returning(there)];
    const { room, ticket } = await owning(owner);
    await askToJoin(candidate, owner, room);
    owner.disconnect();
    const again = await returning(elsewhere);
    await returnsInTheEnd(again, room, ticket);
    assert.equal((await again.next('room-join-request')).peer_id, candidate.id);
    await accept(again, candidate, room);
  });
}

function testUse(places) {
  it('are in use as long as their client is connected', async () => {
    const { owner, guest, room, ticket, elsewhere } = await meeting(places);
    const duplicate = await returning(elsewhere);
    const answer = await duplicate.ask('room-join-request', { room, ticket });
    assertRefused(answer, 'ticket-in-use');
    assert.equal((await duplicate.next('room-join-reject')).code, 'ticket-in-use');
    assertOk(await guest.ask('relay-message', { room, data: 'still here' }));
    await knocksWith(duplicate, owner, room, undefined);
  });

  it('end with each entry, and after a kick and a leave', async () => {
    const { owner, room, ticket: first, there, elsewhere } = await leaving(places);
    const again = await returning(elsewhere);
    const { ticket: second } = await returnsWith(again, room, first);
    const thief = await returning(there);
    await knocksWith(thief, owner, room, first);
    assertOk(await owner.ask('room-kick-request', { room, peer_id: again.id }));
    await again.next('room-kick');
    await knocksWith(again, owner, room, second);
    await accept(owner, again, room);
    const third = await again.ask('room-join-request', { room });
    assertOk(await again.ask('room-leave-request', { room }));
    await knocksWith(again, owner, room, third.ticket);
  });
}

function testWorth(places) {
  it('pass the lock and the password, but not the capacity', async () => {
    const { owner, room, ticket, elsewhere } = await leaving(places);
    const rules = { locked: true, admission: 'password', password: 'secret', capacity: 1 };
    assertOk(await owner.ask('room-update-request', { room, ...rules }));
    const again = await returning(elsewhere);
    assertRefused(await again.ask('room-join-request', { room, ticket }), 'room-full');
    assertOk(await owner.ask('room-update-request', { room, capacity: 2 }));
    await again.next('room-join-reject');
    await returnsWith(again, room, ticket);
  });

  it('are worth nothing to another app, in another room and in a later one', async () => {
    const { owner, room, ticket, there, elsewhere } = await leaving(places);
    await knocksWith(await returning(elsewhere, { app: 'another app' }), owner, room, ticket);
    const { room: other } = await owning(owner);
    const thief = await returning(there);
    await knocksWith(thief, owner, other, ticket);
    assertOk(await owner.ask('room-leave-request', { room }));
    await createRoom(owner, room);
    await knocksWith(await returning(elsewhere), owner, room, ticket);
  });

  it('admit one of two peers that show the same', async () => {
    const { owner, room, ticket, there, elsewhere } = await leaving(places);
    const two = [await returning(there), await returning(elsewhere)];
    const answers = await Promise.all(
      two.map((each) => each.ask('room-join-request', { room, ticket })),
    );
    assert.equal(answers.filter((answer) => answer.ticket).length, 1, JSON.stringify(answers));
    const { peers } = await infoOf(owner, room);
    assert.equal(peers.length, 2);
  });
}

/** `places(count)`: somewhere to connect, several nodes in turn. Each makes peers. */
export function describeTickets(places) {
  testGiving(places);
  testGuestsReturn(places);
  testOwnersReturn(places);
  testUse(places);
  testWorth(places);
}

/** The same if a room waits for a moment only. */
export function describeShortLinger(places) {
  it('a room to which nobody comes back is gone', async () => {
    const [here, there, elsewhere] = places(3);
    const owner = await here.peer({ recovery: true });
    const candidate = await there.peer();
    const { room, ticket } = await owning(owner);
    await askToJoin(candidate, owner, room);
    owner.disconnect();
    assert.equal((await candidate.next('room-join-reject')).code, 'room-not-found');
    const again = await elsewhere.peer({ recovery: true });
    assertRefused(await again.ask('room-join-request', { room, ticket }), 'room-not-found');
    await createRoom(again, room);
  });

  it('a ticket has expired when its time is over', async () => {
    const [here, there, elsewhere] = places(3);
    const owner = await here.peer({ recovery: true });
    const guest = await there.peer({ recovery: true });
    const { room } = await owning(owner);
    const ticket = await joining(owner, guest, room);
    guest.disconnect();
    await owner.next('room-user-leave');
    await knocksWith(await elsewhere.peer({ recovery: true }), owner, room, ticket);
  });
}
