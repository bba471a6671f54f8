// Socket.IO 5: a packet of the wrong form closes the connection that it came on, and no other.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { RawSocketIo } from '../../support/socketio.mjs';
import { useProgram } from '../../support/server.mjs';

const malformed = {
  'an unknown packet type': 'abc',
  'the packet type 7': '7["message"]',
  'no packet type': '',
  'an event without a payload': '2',
  'an event with an object': '2{}',
  'an event with an empty array': '2[]',
  'an event with a text': '2"message"',
  'an event with a number': '2 5',
  'an event with null': '2null',
  'an event with an array that does not end': '2["message"',
  'an event with something after its array': '2["message"]x',
  'an event with two arrays': '2["message"]["message"]',
  'an event with a trailing comma': '2["message",]',
  'an event with single quotes': "2['message']",
  'an event with a number that is none': '2["message",01]',
  'an event with a bare word': '2["message",undefined]',
  'an event with a control character in a text': '2["message","\u0001"]',
  'an event with an escape that is none': '2["message","\\x41"]',
  'an event named by an object': '2[{}]',
  'an event named by null': '2[null]',
  'an acknowledgement id that is none': '2abc["message-with-ack",1]',
  'a negative acknowledgement id': '2-1["message-with-ack",1]',
  'an acknowledgement id with a fraction': '21.5["message-with-ack",1]',
  'an acknowledgement id of fifty digits': `2${'9'.repeat(50)}["message-with-ack",1]`,
  'an acknowledgement without a payload': '31',
  'an acknowledgement with an object': '31{}',
  'a disconnect with a payload': '1{"a":1}',
  'an event before its namespace ends': '2/custom',
};

describe('Socket.IO packets of the wrong form', () => {
  const program = useProgram('socketio_echo');

  async function connect(transport = 'connect') {
    const client = await RawSocketIo[transport](program.port);
    await client.next();
    return client;
  }

  for (const [what, packet] of Object.entries(malformed)) {
    it(`closes the connection upon ${what}`, async () => {
      const client = await connect();
      client.send(packet);
      await client.end();
    });
  }

  it('closes a polling session likewise', async () => {
    const client = await connect('connectPolling');
    await client.transport.session.post('42{}');
    await client.end();
  });

  it('leaves every other connection alone', async () => {
    const other = await connect();
    for (const packet of Object.values(malformed)) {
      const client = await connect();
      client.send(packet);
      other.send(`2["message",${JSON.stringify(packet)}]`);
      assert.equal(await other.next(), `2["message-back",${JSON.stringify(packet)}]`);
      await client.end();
    }
    other.destroy();
  });

  it('acts on nothing that follows the malformed packet', async () => {
    const client = await connect();
    client.transport.socket.socket.cork();
    client.send('2{}');
    client.send('2["message","never"]');
    client.transport.socket.socket.uncork();
    assert.deepEqual(await client.end(), []);
  });
});
