// docs/protocol.md, "Server to client": binary attachments work as in Socket.IO.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { assertOk, meeting } from '../support/rooms.mjs';
import { rawPair } from '../support/socketio.mjs';
import { useServer } from '../support/server.mjs';

const hole = (num) => ({ _placeholder: true, num });

describe('binary in an event', () => {
  const server = useServer();

  for (const transports of [['websocket'], ['polling']]) {
    it(`${transports}: passes to the target as it came`, async () => {
      const [sender, target] = await server.peers(2, { transports });
      const room = await meeting(sender, target);
      const bytes = Buffer.from([0, 1, 254, 255]);
      const payload = { first: bytes, text: 'between', second: [Buffer.alloc(3000, 7)] };
      assertOk(
        await sender.ask('relay-ice-candidate', {
          room,
          to: target.id,
          ice_candidate: 'x',
          payload,
        }),
      );
      assert.deepEqual((await target.next('ice-candidate')).payload, payload);
    });
  }

  it('keeps the right attachment with each value when some are left behind', async () => {
    const { owner, guest, room } = await rawPair(server);
    const fields = {
      auth: owner.auth,
      room,
      to: guest.id,
      unheard_of: hole(0),
      payload: hole(2),
      ice_candidate: hole(1),
    };
    owner.send(`53-${JSON.stringify(['relay-ice-candidate', fields])}`);
    for (const letter of ['a', 'b', 'c']) owner.send(Buffer.from(letter));
    const text = await guest.next();
    const attachments = Number(/^5(\d+)-/.exec(text)?.[1]);
    const [, received] = JSON.parse(text.slice(text.indexOf('[')));
    const bytes = [];
    while (bytes.length < attachments) bytes.push((await guest.next()).toString());
    assert.equal(bytes[received.ice_candidate.num], 'b');
    assert.equal(bytes[received.payload.num], 'c');
    [owner, guest].forEach((client) => client.destroy());
  });

  it('goes on with text events afterwards', async () => {
    const [sender, target] = await server.peers(2);
    const room = await meeting(sender, target);
    for (const ice_candidate of [
      Buffer.from('bytes'),
      'text',
      Buffer.alloc(0),
      { text: 'again' },
    ]) {
      sender.emit('relay-ice-candidate', { room, to: target.id, ice_candidate });
      assert.deepEqual((await target.next('ice-candidate')).ice_candidate, ice_candidate);
    }
  });
});
