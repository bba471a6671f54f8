import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

/** A room name that no other test uses. */
export const freshRoom = () => `room ${randomUUID()}`;

/** Asserts an error acknowledgement of this code, with a message for people. */
export function assertRefused(answer, code) {
  assert.equal(answer.ok, false, JSON.stringify(answer));
  assert.equal(answer.error.code, code, JSON.stringify(answer));
  assert.ok(
    typeof answer.error.message === 'string' && answer.error.message.length > 0,
    'a message for people',
  );
}

export function assertOk(answer) {
  assert.equal(answer.ok, true, JSON.stringify(answer));
}

/** The owner makes a room; its name is returned. */
export async function createRoom(owner, room = freshRoom()) {
  assertOk(await owner.ask('room-create-request', { room }));
  await owner.next('room-create-accept');
  return room;
}

/** The candidate asks, and the owner has got the question. */
export async function askToJoin(candidate, owner, room, fields = {}) {
  assertOk(await candidate.ask('room-join-request', { room, ...fields }));
  return owner.next('room-join-request');
}

/** The owner lets a pending candidate in. */
export async function accept(owner, candidate, room, fields = {}) {
  const named = { room, peer_id: candidate.id, to: candidate.id };
  assertOk(await owner.ask('room-join-accept', { ...named, ...fields }));
  return candidate.next('room-join-accept');
}

/** From the question to the answer; every present member has read of the newcomer afterwards. */
export async function admit(owner, candidate, room, present = [owner]) {
  await askToJoin(candidate, owner, room);
  const accepted = await accept(owner, candidate, room);
  await Promise.all(present.map((member) => member.next('room-user-join')));
  return accepted;
}

/** A room with its owner first and the others admitted in order; returns the room's name. */
export async function meeting(owner, ...others) {
  const room = await createRoom(owner);
  const present = [owner];
  for (const other of others) {
    await admit(owner, other, room, present);
    present.push(other);
  }
  return room;
}

/** One ICE candidate from one member to another, received. */
export async function relay(from, to, room, ice_candidate = { candidate: randomUUID() }) {
  assertOk(
    await from.ask('relay-ice-candidate', { room, to: to.id, peer_id: to.id, ice_candidate }),
  );
  const received = await to.next('ice-candidate');
  assert.deepEqual(received.ice_candidate, ice_candidate);
  assert.equal(received.peer_id, from.id);
  return received;
}
