// docs/protocol.md: any Socket.IO client from version 3 on holds a whole call, over any transport.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { clients } from '../support/peer.mjs';
import { createRoom } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

const transports = {
  'WebSocket only': ['websocket'],
  'polling only': ['polling'],
  'polling, then upgraded': undefined,
};
const offer = { type: 'offer', sdp: `v=0\r\n${'a=candidate\r\n'.repeat(200)}` };
const answer = { type: 'answer', sdp: 'v=0\r\no=– “κόσμε”\r\n' };

describe('a whole call', () => {
  const server = useServer({ env: { WORKERS: 4 } });

  for (const client of Object.keys(clients)) {
    for (const [over, list] of Object.entries(transports)) {
      const options = { client, transports: list ?? null };
      const named = (name) => server.peer({ ...options, peerinfo: { name } });

      it(`${client}, ${over}: two people and a third, who is refused`, async () => {
        const [owner, guest, third] = await Promise.all(['owner', 'guest', 'third'].map(named));
        const room = await createRoom(owner);
        await admitGuest(owner, guest, room);
        await exchange(owner, guest, room);
        await refuse(owner, third, room);
        guest.disconnect();
        const left = await owner.next('room-user-leave');
        assert.deepEqual([left.room, left.peerinfo], [room, { name: 'guest' }]);
      });

      it(`${client}, ${over}: a refused token is told`, async () => {
        await assert.rejects(
          server.connect({ ...options, token: 'wrong' }),
          /^Error: Token is not valid$/,
        );
      });
    }

    it(`${client}: the default connection is upgraded to a WebSocket while it is used`, async () => {
      const [owner, guest] = await server.peers(2, { client, transports: null });
      const upgraded = [owner, guest].map(({ socket }) => upgrade(socket.io.engine));
      const room = await createRoom(owner);
      await admitGuest(owner, guest, room);
      for (let i = 0; i < 50; i += 1) await exchangeOne(owner, guest, room, i);
      await Promise.all(upgraded);
      for (let i = 0; i < 50; i += 1) await exchangeOne(guest, owner, room, i);
      for (const { socket } of [owner, guest])
        assert.equal(socket.io.engine.transport.name, 'websocket');
    });
  }

  it('between clients of different ages and transports', async () => {
    const owner = await server.peer({ client: 'v3', transports: ['polling'] });
    const guest = await server.peer({ client: 'v4', transports: ['websocket'] });
    const room = await createRoom(owner);
    await admitGuest(owner, guest, room);
    await exchange(owner, guest, room);
  });
});

function upgrade(engine) {
  if (engine.transport.name === 'websocket') return Promise.resolve();
  return new Promise((resolve) => engine.once('upgrade', resolve));
}

async function admitGuest(owner, guest, room) {
  guest.emit('room-join-request', { room, payload: 'may I?' });
  const asked = await owner.next('room-join-request');
  assert.deepEqual([asked.peer_id, asked.payload], [guest.id, 'may I?']);
  owner.emit('room-join-accept', { room, peer_id: guest.id, to: guest.id });
  assert.deepEqual((await guest.next('room-join-accept')).peers, [owner.id]);
  assert.equal((await owner.next('room-user-join')).peer_id, guest.id);
}

async function exchange(owner, guest, room) {
  for (const [from, to, session_description] of [
    [owner, guest, offer],
    [guest, owner, answer],
  ]) {
    from.emit('relay-session-description', {
      room,
      to: to.id,
      peer_id: to.id,
      session_description,
    });
    const received = await to.next('session-description');
    assert.deepEqual(
      [received.peer_id, received.session_description],
      [from.id, session_description],
    );
  }
  for (let i = 0; i < 10; i += 1)
    await exchangeOne(i % 2 ? owner : guest, i % 2 ? guest : owner, room, i);
}

async function exchangeOne(from, to, room, sdpMLineIndex) {
  const ice_candidate = { candidate: 'candidate:1 1 udp', sdpMLineIndex };
  from.emit('relay-ice-candidate', { room, to: to.id, peer_id: to.id, ice_candidate });
  assert.deepEqual((await to.next('ice-candidate')).ice_candidate, ice_candidate);
}

async function refuse(owner, candidate, room) {
  candidate.emit('room-join-request', { room });
  await owner.next('room-join-request');
  owner.emit('room-join-reject', { room, peer_id: candidate.id, to: candidate.id });
  assert.equal(
    (await candidate.next('room-join-reject')).message,
    'Room owner was rejected your request',
  );
}
