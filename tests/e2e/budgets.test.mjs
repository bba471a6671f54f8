// docs/protocol.md, "Limits": what a peer may send, and that a large room loses nothing.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { within } from '../support/patience.mjs';
import { assertOk, assertRefused, createRoom, meeting, relay } from '../support/rooms.mjs';
import { serve, useServer } from '../support/server.mjs';
import { wireTo } from '../support/wire.mjs';

/** The relays of a browser to each other member when it joins. */
const candidatesEach = 30;
const candidate = (number) => ({
  candidate: `candidate:${number} 1 udp 2122260223 192.0.2.${number} ${50_000 + number} typ host`,
  sdpMid: '0',
  sdpMLineIndex: 0,
});
const description = { type: 'offer', sdp: `v=0\r\n${'a=extmap:1 urn\r\n'.repeat(180)}` };

async function openRoom(owner) {
  const room = await createRoom(owner);
  assertOk(await owner.ask('room-update-request', { room, admission: 'open' }));
  return room;
}

async function enter(peer, room) {
  assertOk(await peer.ask('room-join-request', { room }));
  return (await peer.next('room-join-accept')).peers;
}

/** Sends each of these peers a description and its candidates, as fast as it can. */
function call(from, to, room) {
  for (const id of to) {
    from.emit('relay-session-description', { room, to: id, session_description: description });
    for (let n = 0; n < candidatesEach; n += 1) {
      from.emit('relay-ice-candidate', { room, to: id, ice_candidate: candidate(n) });
    }
  }
}

/** Reads a description and all candidates, in order, of each of these peers. */
async function receivesCalls(peer, from) {
  const numbers = new Map([...from].map((id) => [id, 0]));
  for (let left = from.length; left > 0; left -= 1) {
    const { peer_id, session_description } = await peer.next('session-description');
    assert.ok(numbers.has(peer_id));
    assert.deepEqual(session_description, description);
  }
  for (let left = from.length * candidatesEach; left > 0; left -= 1) {
    const { peer_id, ice_candidate } = await peer.next('ice-candidate');
    const number = numbers.get(peer_id);
    assert.deepEqual(ice_candidate, candidate(number));
    numbers.set(peer_id, number + 1);
  }
}

describe('a large room', () => {
  // On a busy machine the late reader is late for longer than a heartbeat waits by default. A
  // connection that is cut loses data, and this is no test of that.
  const server = useServer({ env: { PING_TIMEOUT: 240_000 } });

  it('a newcomer to a room of 19 sends 570 candidates at once, and none is refused', async () => {
    const [owner, ...others] = await server.peers(19);
    const room = await openRoom(owner);
    for (const other of others) await enter(other, room);
    const newcomer = await server.peer();
    const members = await enter(newcomer, room);
    assert.equal(members.length, 19);
    call(newcomer, members, room);
    for (const member of [owner, ...others]) await receivesCalls(member, [newcomer.id]);
    await newcomer.expectNone('request-error');
  });

  it('of 50 that forms at once loses nothing, though one reads late and one resumes', async (t) => {
    const peerinfo = { name: 'x'.repeat(1_000) };
    const wires = [await wireTo(t, server), await wireTo(t, server)];
    const quick = { reconnection: true, reconnectionDelay: 10, reconnectionDelayMax: 50 };
    const [late, lost] = await Promise.all(
      wires.map(({ url }) => server.peer({ url, peerinfo, recovery: true, ...quick })),
    );
    const others = await server.peers(48, { peerinfo });
    const all = [...others, late, lost];
    const room = await openRoom(others[0]);
    for (const peer of all.slice(1)) await enter(peer, room);

    wires[0].stall();
    const back = new Promise((resolve) => lost.socket.once('connect', resolve));
    const ids = all.map(({ id }) => id);
    const but = (peer) => ids.filter((id) => id !== peer.id);
    const half = all.length / 2;
    for (const peer of all.slice(0, half)) call(peer, but(peer), room);
    wires[1].drop();
    for (const peer of all.slice(half, -1)) call(peer, but(peer), room);
    await within(back, 'the lost one returns');
    assert.equal(lost.socket.recovered, true);
    call(lost, but(lost), room);
    wires[0].flow(); // The late one has read nothing of all that until now.
    for (const peer of all) await receivesCalls(peer, but(peer));
    for (const peer of all) await peer.expectNone('request-error', 'room-user-leave');
  });
});

describe('the bytes relayed to one peer', () => {
  const server = useServer({ env: { RELAY_BYTES_PER_SECOND: 1_000, RELAY_BYTES_BURST: 10_000 } });

  it('are bounded, with one event of debt, and other targets are not concerned', async () => {
    const [sender, one, two] = await server.peers(3);
    const room = await meeting(sender, one, two);
    const say = (to, size) =>
      sender.ask('relay-message', { room, to: to.id, data: 'x'.repeat(size) });
    assertOk(await say(one, 9_000));
    assertOk(await say(one, 60_000));
    const answer = await say(one, 1);
    assertRefused(answer, 'rate-limited');
    assert.ok(answer.error.retry_after_ms > 30_000, String(answer.error.retry_after_ms));
    await relay(sender, two, room);
    await relay(two, one, room);
    sender.emit('relay-message', { room, to: one.id, data: 1 });
    const told = await sender.next('request-error');
    assert.deepEqual([told.event, told.code, told.to], ['relay-message', 'rate-limited', one.id]);
  });
});

describe('messages to a room', () => {
  const server = useServer({ env: { ROOM_BYTES_PER_SECOND: 1_000, ROOM_BYTES_BURST: 100_000 } });

  it('pay for each receiver', async () => {
    const [sender, other, ...more] = await server.peers(12);
    const small = await meeting(sender, other);
    const room = await openRoom(sender);
    for (const peer of [other, ...more]) await enter(peer, room);
    const say = (where, size) =>
      sender.ask('relay-message', { room: where, data: 'x'.repeat(size) });
    assertOk(await say(small, 40_000));
    assertOk(await say(small, 40_000));
    assertOk(await say(room, 10_000));
    const answer = await say(room, 1);
    assertRefused(answer, 'rate-limited');
    assert.ok(answer.error.retry_after_ms > 30_000, String(answer.error.retry_after_ms));
    assertRefused(await say(small, 1), 'rate-limited');
    await relay(sender, other, room);
  });
});

describe('all that a connection sends', () => {
  it('is bounded in events, without reading them', async (t) => {
    const env = { TOTAL_EVENTS_PER_SECOND: 1, TOTAL_EVENTS_BURST: 20 };
    const server = await serve(t, { env });
    const peer = await server.peer();
    const ask = () => peer.ask('room-info-request', { room: 'nowhere' });
    const answers = await Promise.all(Array.from({ length: 100 }, ask));
    const limited = answers.filter(({ error }) => error.code === 'rate-limited');
    assert.ok(limited.length >= 70, `${limited.length} of 100`);
    assert.ok(limited[0].error.retry_after_ms > 0);
    assert.ok(peer.socket.connected);
  });

  it('is bounded in bytes', async (t) => {
    const env = { TOTAL_BYTES_PER_SECOND: 1_000, TOTAL_BYTES_BURST: 50_000 };
    const server = await serve(t, { env });
    const [peer, other] = await server.peers(2);
    const room = await meeting(peer, other);
    const say = (data) => peer.ask('relay-message', { room, to: other.id, data });
    assertOk(await say('x'.repeat(40_000)));
    assertOk(await say(Buffer.alloc(40_000)));
    assertRefused(await say('x'), 'rate-limited');
    assertRefused(await say(Buffer.from('x')), 'rate-limited');
    await relay(other, peer, room);
  });
});
