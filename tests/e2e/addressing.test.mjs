// docs/protocol.md, "Client to server": `to` is a string that names one peer, the same as
// `peer_id`; it is never a room, an array or an object.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { askToJoin, assertOk, assertRefused, createRoom, meeting } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

describe('to and peer_id', () => {
  const server = useServer();
  const ice_candidate = { candidate: 'x' };

  async function trio() {
    const [owner, one, two] = await server.peers(3);
    return { owner, one, two, room: await meeting(owner, one, two) };
  }

  for (const [what, name] of [
    ['to alone', (id) => ({ to: id })],
    ['peer_id alone', (id) => ({ peer_id: id })],
    ['both alike', (id) => ({ to: id, peer_id: id })],
  ]) {
    it(`a relay takes ${what}`, async () => {
      const { owner, one, room } = await trio();
      assertOk(await owner.ask('relay-ice-candidate', { room, ice_candidate, ...name(one.id) }));
      await one.next('ice-candidate');
    });
  }

  it('both, but different: refused, and neither peer hears of it', async () => {
    const { owner, one, two, room } = await trio();
    const fields = { room, ice_candidate, to: one.id, peer_id: two.id };
    assertRefused(await owner.ask('relay-ice-candidate', fields), 'invalid-arguments');
    await one.expectNone('ice-candidate');
    await two.expectNone('ice-candidate');
  });

  it('both, but different, in room-join-accept and -reject: refused, the request stays', async () => {
    const [owner, candidate, other] = await server.peers(3);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    await askToJoin(other, owner, room);
    for (const event of ['room-join-accept', 'room-join-reject']) {
      const answer = await owner.ask(event, { room, to: candidate.id, peer_id: other.id });
      assertRefused(answer, 'invalid-arguments');
    }
    await candidate.expectNone('room-join-accept', 'room-join-reject');
    await other.expectNone('room-join-accept', 'room-join-reject');
    assertOk(await owner.ask('room-join-accept', { room, to: candidate.id }));
  });

  it('neither: refused', async () => {
    const { owner, one, two, room } = await trio();
    assertRefused(
      await owner.ask('relay-ice-candidate', { room, ice_candidate }),
      'invalid-arguments',
    );
    await one.expectNone('ice-candidate');
    await two.expectNone('ice-candidate');
  });

  it('the name of a room is not a peer: nobody hears of it', async () => {
    const { owner, one, two, room } = await trio();
    const answer = await owner.ask('relay-ice-candidate', { room, ice_candidate, to: room });
    assertRefused(answer, 'peer-not-in-room');
    await one.expectNone('ice-candidate');
    await two.expectNone('ice-candidate');
  });

  for (const [what, to] of [
    ['an array of peers', ({ one, two }) => [one.id, two.id]],
    ['an array of one peer', ({ one }) => [one.id]],
    ['an array of rooms', ({ room }) => [room]],
    ['an empty array', () => []],
    ['an object', ({ one }) => ({ id: one.id })],
    ['an object that claims to be a text', ({ one }) => ({ toString: one.id, length: 1 })],
    ['a number', () => 0],
    ['true', () => true],
  ]) {
    it(`${what} is no peer: refused, and nobody hears of it`, async () => {
      const { owner, one, two, room } = await trio();
      const fields = { room, ice_candidate, to: to({ one, two, room }) };
      assertRefused(await owner.ask('relay-ice-candidate', fields), 'invalid-arguments');
      await one.expectNone('ice-candidate');
      await two.expectNone('ice-candidate');
    });
  }

  for (const [what, makeId] of [
    ['cut short', (id) => id.slice(0, -1)],
    ['with one letter more', (id) => `${id}A`],
    ['in another case', (id) => (id === id.toLowerCase() ? id.toUpperCase() : id.toLowerCase())],
    ['with a blank', (id) => ` ${id}`],
    ['with a zero byte', (id) => `${id}\u0000`],
    ['empty', () => ''],
    ['of sixty thousand letters', () => 'A'.repeat(60_000)],
  ]) {
    it(`an id ${what} names nobody`, async () => {
      const { owner, one, two, room } = await trio();
      const answer = await owner.ask('relay-ice-candidate', {
        room,
        ice_candidate,
        to: makeId(one.id),
      });
      assert.ok(
        ['peer-not-in-room', 'invalid-arguments'].includes(answer.error?.code),
        JSON.stringify(answer),
      );
      await one.expectNone('ice-candidate');
      await two.expectNone('ice-candidate');
    });
  }
});
