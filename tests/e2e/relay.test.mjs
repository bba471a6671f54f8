// docs/protocol.md, "Client to server": `relay-session-description` and `relay-ice-candidate`.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  askToJoin,
  assertOk,
  assertRefused,
  createRoom,
  freshRoom,
  meeting,
  relay,
} from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

const kinds = [
  [
    'relay-session-description',
    'session-description',
    'session_description',
    { type: 'offer', sdp: 'v=0\r\no=- 1 1\r\n' },
  ],
  [
    'relay-ice-candidate',
    'ice-candidate',
    'ice_candidate',
    { candidate: 'candidate:1 1 udp 1 192.0.2.1 9', sdpMLineIndex: 0 },
  ],
];

for (const [event, outcome, field, body] of kinds) {
  describe(event, () => {
    const server = useServer();
    const named = (to, room, fields = { [field]: body }) => ({
      room,
      to: to.id,
      peer_id: to.id,
      ...fields,
    });

    it('reaches the target, with the sender’s id, peerinfo and payload', async () => {
      const [sender, target] = await Promise.all([
        server.peer({ peerinfo: { name: 'Ann' } }),
        server.peer(),
      ]);
      const room = await meeting(sender, target);
      const answer = await sender.ask(event, { ...named(target, room), payload: { n: 1 } });
      assert.deepEqual(answer, { ok: true });
      assert.deepEqual(await target.next(outcome), {
        room,
        peer_id: sender.id,
        [field]: body,
        peerinfo: { name: 'Ann' },
        payload: { n: 1 },
      });
    });

    it('leaves out peerinfo and payload that were not given', async () => {
      const [sender, target] = await server.peers(2);
      const room = await meeting(sender, target);
      sender.emit(event, named(target, room));
      assert.deepEqual(await target.next(outcome), { room, peer_id: sender.id, [field]: body });
    });

    it('reaches the target only', async () => {
      const [sender, target, other] = await server.peers(3);
      const room = await meeting(sender, target, other);
      assertOk(await sender.ask(event, named(target, room)));
      await target.next(outcome);
      await relay(sender, other, room, { candidate: 'barrier' });
      assert.deepEqual(other.unread(outcome), []);
      await sender.expectNone(outcome);
    });

    it('goes between two guests as between guest and owner', async () => {
      const [owner, one, two] = await server.peers(3);
      const room = await meeting(owner, one, two);
      for (const [from, to] of [
        [one, two],
        [two, one],
        [owner, two],
        [two, owner],
      ]) {
        assertOk(await from.ask(event, named(to, room)));
        assert.equal((await to.next(outcome)).peer_id, from.id);
      }
    });

    it('keeps the order of a sender’s messages', async () => {
      const [sender, target] = await server.peers(2);
      const room = await meeting(sender, target);
      for (let n = 0; n < 100; n += 1) sender.emit(event, { ...named(target, room), payload: n });
      for (let n = 0; n < 100; n += 1) assert.equal((await target.next(outcome)).payload, n);
    });

    it('keeps that order, and every character, whether they are short or long', async () => {
      const [sender, target] = await server.peers(2);
      const room = await meeting(sender, target);
      const texts = [1, 20_000, 3_000, 10, 600, 700, 800, 900, 1_000, 1_100, 40_000, 2].map(
        (length, n) => String.fromCharCode(97 + n).repeat(length),
      );
      for (const text of [...texts, ...texts]) {
        sender.emit(event, named(target, room, { [field]: text }));
      }
      for (const text of [...texts, ...texts]) {
        assert.equal((await target.next(outcome))[field], text);
      }
    });

    for (const [what, value] of [
      ['a text', 'v=0'],
      ['null', null],
      ['a number', 0],
      ['an array', [1, [2]]],
      ['an empty object', {}],
    ]) {
      it(`passes ${what} through: any JSON will do`, async () => {
        const [sender, target] = await server.peers(2);
        const room = await meeting(sender, target);
        assertOk(await sender.ask(event, named(target, room, { [field]: value })));
        assert.deepEqual((await target.next(outcome))[field], value);
      });
    }

    it('is refused from outside the room, even to a peer one shares another room with', async () => {
      const [owner, guest, outsider] = await server.peers(3);
      const room = await meeting(owner, guest);
      const shared = await meeting(outsider, guest);
      assertRefused(await outsider.ask(event, named(guest, room)), 'not-in-room');
      await relay(outsider, guest, shared, { candidate: 'barrier' });
      assert.deepEqual(guest.unread(outcome), []);
    });

    it('is refused to a peer outside the room, even to one that one shares another room with', async () => {
      const [sender, guest, outsider] = await server.peers(3);
      const room = await meeting(sender, guest);
      const shared = await meeting(sender, outsider);
      assertRefused(await sender.ask(event, named(outsider, room)), 'peer-not-in-room');
      await relay(sender, outsider, shared, { candidate: 'barrier' });
      assert.deepEqual(outsider.unread(outcome), []);
    });

    it('is refused to a candidate that still waits', async () => {
      const [owner, candidate] = await server.peers(2);
      const room = await createRoom(owner);
      await askToJoin(candidate, owner, room);
      assertRefused(await owner.ask(event, named(candidate, room)), 'peer-not-in-room');
      await candidate.expectNone(outcome);
    });

    it('is refused in a room that does not exist', async () => {
      const [sender, target] = await server.peers(2);
      const answer = await sender.ask(event, named(target, freshRoom()));
      assert.ok(
        ['not-in-room', 'room-not-found'].includes(answer.error?.code),
        JSON.stringify(answer),
      );
    });

    it('is refused to a peer that does not exist', async () => {
      const sender = await server.peer();
      const room = await createRoom(sender);
      assertRefused(
        await sender.ask(event, { room, to: 'nobody', [field]: body }),
        'peer-not-in-room',
      );
    });

    it('is refused to a peer that has left', async () => {
      const [sender, target] = await server.peers(2);
      const room = await meeting(sender, target);
      const fields = named(target, room);
      target.disconnect();
      await sender.next('room-user-leave');
      assertRefused(await sender.ask(event, fields), 'peer-not-in-room');
    });

    it('is refused without the thing to relay', async () => {
      const [sender, target] = await server.peers(2);
      const room = await meeting(sender, target);
      assertRefused(await sender.ask(event, named(target, room, {})), 'invalid-arguments');
      await target.expectNone(outcome);
    });
  });
}
