// docs/protocol.md, "Order and delivery": every relay between peers on different nodes.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  admit,
  askToJoin,
  assertOk,
  assertRefused,
  createRoom,
  meeting,
  relay,
} from '../support/rooms.mjs';
import { receiveInOrder } from '../support/sequence.mjs';
import { rawPair } from '../support/socketio.mjs';
import { useCluster } from './nodes.mjs';
import { unlimited } from '../support/settings.mjs';

const kinds = [
  ['relay-session-description', 'session-description', 'session_description'],
  ['relay-ice-candidate', 'ice-candidate', 'ice_candidate'],
  ['relay-message', 'message', 'data'],
];

/** The id of a peer that would be on another worker of the same node (signaling/peer_id.hpp). */
function atWorker(id, worker) {
  const bytes = Buffer.from(id, 'base64url');
  bytes.writeUInt16BE(worker, 3);
  return bytes.toString('base64url');
}

/** How many relays go in each direction at once. */
const burst = 500;

for (const size of [2, 3]) {
  describe(`relays over ${size} nodes`, () => {
    const cluster = useCluster({ size, env: unlimited });

    for (const [event, outcome, field] of kinds) {
      it(`${event} reaches its target only, both ways`, async () => {
        const peers = await Promise.all(
          cluster.nodes.map((node, i) => node.peer({ peerinfo: { name: `peer ${i}` } })),
        );
        const [one, two] = peers;
        const other = await cluster.nodes[1].peer();
        const room = await meeting(...peers, other);
        for (const [from, to, name] of [
          [one, two, 'peer 0'],
          [two, one, 'peer 1'],
        ]) {
          const body = { sdp: 'v=0\r\no=- 1 1\r\n', n: 1.5 };
          const fields = { room, to: to.id, peer_id: to.id, [field]: body, payload: ['p'] };
          assert.deepEqual(await from.ask(event, fields), { ok: true });
          assert.deepEqual(await to.next(outcome), {
            room,
            peer_id: from.id,
            [field]: body,
            peerinfo: { name },
            payload: ['p'],
          });
        }
        await relay(one, other, room, { candidate: 'barrier' });
        await relay(two, other, room, { candidate: 'barrier' });
        for (const peer of [other, one, two]) await peer.expectNone(outcome);
      });

      it(`${event} leaves out fields that were not given, and needs no acknowledgement`, async () => {
        const [from, to] = await cluster.peers(2);
        const room = await meeting(from, to);
        from.emit(event, { room, to: to.id, [field]: null });
        assert.deepEqual(await to.next(outcome), { room, peer_id: from.id, [field]: null });
      });

      it(`${event} is refused if not both are in the room`, async () => {
        const [owner, member, outsider, candidate] = await cluster.peers(4);
        const room = await meeting(owner, member);
        const shared = await meeting(outsider, member, owner);
        await askToJoin(candidate, owner, room);
        const to = (peer) => ({ room, to: peer.id, [field]: {} });
        assertRefused(await outsider.ask(event, to(member)), 'not-in-room');
        assertRefused(await candidate.ask(event, to(owner)), 'not-in-room');
        assertRefused(await owner.ask(event, to(outsider)), 'peer-not-in-room');
        assertRefused(await member.ask(event, to(outsider)), 'peer-not-in-room');
        assertRefused(await owner.ask(event, to(candidate)), 'peer-not-in-room');
        assertRefused(await owner.ask(event, to({ id: 'nobody' })), 'peer-not-in-room');
        for (const [from, target] of [
          [outsider, member],
          [owner, outsider],
        ]) {
          await relay(from, target, shared, { candidate: 'barrier' });
          await target.expectNone(outcome);
        }
        await candidate.expectNone(outcome);
      });

      it(`${event} is refused if the other node does not have that worker`, async () => {
        const [owner, guest] = await cluster.peers(2);
        const room = await meeting(owner, guest);
        for (const worker of [100, 1023, 0xffff]) {
          const to = atWorker(guest.id, worker);
          const fields = { room, to, [field]: {} };
          assertRefused(await owner.ask(event, fields), 'peer-not-in-room');
          owner.emit(event, fields);
          const told = await owner.next('request-error');
          assert.deepEqual([told.code, told.room, told.to], ['peer-not-in-room', room, to]);
        }
        await guest.expectNone(outcome);
      });

      it(`${event} is refused to a peer that has left, was kicked or is gone`, async () => {
        const [owner, ...others] = await cluster.peers(4);
        const [leaver, kicked, gone] = others;
        const room = await meeting(owner, ...others);
        const to = (id) => ({ room, to: id, [field]: {} });
        const ids = others.map(({ id }) => id);
        assertOk(await leaver.ask('room-leave-request', { room }));
        assertOk(await owner.ask('room-kick-request', { room, peer_id: kicked.id }));
        gone.disconnect();
        for (let n = 0; n < 3; n += 1) await owner.next('room-user-leave');
        for (const id of ids) assertRefused(await owner.ask(event, to(id)), 'peer-not-in-room');
        await leaver.expectNone(outcome);
        await kicked.expectNone(outcome);
      });
    }

    it('a message to all reaches each other member once, on every node', async () => {
      const strangers = await cluster.strangers();
      const members = await cluster.peers(2 * size);
      const room = await meeting(...members);
      for (const sender of members) {
        const data = { from: sender.id };
        assertOk(await sender.ask('relay-message', { room, data, payload: 0 }));
        for (const member of members) {
          if (member === sender) continue;
          const told = { room, peer_id: sender.id, data, payload: 0 };
          assert.deepEqual(await member.next('message'), told);
        }
      }
      for (const member of members) await member.expectNone('message');
      await strangers.heardNothing();
    });

    it('a new peerinfo goes with the relays after it', async () => {
      const [from, to] = await cluster.peers(2);
      const room = await meeting(from, to);
      for (const name of ['Ben', 'Benjamin']) {
        await from.authenticate({ peerinfo: { name } });
        assert.deepEqual((await relay(from, to, room)).peerinfo, { name });
      }
    });

    it('attachments arrive as they were, in messages, candidates and payloads', async () => {
      const members = await cluster.peers(3);
      const [one, two, three] = members;
      const room = await meeting(...members);
      const bytes = Buffer.from(Array.from({ length: 3000 }, (_, i) => i % 256));
      const value = { first: bytes, text: 'between', second: [Buffer.alloc(0), bytes] };
      for (const [from, to] of [
        [one, two],
        [two, one],
      ]) {
        const fields = { room, to: to.id, ice_candidate: value, payload: bytes };
        assertOk(await from.ask('relay-ice-candidate', fields));
        const received = await to.next('ice-candidate');
        assert.deepEqual([received.ice_candidate, received.payload], [value, bytes]);
        assertOk(await from.ask('relay-message', { room, data: value }));
        for (const member of [to, three]) {
          assert.deepEqual((await member.next('message')).data, value);
        }
      }
      await askToJoinWithBytes(cluster, one, room, bytes);
    });

    it('the largest event arrives, and a larger one is refused', async () => {
      const [from, to] = await cluster.peers(2);
      const room = await meeting(from, to);
      await relay(from, to, room, { candidate: 'x'.repeat(60_000) });
      const fields = { room, to: to.id, data: 'x'.repeat(70_000) };
      assertRefused(await from.ask('relay-message', fields), 'event-too-large');
      await relay(from, to, room);
      await to.expectNone('message');
    });

    it('texts arrive byte for byte', async () => {
      const { owner, guest, room } = await rawPair(cluster.nodes[0], { other: cluster.nodes[1] });
      const spellings = [
        '[1.0e5,1E5,-0,0.0,1.10,100000000000000000000000001,1e999]',
        '{"z":1,"a":2,"10":3,"9":4,"__proto__":5,"a":6}',
        '"\\u0041\\/\\u00e9\\u20AC\\ud83d\\ude00 é€😀\u007f\u2028\\u0000"',
        '{ "a" :\t1 ,\r\n "b" : [ 1 , 2 ] }',
        '{"_placeholder":true,"num":0}',
      ];
      for (const [from, to] of [
        [owner, guest],
        [guest, owner],
      ]) {
        const known = JSON.stringify({ auth: from.auth, room, to: to.id }).slice(1, -1);
        for (const value of spellings) {
          const fields = `{${known},"ice_candidate":${value},"payload":[${value}]}`;
          await from.send(`2["relay-ice-candidate",${fields}]`);
          const received = await to.nextEvent('ice-candidate');
          assert.ok(received.includes(`"ice_candidate":${value}`), received);
          assert.ok(received.includes(`"payload":[${value}]`), received);
        }
      }
      for (const client of [owner, guest]) client.destroy();
    });

    for (const [what, options] of [
      ['HTTP long-polling', { transports: ['polling'] }],
      ['polling that goes over to WebSocket', { transports: ['polling', 'websocket'] }],
      ['the client before version 4', { client: 'v3' }],
    ]) {
      it(`work for ${what}`, async () => {
        const [owner, guest] = await Promise.all([
          cluster.nodes[0].peer(options),
          cluster.nodes[1].peer(options),
        ]);
        const room = await meeting(owner, guest);
        for (let n = 0; n < 10; n += 1) {
          await relay(owner, guest, room);
          await relay(guest, owner, room);
        }
      });
    }

    it('a burst in both directions keeps its order, nothing is lost or comes twice', async () => {
      const members = await cluster.peers(2 * size);
      const room = await meeting(...members);
      const pairs = members.map((from, i) => [from, members[(i + 1) % members.length]]);
      for (let n = 0; n < burst; n += 1) {
        for (const [one, two] of pairs) {
          one.emit('relay-message', { room, to: two.id, data: n });
          two.emit('relay-message', { room, to: one.id, data: n });
        }
      }
      for (const member of members) {
        const senders = pairs.filter((pair) => pair.includes(member)).flat();
        await receiveInOrder(
          member,
          senders.filter((other) => other !== member),
          burst,
        );
      }
    });

    it('messages to all keep their order with those to one', async () => {
      const [one, two, three] = await cluster.peers(3);
      const room = await meeting(one, two, three);
      for (let n = 0; n < 100; n += 1) {
        one.emit('relay-message', { room, data: n, ...(n % 2 ? { to: two.id } : {}) });
      }
      await receiveInOrder(two, [one], 100);
      for (let n = 0; n < 100; n += 2) assert.equal((await three.next('message')).data, n);
    });

    it('an owner that accepts and relays in one breath is not too early', async () => {
      for (let round = 0; round < 20; round += 1) {
        const [owner, candidate] = await cluster.peers(2);
        const room = await createRoom(owner);
        await askToJoin(candidate, owner, room);
        owner.emit('room-join-accept', { room, peer_id: candidate.id });
        const description = { room, to: candidate.id, session_description: round };
        const answers = [
          owner.ask('relay-session-description', description),
          owner.ask('relay-message', { room, data: round }),
        ];
        for (const answer of await Promise.all(answers)) assertOk(answer);
        await candidate.next('room-join-accept');
        assert.equal((await candidate.next('session-description')).session_description, round);
        assert.equal((await candidate.next('message')).data, round);
        owner.disconnect();
        candidate.disconnect();
      }
    });

    it('a member that hears of a newcomer, and the newcomer, can relay at once', async () => {
      for (let round = 0; round < 10; round += 1) {
        const members = await cluster.peers(3);
        const [owner, ...others] = members;
        const room = await meeting(owner, ...others);
        const newcomer = await cluster.nodes[round % size].peer();
        const answers = [];
        const say = (from, to) =>
          answers.push(from.ask('relay-message', { room, to, data: 'at once' }));
        for (const member of members) {
          member.socket.once('room-user-join', ({ peer_id }) => say(member, peer_id));
        }
        newcomer.socket.once('room-join-accept', ({ peers }) => {
          for (const peer of peers) say(newcomer, peer);
        });
        await admit(owner, newcomer, room, members);
        for (const member of members) await member.next('message');
        for (let n = 0; n < members.length; n += 1) await newcomer.next('message');
        for (const answer of await Promise.all(answers)) assertOk(answer);
        for (const peer of [...members, newcomer]) peer.disconnect();
      }
    });

    it('a relay to a peer that is just going is answered', async () => {
      for (let round = 0; round < 10; round += 1) {
        const [owner, guest] = await cluster.peers(2);
        const room = await meeting(owner, guest);
        const fields = { room, to: guest.id, data: 1 };
        guest.disconnect();
        let answer = await owner.ask('relay-message', fields);
        while (answer.ok) answer = await owner.ask('relay-message', fields);
        assertRefused(answer, 'peer-not-in-room');
        await owner.next('room-user-leave');
        owner.disconnect();
      }
    });
  });
}

/** Bytes pass with the payloads of the door, too. */
async function askToJoinWithBytes(cluster, owner, room, bytes) {
  const late = await cluster.nodes[1].peer();
  assert.deepEqual((await askToJoin(late, owner, room, { payload: bytes })).payload, bytes);
  const fields = { room, peer_id: late.id, payload: [bytes] };
  assertOk(await owner.ask('room-join-accept', fields));
  assert.deepEqual((await late.next('room-join-accept')).payload, [bytes]);
}
