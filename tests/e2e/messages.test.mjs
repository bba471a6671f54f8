// docs/protocol.md, "Client to server": `relay-message`, for games and chat.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { assertOk, assertRefused, meeting } from '../support/rooms.mjs';
import { useServer } from '../support/server.mjs';

describe('relay-message', () => {
  const server = useServer();

  it('goes to all other members, with the sender’s peerinfo', async () => {
    const [first, second, third, stranger] = await server.peers(4);
    const room = await meeting(first, second, third);
    await second.authenticate({ peerinfo: { name: 'Ben' } });
    const data = { cursor: [0.25, 0.5], text: 'ünï' };
    assertOk(await second.ask('relay-message', { room, data, payload: 1 }));
    for (const peer of [first, third]) {
      assert.deepEqual(await peer.next('message'), {
        room,
        peer_id: second.id,
        data,
        peerinfo: { name: 'Ben' },
        payload: 1,
      });
    }
    await second.expectNone('message');
    await stranger.expectNone('message');
  });

  it('goes to one of them', async () => {
    const [first, second, third] = await server.peers(3);
    const room = await meeting(first, second, third);
    assertOk(await first.ask('relay-message', { room, to: third.id, data: null }));
    assert.deepEqual(await third.next('message'), { room, peer_id: first.id, data: null });
    await second.expectNone('message');
  });

  it('may be binary', async () => {
    const [first, second] = await server.peers(2);
    const room = await meeting(first, second);
    assertOk(await first.ask('relay-message', { room, data: { bytes: Buffer.from([1, 2, 255]) } }));
    assert.deepEqual([...(await second.next('message')).data.bytes], [1, 2, 255]);
  });

  it('keeps its order with relays to one peer', async () => {
    const [first, second] = await server.peers(2);
    const room = await meeting(first, second);
    for (let number = 0; number < 50; number += 1) {
      first.emit('relay-message', { room, data: number, ...(number % 2 ? { to: second.id } : {}) });
    }
    for (let number = 0; number < 50; number += 1) {
      assert.equal((await second.next('message')).data, number);
    }
  });

  it('is refused if the sender or the receiver is not in the room', async () => {
    const [first, second, stranger] = await server.peers(3);
    const room = await meeting(first, second);
    assertRefused(await stranger.ask('relay-message', { room, data: 1 }), 'not-in-room');
    assertRefused(
      await stranger.ask('relay-message', { room, to: second.id, data: 1 }),
      'not-in-room',
    );
    assertRefused(
      await first.ask('relay-message', { room, to: stranger.id, data: 1 }),
      'peer-not-in-room',
    );
    assertRefused(await first.ask('relay-message', { room }), 'invalid-arguments');
    assertRefused(await first.ask('relay-message', { data: 1 }), 'invalid-arguments');
    await second.expectNone('message');
    await stranger.expectNone('message');
  });
});
