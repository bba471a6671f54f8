// docs/cluster.md, "What happens when": nodes that die, or sleep past their lease.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { eventually, within } from '../support/patience.mjs';
import {
  accept,
  admit,
  askToJoin,
  assertOk,
  assertRefused,
  createRoom,
  freshRoom,
  meeting,
  relay,
} from '../support/rooms.mjs';
import {
  assertRoom,
  clusterFor,
  haveHeardOfLeaving,
  lookOutFor,
  reconnecting,
  shortLease,
} from './nodes.mjs';

const lease = shortLease;
// Each test has a cluster of its own, and mostly waits.
const together = { concurrency: 3 };

/** A new peer of a node that may still be without a place in the cluster. */
async function signedIn(peer) {
  const signsIn = async () => {
    const answer = await peer.askRaw('auth-request', { token: peer.appToken });
    if (!answer.ok) assertRefused(answer, 'cluster-unavailable');
    peer.sessionToken = answer.token ?? null;
    return answer.ok;
  };
  await eventually(signsIn, 'the node serves new peers');
  return peer;
}

describe('a node that is killed', together, () => {
  it('has its peers leave, and their rooms are owned on', async (t) => {
    const cluster = await clusterFor(t, { size: 3, lease });
    const [first, second, third] = cluster.nodes;
    const strangers = await cluster.strangers();
    const [owner, other] = await second.peers(2);
    const [heir, last] = [await first.peer(), await third.peer()];
    const room = await meeting(owner, heir, other, last);
    const dead = [owner.id, other.id];
    await cluster.kill(second);
    const rest = [heir, last];
    await haveHeardOfLeaving(rest, room, dead);
    for (const member of rest) {
      const change = { room, peer_id: heir.id };
      assert.deepEqual(await member.next('room-owner-change'), change);
      await member.expectNone('room-owner-change');
    }
    await assertRoom(room, { owners: [heir], peers: rest });
    await relay(last, heir, room);
    for (const id of dead) {
      const fields = { room, to: id, data: 1 };
      assertRefused(await heir.ask('relay-message', fields), 'peer-not-in-room');
    }
    await admit(heir, await third.peer(), room, rest);
    await strangers.heardNothing();
  });

  it('has members who come back with their tickets elsewhere', async (t) => {
    const cluster = await clusterFor(t, { size: 3, lease });
    const [first, second, third] = cluster.nodes;
    const recovering = { recovery: true };
    const [owner, guest] = [await second.peer(recovering), await first.peer(recovering)];
    const alone = await second.peer(recovering);
    const [room, empty] = [freshRoom(), freshRoom()];
    const tickets = {};
    for (const [peer, name] of [
      [owner, room],
      [alone, empty],
    ]) {
      assertOk(await peer.ask('room-create-request', { room: name }));
      tickets[name] = (await peer.next('room-create-accept')).ticket;
    }
    await admit(owner, guest, room);
    await cluster.kill(second);
    for (const name of [room, empty]) {
      const again = await third.peer(recovering);
      const ask = () => again.ask('room-join-request', { room: name, ticket: tickets[name] });
      let answer = await ask();
      // As long as nobody knows that the node is dead.
      while (answer.error?.code === 'cluster-unavailable') answer = await ask();
      assertOk(answer);
      assert.equal((await again.next('room-join-accept')).owner, true);
    }
    await guest.next('room-user-leave');
    assert.equal((await guest.next('room-user-join')).owner, true);
  });

  it('leaves the owner where it is when that is on another node', async (t) => {
    const cluster = await clusterFor(t, { lease });
    const [first, second] = cluster.nodes;
    const [owner, stayer] = await first.peers(2);
    const guest = await second.peer({ peerinfo: { name: 'Ben' } });
    const room = await meeting(owner, guest, stayer);
    const left = { room, peer_id: guest.id, peerinfo: { name: 'Ben' } };
    await cluster.kill(second);
    for (const member of [owner, stayer]) {
      assert.deepEqual(await member.next('room-user-leave'), left);
    }
    await relay(owner, stayer, room);
    await stayer.expectNone('room-owner-change', 'room-user-leave');
    await assertRoom(room, { owners: [owner], peers: [owner, stayer] });
  });

  it('frees the names of its rooms, and candidates there are rejected', async (t) => {
    const cluster = await clusterFor(t, { size: 3, lease });
    const [first, second, third] = cluster.nodes;
    const [owner, member] = await second.peers(2);
    const [candidate, other] = [await first.peer(), await third.peer()];
    const room = await meeting(owner, member);
    await askToJoin(candidate, owner, room);
    await cluster.kill(second);
    const rejection = await candidate.next('room-join-reject');
    assert.deepEqual([rejection.room, rejection.message], [room, 'Room is not found.']);
    await createRoom(other, room);
    await admit(other, candidate, room);
    await assertRoom(room, { owners: [other], peers: [other, candidate] });
    await candidate.expectNone('room-join-reject');
  });

  it('has the requests of its candidates cancelled', async (t) => {
    const cluster = await clusterFor(t, { lease });
    const [first, second] = cluster.nodes;
    const owner = await first.peer();
    const candidates = await second.peers(3);
    const room = await createRoom(owner);
    for (const candidate of candidates) await askToJoin(candidate, owner, room);
    const ids = candidates.map(({ id }) => id);
    await cluster.kill(second);
    const cancelled = [];
    while (cancelled.length < ids.length) {
      cancelled.push((await owner.next('room-join-cancel')).peer_id);
    }
    assert.deepEqual(cancelled.sort(), ids.sort());
    for (const peer_id of ids) {
      assertRefused(await owner.ask('room-join-accept', { room, peer_id }), 'no-join-request');
    }
    await owner.expectNone('room-join-cancel', 'room-user-leave');
    await assertRoom(room, { owners: [owner], peers: [owner] });
  });

  it('leaves the requests that its owners had not answered to the next owner', async (t) => {
    const cluster = await clusterFor(t, { size: 3, lease });
    const [first, second, third] = cluster.nodes;
    const owner = await second.peer();
    const heir = await first.peer();
    const candidate = await third.peer({ peerinfo: { name: 'Zoë' } });
    const room = await meeting(owner, heir);
    const asked = await askToJoin(candidate, owner, room, { payload: 'knock' });
    await cluster.kill(second);
    assert.deepEqual(await heir.next('room-join-request'), asked);
    assert.deepEqual((await accept(heir, candidate, room)).peers, [heir.id]);
    await assertRoom(room, { owners: [heir], peers: [heir, candidate] });
  });

  it('leaves no relay to its peers without an answer', async (t) => {
    const cluster = await clusterFor(t, { lease });
    const [first, second] = cluster.nodes;
    const [owner, guest] = [await first.peer(), await second.peer()];
    const room = await meeting(owner, guest);
    const fields = { room, to: guest.id, data: 1 };
    const early = owner.ask('relay-message', fields);
    const died = cluster.kill(second);
    await early;
    const answer = await owner.ask('relay-message', fields);
    await died;
    assert.ok(answer.ok || answer.error.code, 'one or the other');
    assert.notEqual((await owner.ask('relay-message', fields)).ok, true);
    await owner.next('room-user-leave');
    assertRefused(await owner.ask('relay-message', fields), 'peer-not-in-room');
  });

  it('together with another leaves the third to have all', async (t) => {
    const cluster = await clusterFor(t, { size: 3, lease });
    const [first, second, third] = cluster.nodes;
    const [one, two, heir] = await cluster.peers(3);
    const room = await meeting(one, two, heir);
    const dead = [one.id, two.id];
    await Promise.all([cluster.kill(first), cluster.kill(second)]);
    await haveHeardOfLeaving([heir], room, dead);
    const isOwner = async () => (await heir.next('room-owner-change')).peer_id === heir.id;
    while (!(await isOwner()));
    await assertRoom(room, { owners: [heir], peers: [heir] });
    await admit(heir, await third.peer(), room);
  });

  it('may come back under its id after its lease, and knows nothing of before', async (t) => {
    const cluster = await clusterFor(t, { size: 1, lease });
    const [first] = cluster.nodes;
    const second = await cluster.add({ NODE_ID: 7 });
    const owner = await first.peer();
    const guests = await second.peers(4);
    const room = await meeting(owner, ...guests);
    const dead = guests.map(({ id }) => id);
    await cluster.kill(second);
    await haveHeardOfLeaving([owner], room, dead);

    const again = await cluster.add({ NODE_ID: 7 });
    const strangers = await again.peers(4);
    for (const to of dead) {
      const fields = { room, to, data: 'for the dead' };
      assertRefused(await owner.ask('relay-message', fields), 'peer-not-in-room');
    }
    assert.ok(strangers.every(({ id }) => !dead.includes(id)));
    await admit(owner, strangers[0], room);
    await relay(owner, strangers[0], room);
    await relay(strangers[0], owner, room);
    for (const stranger of strangers) await stranger.expectNone('message');
    await owner.expectNone('room-user-leave');
  });
});

describe('a node that sleeps', together, () => {
  // Long because it follows one sleep to its end: asleep, awake, and back in the room.
  it('past its lease serves nothing of before, and its clients come back as new', async (t) => {
    const cluster = await clusterFor(t, { size: 3, lease });
    const [first, second, third] = cluster.nodes;
    const bystanders = await cluster.strangers();
    const [owner, other] = await second.peers(2, reconnecting);
    const [heir, last] = [await first.peer(), await third.peer()];
    const waiting = await third.peer();
    const room = await meeting(owner, heir, other, last);
    await askToJoin(waiting, owner, room);
    const old = [owner.id, other.id];
    const back = lookOutFor(owner, other);
    const left = [];
    for (const peer of [owner, other]) peer.socket.on('disconnect', (reason) => left.push(reason));

    second.program.signal('SIGSTOP');
    await haveHeardOfLeaving([heir, last], room, old);
    for (const member of [heir, last]) {
      assert.equal((await member.next('room-owner-change')).peer_id, heir.id);
    }
    await heir.next('room-join-request');
    // Their messages from now on reach the node when it wakes, and must reach nobody else.
    owner.emit('room-join-accept', { room, peer_id: waiting.id });
    owner.emit('room-kick-request', { room, peer_id: last.id });
    owner.emit('room-update-request', { room, admission: 'open' });
    for (const peer of [owner, other]) {
      peer.emit('relay-message', { room, data: 'from the grave' });
      peer.emit('relay-message', { room, to: heir.id, data: 'from the grave' });
      peer.emit('room-create-request', { room: `${room} of the dead` });
    }
    const isRefused = { room, to: old[0], data: 'to the dead' };
    assertRefused(await heir.ask('relay-message', isRefused), 'peer-not-in-room');

    second.program.signal('SIGCONT');
    await back();
    for (const reason of left) {
      assert.doesNotMatch(reason, /^io /, 'a reason for which clients reconnect by themselves');
    }
    for (const peer of [owner, other]) {
      assert.ok(!peer.socket.recovered && !old.includes(peer.id), 'a new peer');
      await peer.authenticate();
      assertRefused(await peer.ask('room-info-request', { room }), 'not-in-room');
      const named = { room, peer_id: waiting.id };
      assertRefused(await peer.ask('room-join-accept', named), 'not-owner');
    }
    await createRoom(last, `${room} of the dead`);
    await relay(heir, last, room);
    await relay(last, heir, room);
    const unheard = ['message', 'room-update', 'room-user-join', 'room-kick', 'room-owner-change'];
    for (const member of [heir, last]) await member.expectNone(...unheard, 'room-user-leave');
    await waiting.expectNone('room-join-accept', 'room-join-reject');
    await assertRoom(room, { owners: [heir], peers: [heir, last] });

    await admit(heir, owner, room, [heir, last]);
    await relay(owner, last, room);
    await relay(heir, owner, room);
    await bystanders.heardNothing();
  });

  it('past its lease does not take back a room that others have made since', async (t) => {
    const cluster = await clusterFor(t, { lease });
    const [first, second] = cluster.nodes;
    const [owner, member] = await second.peers(2, reconnecting);
    const [maker, witness] = await first.peers(2);
    const room = await meeting(owner, member);
    const back = lookOutFor(owner, member);
    second.program.signal('SIGSTOP');
    await eventually(
      async () => (await maker.ask('room-create-request', { room })).ok,
      'the name is free',
    );
    await admit(maker, witness, room);
    second.program.signal('SIGCONT');
    await back();
    for (const peer of [owner, member]) {
      await peer.authenticate();
      assertRefused(await peer.ask('room-create-request', { room }), 'room-taken');
      assertRefused(await peer.ask('room-info-request', { room }), 'not-in-room');
    }
    await relay(maker, witness, room);
    const unheard = ['room-user-leave', 'room-user-join', 'room-owner-change', 'room-kick'];
    for (const peer of [maker, witness]) await peer.expectNone(...unheard);
    await assertRoom(room, { owners: [maker], peers: [maker, witness] });
  });

  it('past its lease serves new peers as if it had just started', async (t) => {
    const cluster = await clusterFor(t, { lease });
    const [first, second] = cluster.nodes;
    for (let round = 0; round < 2; round += 1) {
      const [owner, guest] = [await first.peer(), await second.peer()];
      const room = await meeting(owner, guest);
      const { id } = guest;
      second.program.signal('SIGSTOP');
      await haveHeardOfLeaving([owner], room, [id]);
      second.program.signal('SIGCONT');
      await within(guest.disconnected, 'disconnect');
      const again = await signedIn(await second.connect());
      await admit(owner, again, room);
      await relay(owner, again, room);
      await relay(again, owner, room);
      assertOk(await again.ask('room-create-request', { room: freshRoom() }));
    }
  });
});
