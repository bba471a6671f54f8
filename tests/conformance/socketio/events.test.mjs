// Socket.IO 5, "Sending and receiving data", "Acknowledgement" and "Packet encoding" without
// attachments.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { RawSocketIo } from '../../support/socketio.mjs';
import { useProgram } from '../../support/server.mjs';

const payloads = {
  'no argument': '',
  'a number': ',1',
  'several arguments': ',1,"2",{"3":[true]}',
  'null, true and false': ',null,true,false',
  'nested values': ',{"a":[{"b":{"c":[]}}]}',
  'an empty string': ',""',
  'letters beyond ASCII': ',"κόσμε 😀"',
  escapes: ',"\\"\\\\\\n\\u0000"',
  'a text full of brackets': ',"]}[{,42"',
  'an empty object and array': ',{},[]',
};

describe('Socket.IO events', () => {
  const program = useProgram('socketio_echo');

  async function connect(transport = 'connect') {
    const client = await RawSocketIo[transport](program.port);
    assert.equal(await client.next(), '2["auth",{}]');
    return client;
  }

  for (const [what, payload] of Object.entries(payloads)) {
    it(`carries ${what}`, async () => {
      const client = await connect();
      client.send(`2["message"${payload}]`);
      assert.equal(await client.next(), `2["message-back"${payload}]`);
      client.destroy();
    });

    it(`acknowledges ${what}`, async () => {
      const client = await connect();
      client.send(`2456["message-with-ack"${payload}]`);
      assert.equal(await client.next(), `3456[${payload.slice(1)}]`);
      client.destroy();
    });
  }

  it('carries events over polling', async () => {
    const client = await connect('connectPolling');
    await client.send('2["message",1,"2",{"3":[true]}]');
    assert.equal(await client.next(), '2["message-back",1,"2",{"3":[true]}]');
    await client.send('27["message-with-ack","x"]');
    assert.equal(await client.next(), '37["x"]');
  });

  for (const id of ['0', '1', '12', '999999', '4294967296', '9007199254740991']) {
    it(`answers with the acknowledgement id ${id}`, async () => {
      const client = await connect();
      client.send(`2${id}["message-with-ack","x"]`);
      assert.equal(await client.next(), `3${id}["x"]`);
      client.destroy();
    });
  }

  it('answers each of many events with its own id, in order', async () => {
    const client = await connect();
    for (let id = 0; id < 200; id += 1) client.send(`2${id}["message-with-ack",${id}]`);
    for (let id = 0; id < 200; id += 1) assert.equal(await client.next(), `3${id}[${id}]`);
    client.destroy();
  });

  it('keeps the order of events and acknowledgements', async () => {
    const client = await connect();
    client.send('2["message","first"]');
    client.send('21["message-with-ack","second"]');
    client.send('2["message","third"]');
    assert.equal(await client.next(), '2["message-back","first"]');
    assert.equal(await client.next(), '31["second"]');
    assert.equal(await client.next(), '2["message-back","third"]');
    client.destroy();
  });

  it('reads the name of the main namespace when it is written out', async () => {
    const client = await connect();
    client.send('2/,["message","here"]');
    assert.equal(await client.next(), '2["message-back","here"]');
    client.destroy();
  });

  it('says nothing to an event that nobody handles', async () => {
    const client = await connect();
    client.send('2["unheard-of",1]');
    client.send('2["message","after"]');
    assert.equal(await client.next(), '2["message-back","after"]');
    client.destroy();
  });

  it('reads an event name that is written with escapes', async () => {
    const client = await connect();
    client.send('2["\\u006dessage","x"]');
    assert.equal(await client.next(), '2["message-back","x"]');
    client.destroy();
  });

  it('reads JSON with white space', async () => {
    const client = await connect();
    client.send('2[ "message" , { "a" : 1 } ]');
    const answer = await client.next();
    assert.deepEqual(JSON.parse(answer.slice(1)), ['message-back', { a: 1 }]);
    client.destroy();
  });

  it('carries an event of hundreds of kilobytes', async () => {
    const client = await connect();
    const text = JSON.stringify('long '.repeat(100_000));
    client.send(`2["message",${text}]`);
    assert.equal(await client.next(), `2["message-back",${text}]`);
    client.destroy();
  });

  it('ignores an acknowledgement that nobody asked for', async () => {
    const client = await connect();
    client.send('399["who asked?"]');
    client.send('2["message","after"]');
    assert.equal(await client.next(), '2["message-back","after"]');
    client.destroy();
  });
});
