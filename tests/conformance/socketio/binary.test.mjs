// Socket.IO 5: BINARY_EVENT and BINARY_ACK, with their attachments in the packets that follow.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { RawSocketIo } from '../../support/socketio.mjs';
import { useProgram } from '../../support/server.mjs';

const hole = (num) => `{"_placeholder":true,"num":${num}}`;
const [first, second] = [Buffer.from([1, 2, 3]), Buffer.from([4, 5, 6])];

describe('Socket.IO binary attachments', () => {
  const program = useProgram('socketio_echo');

  for (const transport of ['connect', 'connectPolling']) {
    const over = transport === 'connect' ? 'WebSocket' : 'polling';
    const connect = async () => {
      const client = await RawSocketIo[transport](program.port);
      assert.equal(await client.next(), '2["auth",{}]');
      return client;
    };

    it(`${over}: carries an event with one attachment`, async () => {
      const client = await connect();
      await client.send(`51-["message",${hole(0)}]`);
      await client.send(first);
      assert.equal(await client.next(), `51-["message-back",${hole(0)}]`);
      assert.deepEqual(await client.next(), first);
      client.destroy();
    });

    it(`${over}: carries an event with two attachments, in order`, async () => {
      const client = await connect();
      await client.send(`52-["message",${hole(0)},${hole(1)}]`);
      await client.send(first);
      await client.send(second);
      assert.equal(await client.next(), `52-["message-back",${hole(0)},${hole(1)}]`);
      assert.deepEqual(await client.next(), first);
      assert.deepEqual(await client.next(), second);
      client.destroy();
    });

    it(`${over}: acknowledges with attachments`, async () => {
      const client = await connect();
      await client.send(`52-789["message-with-ack",${hole(0)},${hole(1)}]`);
      await client.send(first);
      await client.send(second);
      assert.equal(await client.next(), `62-789[${hole(0)},${hole(1)}]`);
      assert.deepEqual(await client.next(), first);
      assert.deepEqual(await client.next(), second);
      client.destroy();
    });
  }

  async function connect() {
    const client = await RawSocketIo.connect(program.port);
    await client.next();
    return client;
  }

  it('finds attachments deep inside the arguments, among text', async () => {
    const client = await connect();
    client.send(`52-["message",{"a":[${hole(0)},{"b":${hole(1)}}]},"text"]`);
    client.send(first);
    client.send(second);
    assert.equal(
      await client.next(),
      `52-["message-back",{"a":[${hole(0)},{"b":${hole(1)}}]},"text"]`,
    );
    assert.deepEqual([await client.next(), await client.next()], [first, second]);
    client.destroy();
  });

  it('carries an empty attachment', async () => {
    const client = await connect();
    client.send(`51-["message",${hole(0)}]`);
    client.send(Buffer.alloc(0));
    assert.equal(await client.next(), `51-["message-back",${hole(0)}]`);
    assert.deepEqual(await client.next(), Buffer.alloc(0));
    client.destroy();
  });

  it('waits for all attachments before it acts', async () => {
    const client = await connect();
    client.send(`52-["message",${hole(0)},${hole(1)}]`);
    client.send(first);
    // Had the event been taken as whole by now, the attachment that follows would be out of place.
    client.send(second);
    assert.match(await client.next(), /^52-\["message-back"/);
    client.destroy();
  });

  it('is ready for the next event after a binary one', async () => {
    const client = await connect();
    client.send(`51-["message",${hole(0)}]`);
    client.send(first);
    client.send('2["message","text"]');
    await client.next();
    assert.deepEqual(await client.next(), first);
    assert.equal(await client.next(), '2["message-back","text"]');
    client.destroy();
  });

  for (const [what, packets] of [
    ['an attachment that nothing announced', [first]],
    ['text where an attachment is due', [`51-["message",${hole(0)}]`, '2["message","text"]']],
    ['one attachment too many', [`51-["message",${hole(0)}]`, first, second]],
    ['no number of attachments', [`5["message",${hole(0)}]`, first]],
    ['a number of attachments without its dash', [`51["message",${hole(0)}]`, first]],
    ['a number of attachments that is none', [`5x-["message",${hole(0)}]`, first]],
    ['a negative number of attachments', [`5-1-["message",${hole(0)}]`, first]],
    ['a placeholder beyond the attachments', [`51-["message",${hole(1)}]`, first]],
    ['a negative placeholder', [`51-["message",${hole(-1)}]`, first]],
    ['a placeholder with a fraction', [`51-["message",${hole(0.5)}]`, first]],
    ['a placeholder that is a text', [`51-["message",${hole('"0"')}]`, first]],
    ['a billion attachments', [`51000000000-["message",${hole(0)}]`, first, second]],
    ['a payload that is no array', ['51-{"a":1}', first]],
  ]) {
    it(`closes the connection upon ${what}`, async () => {
      const client = await connect();
      for (const packet of packets) client.send(packet);
      await client.end();
    });
  }
});
