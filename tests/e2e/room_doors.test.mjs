// Strangers at the door of a room: how many wait there, how often owners are asked, and how often a
// password may be guessed.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { useServer } from '../support/server.mjs';
import { askToJoin, assertOk, assertRefused, createRoom, freshRoom } from '../support/rooms.mjs';

const from = (address) => ({ extraHeaders: { 'X-Forwarded-For': address } });

describe('the door of a room', () => {
  const server = useServer({ env: { TRUSTED_PROXIES: '127.0.0.1', MAX_PENDING_REQUESTS: '10' } });
  const knock = (candidate, room, fields = {}) =>
    candidate.ask('room-join-request', { room, ...fields });

  it('has eight of one address wait, and others beside them', async () => {
    const owner = await server.peer();
    const room = await createRoom(owner);
    for (let i = 0; i < 8; ++i) assertOk(await knock(await server.peer(from('203.0.113.1')), room));
    const ninth = await server.peer(from('203.0.113.1'));
    assertRefused(await knock(ninth, room), 'too-many-requests');
    assert.equal(
      (await ninth.next('room-join-reject')).message,
      'Too many peers are asking to enter this room',
    );
    assertOk(await knock(await server.peer(from('203.0.113.2')), room));
  });

  it('drops the oldest request of the address that has most, if too many wait', async () => {
    const owner = await server.peer();
    const room = await createRoom(owner);
    const crowd = [];
    for (let i = 0; i < 6; ++i) crowd.push(await server.peer(from('203.0.113.1')));
    const others = [];
    for (let i = 2; i < 7; ++i) others.push(await server.peer(from(`203.0.113.${i}`)));
    for (const candidate of [...crowd, ...others]) await askToJoin(candidate, owner, room);
    const rejection = await crowd[0].next('room-join-reject');
    assert.deepEqual([rejection.room, rejection.peer_id], [room, crowd[0].id]);
    assert.equal((await owner.next('room-join-cancel')).peer_id, crowd[0].id);
    await crowd[1].expectNone('room-join-reject');
  });

  it('takes payloads of 4 KiB', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await createRoom(owner);
    assertOk(await knock(candidate, room, { payload: 'x'.repeat(4_094) }));
    assertRefused(await knock(candidate, room, { payload: 'x'.repeat(4_095) }), 'event-too-large');
  });

  it('has owners asked at once, and then with the last payload', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await createRoom(owner);
    for (let i = 0; i < 20; ++i) assertOk(await knock(candidate, room, { payload: i }));
    assert.equal((await owner.next('room-join-request')).payload, 0);
    assert.equal((await owner.next('room-join-request')).payload, 19);
    await owner.expectNone('room-join-request');
  });

  it('holds up an address whose peers knock and vanish, and no other', async () => {
    const owner = await server.peer();
    const room = await createRoom(owner);
    const come = async (address) => {
      const candidate = await server.peer(from(address));
      const answer = await knock(candidate, room);
      candidate.disconnect();
      return answer;
    };
    let answer = await come('203.0.113.9');
    for (let i = 0; i < 40 && answer.ok; ++i) answer = await come('203.0.113.9');
    assertRefused(answer, 'rate-limited');
    assert.ok(answer.error.retry_after_ms >= 1);
    assertOk(await come('203.0.113.10'));
  });
});

describe('the password of a room', () => {
  const server = useServer({ env: { TRUSTED_PROXIES: '127.0.0.1' } });

  async function lockedRoom() {
    const owner = await server.peer();
    const room = await createRoom(owner, freshRoom());
    const settings = { room, admission: 'password', password: 'open sesame' };
    assertOk(await owner.ask('room-update-request', settings));
    return { owner, room };
  }
  const enter = (peer, room, password) => peer.ask('room-join-request', { room, password });
  const wrong = async (address, room) => enter(await server.peer(from(address)), room, 'wrong');

  it('cannot be guessed by fresh peers of one address, and others enter', async () => {
    const { room } = await lockedRoom();
    for (let i = 0; i < 10; ++i) assertRefused(await wrong('203.0.113.1', room), 'wrong-password');
    const fresh = await server.peer(from('203.0.113.1'));
    const answer = await enter(fresh, room, 'open sesame');
    assertRefused(answer, 'rate-limited');
    assert.ok(answer.error.retry_after_ms >= 1);
    await fresh.next('room-join-reject');
    assertOk(await enter(await server.peer(from('203.0.113.2')), room, 'open sesame'));
  });

  it('cannot be guessed from many addresses either, and a client that has not failed enters', async () => {
    const { room } = await lockedRoom();
    for (let i = 0; i < 25; ++i)
      assertRefused(await wrong(`198.51.100.${i}`, room), 'wrong-password');
    assertRefused(await wrong('198.51.100.3', room), 'rate-limited');
    assertOk(await enter(await server.peer(from('203.0.113.99')), room, 'open sesame'));
  });

  it('is guessed under the eyes of the owners', async () => {
    const { owner, room } = await lockedRoom();
    for (let i = 0; i < 5; ++i) await wrong(`192.0.2.${i}`, room);
    let failures = 0;
    const told = [];
    while (failures < 5) {
      told.push(await owner.next('room-password-failures'));
      failures += told.at(-1).failures;
    }
    assert.deepEqual([failures, told.length <= 2, told[0].room], [5, true, room]);
  });

  it('is logged with the address that guesses', async () => {
    const { room } = await lockedRoom();
    await wrong('192.0.2.200', room);
    const line = await server.program.line(
      (text) =>
        text.includes('failed attempts') && text.includes('192.0.2.200') ? text : undefined,
      'log line "failed attempts"',
    );
    assert.equal(JSON.parse(line).attempt, 'room password');
  });
});
