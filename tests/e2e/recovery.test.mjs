// docs/protocol.md, "When a connection breaks": clients that know connection state recovery, and
// clients that do not.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { eventually, within } from '../support/patience.mjs';
import { closing } from '../support/raw_websocket.mjs';
import { authenticate, rawMember, RawSocketIo } from '../support/socketio.mjs';
import {
  admit,
  assertOk,
  assertRefused,
  askToJoin,
  createRoom,
  meeting,
} from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';
import { decode } from '../support/tokens.mjs';
import { wireTo } from '../support/wire.mjs';
import { unlimited } from '../support/settings.mjs';

const reconnecting = { reconnection: true, reconnectionDelay: 10, reconnectionDelayMax: 50 };

/** A peer that has come to the server by a wire of its own and reconnects by itself. */
async function wired(t, server, options = {}) {
  const wire = await wireTo(t, server);
  const peer = await server.peer({ url: wire.url, recovery: true, ...reconnecting, ...options });
  return { wire, peer, id: peer.id };
}

/** A room: its owner, and such a peer as another member. */
async function meetByWire(t, server, options) {
  const owner = await server.peer();
  const member = await wired(t, server, options);
  return { owner, ...member, room: await meeting(owner, member.peer) };
}

const connected = (peer) =>
  within(new Promise((resolve) => peer.socket.once('connect', resolve)), 'connect');

describe('a client whose connection is cut', () => {
  const server = useServer({ env: unlimited });

  for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
    it(`comes back as the same peer and has missed nothing (${transports.join(', ')})`, async (t) => {
      const { owner, peer, id, wire, room } = await meetByWire(t, server, { transports });
      const witness = await server.peer();
      await admit(owner, witness, room, [owner, peer]);
      const back = connected(peer);
      wire.cut();
      for (let number = 0; number < 20; number += 1) {
        assertOk(await owner.ask('relay-message', { room, to: id, data: number }));
      }
      wire.mend();
      await back;
      assert.equal(peer.socket.recovered, true);
      assert.equal(peer.id, id);
      for (let number = 0; number < 20; number += 1) {
        assert.equal((await peer.next('message')).data, number);
      }
      await peer.expectNone('message');
      assertOk(await peer.ask('relay-message', { room, to: owner.id, data: 'back' }));
      assert.equal((await owner.next('message')).peer_id, id);
      await witness.expectNone('room-user-leave', 'room-user-join', 'room-owner-change');
    });
  }

  it('gets each event once and in order, however often it is cut while they flow', async (t) => {
    const { owner, peer, wire, room } = await meetByWire(t, server);
    const total = 600;
    for (let number = 0; number < total; number += 1) {
      owner.emit('relay-message', { room, to: peer.id, data: { number, fill: 'x'.repeat(500) } });
      if (number % 100 === 50) {
        const back = connected(peer);
        wire.drop();
        for (let more = 0; more < 5; more += 1) {
          owner.emit('relay-message', { room, to: peer.id, data: { number: `${number}+${more}` } });
        }
        await back;
        assert.equal(peer.socket.recovered, true);
      }
    }
    for (let number = 0; number < total; number += 1) {
      assert.equal((await peer.next('message')).data.number, number);
      if (number % 100 !== 50) continue;
      for (let more = 0; more < 5; more += 1) {
        assert.equal((await peer.next('message')).data.number, `${number}+${more}`);
      }
    }
    await peer.expectNone('message');
  });

  it('may come back to any worker, and from there again', async (t) => {
    const { owner, peer, id, wire, room } = await meetByWire(t, server);
    // Which worker gets a connection is the kernel's choice: a dozen reach both.
    for (let round = 0; round < 12; round += 1) {
      const back = connected(peer);
      wire.drop();
      owner.emit('relay-message', { room, to: id, data: round });
      await back;
      assert.equal(peer.id, id);
      assert.equal((await peer.next('message')).data, round);
      assertOk(await peer.ask('relay-message', { room, to: owner.id, data: round }));
      assert.equal((await owner.next('message')).data, round);
    }
  });

  it('comes back before the server has noticed that it was gone', async (t) => {
    const { owner, peer, id, wire, room } = await meetByWire(t, server);
    const back = connected(peer);
    wire.dropNearSide();
    assertOk(await owner.ask('relay-message', { room, to: id, data: 1 }));
    await back;
    assert.deepEqual([peer.socket.recovered, peer.id], [true, id]);
    assert.equal((await peer.next('message')).data, 1);
  });

  it('gets a new session token, and its buffered events count by the old one', async (t) => {
    const { owner, peer, wire, room } = await meetByWire(t, server);
    const old = peer.sessionToken;
    // Tokens tell seconds.
    await eventually(() => Date.now() / 1000 > decode(old).claims.exp - 86_400 + 1, 'a second');
    const back = connected(peer);
    wire.cut();
    await within(peer.disconnected, 'the end of the connection');
    peer.emit('relay-message', { room, to: owner.id, data: 'buffered' });
    wire.mend();
    await back;
    assert.equal((await owner.next('message')).data, 'buffered');
    const { token } = await peer.next('auth-accept');
    assert.notEqual(token, old);
    assertOk(await peer.ask('relay-message', { auth: token, room, to: owner.id, data: 'new' }));
    assert.equal((await owner.next('message')).data, 'new');
    assert.deepEqual(decode(token).claims.socket, peer.id);
  });

  it('is a new peer if it comes with a token of another app', async (t) => {
    const { owner, peer, id, wire } = await meetByWire(t, server);
    const { token } = peer.socket.auth;
    const another = await server.appToken('another');
    for (const [appToken, recovered] of [
      [token, true],
      [another, false],
    ]) {
      peer.socket.auth = { token: appToken, recovery: true };
      const back = connected(peer);
      wire.drop();
      await back;
      assert.deepEqual([peer.socket.recovered, peer.id === id], [recovered, recovered]);
    }
    await owner.expectNone('room-user-leave');
  });

  it('ends the connection that it had before, wherever that is, and says why', async () => {
    const owner = await server.peer();
    let member = await rawMember(server, owner, await createRoom(owner), { recovery: true });
    const { id, pid } = member;
    const token = await server.appToken();
    // Which worker gets a connection is the kernel's choice: a dozen reach both.
    for (let round = 0; round < 12; round += 1) {
      const auth = { token, recovery: true, pid, offset: member.offset };
      const again = await RawSocketIo.connect(server.port, { auth });
      assert.deepEqual([again.id, again.pid], [id, pid]);
      assert.deepEqual(await closing(member.transport.socket), {
        code: 1000,
        reason: 'resumed over another connection',
      });
      await again.nextEvent('auth-accept');
      member = again;
    }
    await owner.expectNone('room-user-leave');
    member.destroy();
  });

  it('is still an owner, and hears of candidates', async (t) => {
    const { peer: owner, wire } = await wired(t, server);
    const [member, candidate] = await server.peers(2);
    const room = await meeting(owner, member);
    const back = connected(owner);
    wire.cut();
    assertOk(await candidate.ask('room-join-request', { room }));
    wire.mend();
    await back;
    assert.equal((await owner.next('room-join-request')).peer_id, candidate.id);
    assertOk(await owner.ask('room-join-accept', { room, peer_id: candidate.id }));
    await candidate.next('room-join-accept');
    await member.expectNone('room-owner-change');
  });

  it('keeps its request to join', async (t) => {
    const owner = await server.peer();
    const { peer: candidate, wire } = await wired(t, server);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    const back = connected(candidate);
    wire.cut();
    assertOk(await owner.ask('room-join-accept', { room, peer_id: candidate.id }));
    wire.mend();
    await back;
    assert.deepEqual((await candidate.next('room-join-accept')).peers, [owner.id]);
  });

  it('gets attachments that it missed', async (t) => {
    const { owner, peer, wire, room } = await meetByWire(t, server);
    const back = connected(peer);
    wire.cut();
    assertOk(await owner.ask('relay-message', { room, data: Buffer.from([1, 2, 3]) }));
    wire.mend();
    await back;
    assert.deepEqual([...(await peer.next('message')).data], [1, 2, 3]);
  });

  it('without recovery becomes a new peer', async (t) => {
    const { peer, id, wire } = await wired(t, server, { client: 'v3' });
    const back = connected(peer);
    wire.drop();
    await back;
    assert.notEqual(peer.id, id);
    await peer.authenticate();
  });

  it('cannot be impersonated with the things that others know of it', async (t) => {
    const { peer } = await meetByWire(t, server);
    const token = await server.appToken();
    for (const pid of [peer.id, `${peer.id}${'A'.repeat(22)}`, '', 7, null]) {
      const auth = { token, recovery: true, pid, offset: '' };
      const thief = await RawSocketIo.connect(server.port, { auth });
      assert.notEqual(thief.id, peer.id);
      thief.destroy();
    }
    assert.equal(peer.socket.connected, true);
  });
});

describe('a client that does not come back', () => {
  const server = useServer({ env: { RECOVERY_WINDOW: 400 } });

  it('has left when the window is over, and then is somebody else', async (t) => {
    const { owner, peer, id, wire, room } = await meetByWire(t, server);
    const back = connected(peer);
    wire.cut();
    assert.deepEqual(await owner.next('room-user-leave'), { room, peer_id: id });
    wire.mend();
    await back;
    assert.equal(peer.socket.recovered, false);
    assert.notEqual(peer.id, id);
    await peer.authenticate();
    await admit(owner, peer, room);
  });

  it('passes its rooms on then', async (t) => {
    const { peer: owner, wire } = await wired(t, server);
    const heir = await server.peer();
    const room = await meeting(owner, heir);
    wire.cut();
    assert.deepEqual(await heir.next('room-owner-change'), { room, peer_id: heir.id });
    wire.mend();
  });
});

describe('a client that ends its connection', () => {
  const server = useServer({ env: { RECOVERY_WINDOW: 3_600_000 } });

  const memberByHand = (owner, room) => rawMember(server, owner, room, { recovery: true });

  for (const code of [1000, 1001]) {
    it(`has left at once if the WebSocket closes with ${code}`, async () => {
      const owner = await server.peer();
      const member = await memberByHand(owner, await createRoom(owner));
      member.transport.socket.sendClose(code);
      assert.equal((await owner.next('room-user-leave')).peer_id, member.id);
    });
  }

  it('has left at once by disconnect()', async () => {
    const [owner, peer] = [await server.peer(), await server.peer({ recovery: true })];
    const room = await meeting(owner, peer);
    const left = { room, peer_id: peer.id };
    peer.disconnect();
    assert.deepEqual(await owner.next('room-user-leave'), left);
  });

  // The JavaScript client does both when its heartbeat or its network fails.
  for (const [way, end] of [
    ['an Engine.IO close', ({ transport }) => transport.send('1')],
    ['a close frame without a code', ({ transport }) => transport.socket.sendClose()],
  ]) {
    it(`may return after ${way}`, async () => {
      const owner = await server.peer();
      const room = await createRoom(owner);
      const member = await memberByHand(owner, room);
      end(member);
      await member.transport.socket.end();
      assertOk(await owner.ask('relay-message', { room, to: member.id, data: 'meanwhile' }));
      const { pid, offset } = member;
      const auth = { token: await server.appToken(), recovery: true, pid, offset };
      const back = await RawSocketIo.connect(server.port, { auth });
      assert.deepEqual([back.id, back.pid], [member.id, member.pid]);
      assert.match(await back.nextEvent('message'), /meanwhile/);
      await owner.expectNone('room-user-leave');
      back.destroy();
    });
  }
});

describe('a client that has not asked for recovery', () => {
  const server = useServer();

  it('gets no pid, and events with one argument', async () => {
    const token = await server.appToken();
    for (const recovery of [undefined, false, 1, 'true', null, {}]) {
      const client = await RawSocketIo.connect(server.port, { auth: { token, recovery } });
      await authenticate(client, token);
      assert.deepEqual([client.pid, client.offset], [undefined, undefined]);
      client.destroy();
    }
  });

  it('has left at once when its connection breaks, and its return is a new peer', async (t) => {
    const { owner, peer, id, wire, room } = await meetByWire(t, server, { recovery: false });
    const own = await createRoom(peer);
    const back = connected(peer);
    wire.drop();
    assert.deepEqual(await owner.next('room-user-leave'), { room, peer_id: id });
    assertRefused(await owner.ask('relay-message', { room, to: id, data: 1 }), 'peer-not-in-room');
    await back;
    assert.ok(!peer.socket.recovered);
    await peer.authenticate();
    assertOk(await peer.ask('room-create-request', { room: own }));
    await admit(owner, peer, room);
  });

  it('is a new peer even if it brings the pid of one that may return', async () => {
    const token = await server.appToken();
    const lost = await RawSocketIo.connect(server.port, { auth: { token, recovery: true } });
    await authenticate(lost, token);
    lost.destroy();
    const auth = { token, pid: lost.pid, offset: lost.offset };
    const other = await RawSocketIo.connect(server.port, { auth });
    assert.notEqual(other.id, lost.id);
    assert.equal(other.pid, undefined);
    other.destroy();
  });
});

describe('a server without recovery', () => {
  const server = useServer({ env: { RECOVERY_WINDOW: 0 } });

  it('awaits nobody', async (t) => {
    const { owner, peer, id, wire, room } = await meetByWire(t, server);
    const back = connected(peer);
    wire.drop();
    assert.deepEqual(await owner.next('room-user-leave'), { room, peer_id: id });
    await back;
    assert.ok(!peer.socket.recovered);
  });
});

describe('the events that are kept for a client', () => {
  const server = useServer({
    env: { RECOVERY_PEER_BYTES: 5_000, MAX_DESCRIPTION_BYTES: 4_000, ...unlimited },
  });

  it('are bounded: a client that misses more has left', async (t) => {
    const { owner, peer, id, wire, room } = await meetByWire(t, server);
    const back = connected(peer);
    wire.cut();
    const data = 'x'.repeat(1_000);
    // As many as it takes the server to notice that the connection is gone, and some more.
    while ((await owner.ask('relay-message', { room, to: id, data })).ok);
    assert.deepEqual(await owner.next('room-user-leave'), { room, peer_id: id });
    wire.mend();
    await back;
    assert.equal(peer.socket.recovered, false);
  });
});
