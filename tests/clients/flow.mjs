// The whole flow of docs/protocol.md with a client of another language, over each transport.
import { after, afterEach, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { eventually } from '../support/patience.mjs';
import { assertOk, createRoom, freshRoom } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';
import { App, bytesSent, description, iceCandidate } from './app.mjs';
import { Network } from './network.mjs';

// More than fit in one poll answer for Python's client (16), and fewer than the budget of a peer.
const kBurst = 100;

/**
 * Tests one client. `command`: what starts its app; `lacks`: what its library cannot do with any
 * server, and why: `polling`, `bytes`, or `order`, to begin an upgrade with polling.
 */
export function testFlow({ name, command, lacks = {} }) {
  for (const [what, reason] of Object.entries(lacks))
    console.log(`skipped: ${name}, ${what}: ${reason}`);
  for (const transport of ['polling', 'websocket', 'upgrade'])
    describe(`${name} over ${transport}`, { skip: lacks[transport] }, () =>
      testTransport({ command, transport, lacks }),
    );
}

function testTransport({ command, transport, lacks }) {
  const stage = useStage({ command, transport, lacks });
  it('owns a room', () => ownsRoom(stage));
  it('is admitted, calls and leaves', () => isAdmitted(stage));
  it('holds a call of its own kind, and a stranger is refused', () => callsItsKind(stage));
  it('has left at once when its connection fails, and returns as another', () => returns(stage));
  it('has its room again when it returns', () => returnsAsOwner(stage));
  it('is told that its token is not valid', () => isRefused(stage));
  it('exchanges bytes', { skip: lacks.bytes }, () => exchangesBytes(stage));
}

/** A server, a network to it, and what starts apps there, which end with the test. */
function useStage({ command, transport, lacks }) {
  const server = useServer();
  const apps = new Set();
  const stage = { server, transport, network: null };
  before(async () => (stage.network = await Network.to(server)));
  afterEach(async () => {
    await Promise.all([...apps].map((app) => app.kill()));
    apps.clear();
  });
  after(() => stage.network?.close());

  const states = {
    polling: ['waiting poll'],
    websocket: ['websocket'],
    upgrade: lacks.order ? ['upgraded', 'websocket'] : ['upgraded'],
  }[transport];
  stage.inUse = () => stage.network.reaches(...states);
  stage.start = async (role, room, name, token) => {
    const { url } = stage.network;
    const appToken = token ?? (await server.appToken());
    const app = new App(command, { url, token: appToken, transport, role, room, name });
    apps.add(app);
    return app;
  };
  stage.person = (name) => server.peer({ peerinfo: { name } });
  return stage;
}

async function ownsRoom({ start, person }) {
  const room = freshRoom();
  const owner = await start('owner', room, 'owner');
  assert.deepEqual((await owner.next('room-create-accept')).room, room);
  const [friend, stranger] = await Promise.all(['friend', 'stranger'].map(person));

  friend.emit('room-join-request', { room, payload: 'may I?' });
  const asked = await owner.next('room-join-request');
  assert.deepEqual(
    [asked.room, asked.peer_id, asked.peerinfo, asked.payload],
    [room, friend.id, { name: 'friend' }, 'may I?'],
  );
  const accepted = await friend.next('room-join-accept');
  const [id] = accepted.peers;
  assert.deepEqual([accepted.peers, accepted.peersinfo], [[id], { [id]: { name: 'owner' } }]);
  assert.equal((await owner.next('room-user-join')).peer_id, friend.id);

  const offer = await friend.next('session-description');
  assert.deepEqual([offer.peer_id, offer.session_description], [id, description('offer', 'owner')]);
  const answer = description('answer', 'friend');
  friend.emit('relay-session-description', { room, to: id, session_description: answer });
  assert.deepEqual((await owner.next('session-description')).session_description, answer);
  const { ice_candidate } = await friend.next('ice-candidate');
  assert.deepEqual(ice_candidate, iceCandidate('owner'));
  await relayBurst(friend, owner, id, room);

  stranger.emit('room-join-request', { room });
  assert.deepEqual((await owner.next('room-join-request')).peer_id, stranger.id);
  const { message } = await stranger.next('room-join-reject');
  assert.equal(message, 'Room owner was rejected your request');
  friend.disconnect();
  const left = await owner.next('room-user-leave');
  assert.deepEqual(
    [left.room, left.peer_id, left.peerinfo],
    [room, accepted.peer_id, { name: 'friend' }],
  );
}

async function isAdmitted({ start, person, network, transport, inUse }) {
  const owner = await person('owner');
  const room = await createRoom(owner);
  const candidate = await start('candidate', room, 'candidate');
  const accepted = await admit(owner, candidate, room);
  const id = accepted.peer_id;
  assert.deepEqual(
    [accepted.room, accepted.peers, accepted.peersinfo],
    [room, [owner.id], { [owner.id]: { name: 'owner' } }],
  );

  const offer = description('offer', 'owner');
  owner.emit('relay-session-description', { room, to: id, session_description: offer });
  assert.deepEqual((await candidate.next('session-description')).session_description, offer);
  const answer = await owner.next('session-description');
  assert.deepEqual(
    [answer.peer_id, answer.session_description],
    [id, description('answer', 'candidate')],
  );
  assert.deepEqual((await owner.next('ice-candidate')).ice_candidate, iceCandidate('candidate'));

  await inUse();
  if (transport === 'polling') assert.equal(network.requests.websocket, 0, 'WebSockets');
  if (transport === 'websocket') assert.equal(network.requests.polling, 0, 'polls');
  await relayBurst(owner, candidate, id, room);
  await candidate.leave();
  const left = await owner.next('room-user-leave');
  assert.deepEqual([left.room, left.peer_id, left.peerinfo], [room, id, { name: 'candidate' }]);
}

async function callsItsKind({ start }) {
  const room = freshRoom();
  const owner = await start('owner', room, 'owner');
  await owner.next('room-create-accept');
  const [candidate, stranger] = await Promise.all([
    start('candidate', room, 'candidate'),
    start('candidate', room, 'stranger'),
  ]);
  const { peer_id: id, peers } = await candidate.next('room-join-accept');
  assert.equal((await owner.next('room-user-join')).peer_id, id);
  for (const [to, from, fromId, type] of [
    [candidate, owner, peers[0], 'offer'],
    [owner, candidate, id, 'answer'],
  ]) {
    const { peer_id, session_description } = await to.next('session-description');
    assert.deepEqual([peer_id, session_description], [fromId, description(type, from.name)]);
    assert.deepEqual((await to.next('ice-candidate')).ice_candidate, iceCandidate(from.name));
  }
  const rejected = await stranger.next('room-join-reject');
  assert.deepEqual(
    [rejected.room, rejected.message],
    [room, 'Room owner was rejected your request'],
  );
  await candidate.leave();
  assert.equal((await owner.next('room-user-leave')).peer_id, id);
}

async function returns({ start, person, network, inUse }) {
  const owner = await person('owner');
  const room = await createRoom(owner);
  const candidate = await start('candidate', room, 'candidate');
  const { peer_id: id } = await admit(owner, candidate, room);
  await inUse();
  network.drop();
  assert.equal((await owner.next('room-user-leave')).peer_id, id);
  assert.notEqual((await admit(owner, candidate, room)).peer_id, id);
}

async function returnsAsOwner({ start, person, network, inUse }) {
  const room = freshRoom();
  const owner = await start('owner', room, 'owner');
  await owner.next('room-create-accept');
  const stranger = await person('stranger');
  const takesIt = async () => (await stranger.ask('room-create-request', { room })).ok;
  assert.equal(await takesIt(), false);
  await inUse();
  network.cut();
  await eventually(takesIt, 'the room has ended with its owner');
  assertOk(await stranger.ask('room-leave-request', { room }));
  network.mend();
  assert.equal((await owner.next('room-create-accept')).room, room);
  await owner.leave();
  const returned = await start('owner', room, 'owner');
  assert.equal((await returned.next('room-create-accept')).room, room);
}

async function isRefused({ start }) {
  const app = await start('owner', freshRoom(), 'owner', 'wrong');
  assert.match((await app.next('connect_error')).message, /Token is not valid/);
}

async function exchangesBytes({ start, person }) {
  const owner = await person('owner');
  const room = await createRoom(owner);
  const candidate = await start('sender', room, 'candidate');
  const { peer_id: id } = await admit(owner, candidate, room);
  assert.deepEqual((await owner.next('message')).data, bytesSent);
  owner.emit('relay-message', { room, to: id, data: bytesSent });
  assert.deepEqual(await candidate.next('message'), {
    peer_id: owner.id,
    hex: bytesSent.toString('hex'),
  });
}

/** Lets an app in that has asked or will, and returns what it is told. */
async function admit(owner, app, room) {
  const { peer_id, peerinfo, payload } = await owner.next('room-join-request');
  assert.deepEqual([peerinfo, payload], [{ name: app.name }, { from: app.name }]);
  owner.emit('room-join-accept', { room, peer_id, to: peer_id });
  assert.equal((await owner.next('room-user-join')).peer_id, peer_id);
  const accepted = await app.next('room-join-accept');
  assert.equal(accepted.peer_id, peer_id);
  return accepted;
}

/** All arrive, perhaps not in order: some libraries run each handler in a thread of its own. */
async function relayBurst(from, app, id, room) {
  const indices = Array.from({ length: kBurst }, (_, index) => index);
  for (const sdpMLineIndex of indices)
    from.emit('relay-ice-candidate', {
      room,
      to: id,
      ice_candidate: { candidate: '', sdpMLineIndex },
    });
  const received = await app.take(kBurst, 'ice-candidate');
  const sorted = received.map((data) => data.ice_candidate.sdpMLineIndex).sort((a, b) => a - b);
  assert.deepEqual(sorted, indices);
}
