// Out of file descriptors, the server keeps serving its clients, and accepts again when it can.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { HttpConnection } from '../support/http.mjs';
import { meeting, relay } from '../support/rooms.mjs';
import { eventually } from '../support/patience.mjs';
import { useServer } from '../support/server.mjs';

describe('64 file descriptors', () => {
  const server = useServer({ descriptors: 64, env: { WORKERS: 2 } });

  /** More connections than the server has descriptors for; those beyond wait in the kernel's queue. */
  function flood() {
    return Promise.all(Array.from({ length: 150 }, () => HttpConnection.open(server.port)));
  }

  /** Whether a request on a new connection is answered soon. */
  async function answersSoon() {
    const connection = await HttpConnection.open(server.port);
    connection.send({ path: '/' });
    const late = new Promise((resolve) => setTimeout(resolve, 300, false));
    const answered = await Promise.race([
      connection.response().then(
        () => true,
        () => false,
      ),
      late,
    ]);
    connection.destroy();
    return answered;
  }

  it('used up: those who are connected go on talking', async () => {
    const [owner, guest] = await server.peers(2);
    const room = await meeting(owner, guest);
    const idle = await flood();
    assert.equal(await answersSoon(), false, 'descriptors are used up');
    for (let i = 0; i < 50; i += 1) await relay(i % 2 ? owner : guest, i % 2 ? guest : owner, room);
    idle.forEach((connection) => connection.destroy());
  });

  it('free again: new connections are accepted', async () => {
    for (let round = 0; round < 3; round += 1) {
      const idle = await flood();
      assert.equal(await answersSoon(), false, 'descriptors are used up');
      idle.forEach((connection) => connection.destroy());
      await eventually(answersSoon, 'the server accepts again');
    }
    const [owner, guest] = await server.peers(2);
    await relay(owner, guest, await meeting(owner, guest));
  });

  it('used up: the log does not fill with it', async () => {
    const before = server.logs().length;
    const idle = await flood();
    const [one] = idle;
    one.send({ path: '/' });
    await answersSoon();
    idle.forEach((connection) => connection.destroy());
    await eventually(answersSoon, 'the server accepts again');
    assert.ok(
      server.logs().length - before < 100_000,
      `${server.logs().length - before} bytes of log`,
    );
  });
});
