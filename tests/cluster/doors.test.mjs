// docs/protocol.md, "Client to server": strangers at the door of a room whose owner is on another
// node.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { admit, assertOk, assertRefused, createRoom } from '../support/rooms.mjs';
import { useCluster } from './nodes.mjs';

const from = (address) => ({ extraHeaders: { 'X-Forwarded-For': address } });

describe('the door of a room over two nodes', () => {
  const cluster = useCluster({ size: 2, env: { TRUSTED_PROXIES: '127.0.0.1' } });
  const ownersNode = () => cluster.nodes[0];
  const strangersNode = () => cluster.nodes[1];
  const knock = (candidate, room, payload) => candidate.ask('room-join-request', { room, payload });

  it('has owners asked at once, and then with the last payload', async () => {
    const owner = await ownersNode().peer();
    const candidate = await strangersNode().peer();
    const room = await createRoom(owner);
    for (let i = 0; i < 10; ++i) assertOk(await knock(candidate, room, i));
    assert.equal((await owner.next('room-join-request')).payload, 0);
    assert.equal((await owner.next('room-join-request')).payload, 9);
    await owner.expectNone('room-join-request');
  });

  it('asks a new owner about all candidates that wait', async () => {
    const [owner, heir] = [await ownersNode().peer(), await ownersNode().peer()];
    const room = await createRoom(owner);
    await admit(owner, heir, room);
    const candidates = [];
    for (let i = 0; i < 20; ++i)
      candidates.push(await strangersNode().peer(from(`203.0.113.${i}`)));
    for (const candidate of candidates) assertOk(await knock(candidate, room));
    owner.disconnect();
    await heir.next('room-owner-change');
    const told = [];
    while (told.length < candidates.length)
      told.push((await heir.next('room-join-request')).peer_id);
    assert.deepEqual(told.sort(), candidates.map(({ id }) => id).sort());
    await heir.expectNone('room-join-request');
  });

  it('has eight of one address wait', async () => {
    const room = await createRoom(await ownersNode().peer());
    for (let i = 0; i < 8; ++i) {
      assertOk(await knock(await strangersNode().peer(from('203.0.113.50')), room));
    }
    const ninth = await strangersNode().peer(from('203.0.113.50'));
    assertRefused(await knock(ninth, room), 'too-many-requests');
  });

  it('tells owners of wrong passwords, and makes those who guess wait', async () => {
    const owner = await ownersNode().peer();
    const room = await createRoom(owner);
    const settings = { room, admission: 'password', password: 'open sesame' };
    assertOk(await owner.ask('room-update-request', settings));
    const guess = async (word) => {
      const stranger = await strangersNode().peer(from('203.0.113.60'));
      return stranger.ask('room-join-request', { room, password: word });
    };
    for (let i = 0; i < 10; ++i) assertRefused(await guess('wrong'), 'wrong-password');
    assertRefused(await guess('open sesame'), 'rate-limited');
    let failures = 0;
    while (failures < 10) failures += (await owner.next('room-password-failures')).failures;
    assert.equal(failures, 10);
    const friend = await strangersNode().peer(from('203.0.113.61'));
    assertOk(await friend.ask('room-join-request', { room, password: 'open sesame' }));
  });
});
