// docs/protocol.md, "Server to client": a join request that nobody answers ends.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { accept, askToJoin, assertRefused, createRoom } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

describe('a join request that nobody answers', () => {
  const server = useServer({ env: { JOIN_REQUEST_TIMEOUT: 300 } });

  it('is rejected after the timeout, with a message of its own', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    const rejection = await candidate.next('room-join-reject');
    assert.equal(rejection.code, 'join-request-timeout');
    const others = ['', 'Room is not found.', 'Room owner was rejected your request'];
    assert.ok(!others.includes(rejection.message), rejection.message);
  });

  it('is over then: the owner’s answer finds no request', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    await candidate.next('room-join-reject');
    for (const event of ['room-join-accept', 'room-join-reject']) {
      assertRefused(await owner.ask(event, { room, peer_id: candidate.id }), 'no-join-request');
    }
    await candidate.expectNone('room-join-accept', 'room-join-reject');
  });

  it('may be made again', async () => {
    const [owner, candidate] = await server.peers(2);
    const room = await createRoom(owner);
    await askToJoin(candidate, owner, room);
    await candidate.next('room-join-reject');
    await askToJoin(candidate, owner, room);
    await accept(owner, candidate, room);
  });

  it('is not rejected later when it was answered in time', async () => {
    const [owner, accepted, waiting] = await server.peers(3);
    const room = await createRoom(owner);
    await askToJoin(accepted, owner, room);
    await accept(owner, accepted, room);
    // Another request that starts later runs out: by then the accepted one's time is over as well.
    await askToJoin(waiting, owner, room);
    await waiting.next('room-join-reject');
    await accepted.expectNone('room-join-reject');
  });
});
