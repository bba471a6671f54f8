// Engine.IO 4, "HTTP long-polling": GET receives, POST sends, one of each at a time.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { HttpConnection } from '../../support/http.mjs';
import { PollingSession, separator } from '../../support/engineio.mjs';
import { useProgram } from '../../support/server.mjs';

describe('Engine.IO over HTTP long-polling', () => {
  const program = useProgram('engineio_echo');
  const open = () => PollingSession.open(program.port, '/engine.io/');

  it('answers "ok" to a POST that it took', async () => {
    const session = await open();
    const answer = await session.post('4hello');
    assert.deepEqual([answer.status, answer.body], [200, 'ok']);
  });

  it('takes a POST without a content type', async () => {
    const session = await open();
    assert.equal((await session.post('4hello', {})).status, 200);
    assert.deepEqual(await session.packets(), ['4hello']);
  });

  it('holds a GET back until there is something to say', async () => {
    const session = await open();
    const poll = session.packets();
    await session.send('4late');
    assert.deepEqual(await poll, ['4late']);
  });

  it('answers a GET at once with what was waiting', async () => {
    const session = await open();
    await session.send('4one');
    await session.send('4two');
    assert.deepEqual(await session.packets(), ['4one', '4two']);
  });

  it('takes a POST while a GET is held', async () => {
    const session = await open();
    for (let i = 0; i < 10; i += 1) {
      const poll = session.packets();
      await session.send(`4turn ${i}`);
      assert.deepEqual(await poll, [`4turn ${i}`]);
    }
  });

  it('serves a whole session on one kept-alive connection', async () => {
    const connection = await HttpConnection.open(program.port);
    connection.send({ path: '/engine.io/?EIO=4&transport=polling' });
    const { sid } = JSON.parse((await connection.response()).body.slice(1));
    const path = `/engine.io/?EIO=4&transport=polling&sid=${sid}`;
    for (let i = 0; i < 3; i += 1) {
      connection.send({ method: 'POST', path, body: `4${i}` });
      assert.equal((await connection.response()).body, 'ok');
      connection.send({ path });
      assert.match((await connection.response()).body, new RegExp(`4${i}`));
    }
    connection.destroy();
  });

  for (const method of ['GET', 'POST']) {
    it(`answers 400 to a ${method} of an unknown session`, async () => {
      const session = await open();
      session.sid = 'A'.repeat(session.sid.length);
      const answer = await (method === 'GET' ? session.poll() : session.post('4hello'));
      assert.equal(answer.status, 400);
    });
  }

  it('closes the session when a second GET comes while the first is held', async () => {
    const session = await open();
    const held = await HttpConnection.open(program.port);
    held.send({ path: session.path });
    // The pings of the heartbeat end a GET too, so the held one is renewed until the two overlap.
    const second = await overlap(held, session);
    assert.equal(second.status, 400);
    assert.ok(await session.isClosed());
    held.destroy();
  });

  it('closes the session when a second POST comes before the first is whole', async () => {
    const session = await open();
    const slow = await HttpConnection.open(program.port);
    slow.send({
      method: 'POST',
      path: session.path,
      headers: { 'Content-Length': '6' },
      body: '4he',
    });
    await firstBytesRead(program.port);
    assert.equal((await session.post('4other')).status, 400);
    assert.ok(await session.isClosed());
    slow.destroy();
  });

  for (const [what, body] of [
    ['an unknown packet type', 'abc'],
    ['the type 7', '7'],
    ['nothing', ''],
    ['an empty packet between two', `4a${separator}${separator}4b`],
    ['a trailing separator', `4a${separator}`],
    ['a second open packet', '0{}'],
    ['base64 that is none', 'b!!!!'],
    ['base64 of a wrong length', 'bAQIDB'],
    ['bytes that are no UTF-8', Buffer.from([0x34, 0xc0, 0xaf])],
  ]) {
    it(`closes the session upon ${what}`, async () => {
      const session = await open();
      assert.equal((await session.post(body)).status, 400);
      assert.ok(await session.isClosed());
    });
  }

  it('ends a held GET when a malformed payload closes the session', async () => {
    const session = await open();
    const poll = session.poll();
    await session.post('abc');
    const answer = await poll.catch(() => ({ status: 'closed' }));
    assert.ok([200, 400, 'closed'].includes(answer.status));
    assert.ok(await session.isClosed());
  });

  it('leaves other sessions alone when it closes one', async () => {
    const [broken, sound] = [await open(), await open()];
    await broken.post('abc');
    await sound.send('4still here');
    assert.deepEqual(await sound.packets(), ['4still here']);
  });

  it('survives a GET that its client gave up', async () => {
    const session = await open();
    const impatient = await HttpConnection.open(program.port);
    impatient.send({ path: session.path });
    await firstBytesRead(program.port);
    impatient.destroy();
    const sound = await open();
    await sound.send('4still here');
    assert.deepEqual(await sound.packets(), ['4still here']);
  });
});

/** The answer to a GET sent while another GET of the session is held on this connection. */
async function overlap(held, session) {
  for (;;) {
    const second = await session.poll();
    if (second.status !== 200 || held.unread.length === 0) return second;
    while (held.unread.length > 0) await held.response();
    await session.send('3');
    held.send({ path: session.path });
  }
}

/**
 * Everything that was written to the server before has reached it: a later request on another
 * connection was answered.
 */
async function firstBytesRead(port) {
  await PollingSession.open(port, '/engine.io/');
}
