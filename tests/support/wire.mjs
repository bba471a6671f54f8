import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const kRemembered = 4096;

/**
 * The network between clients and a server: it can be cut and mended, can stall and go on, can lose
 * answers, and can be led to another server.
 */
export class Wire {
  #listener = createServer((near) => this.#carry(near));
  #pairs = new Set();
  #isCut = false;
  #isStalled = false;

  static async to(server) {
    const wire = new Wire();
    wire.server = server;
    wire.#listener.listen(0, server.host);
    await once(wire.#listener, 'listening');
    wire.host = server.host;
    wire.port = wire.#listener.address().port;
    wire.url = `http://${wire.host}:${wire.port}`;
    return wire;
  }

  /** Ends all connections on both sides without a good-bye. Others get through. */
  drop() {
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  /** Ends all connections for the clients only: the server takes its sides for open. */
  dropNearSide() {
    for (const pair of this.#pairs) {
      pair.isWhole = false;
      pair.far.unpipe();
      pair.far.resume(); // So that it is seen when the server ends it.
      pair.near.destroy();
    }
  }

  /** From now on nobody gets through. */
  cut() {
    this.#isCut = true;
    this.drop();
  }

  mend() {
    this.#isCut = false;
  }

  /** Connections stay and can be made, but nothing passes in either direction before `flow()`. */
  stall() {
    this.#isStalled = true;
    for (const { near, far } of this.#pairs) {
      near.unpipe(far);
      far.unpipe(near);
    }
  }

  /** Bytes that have waited pass, too. */
  flow() {
    this.#isStalled = false;
    for (const { near, far, isWhole } of this.#pairs) {
      if (isWhole) near.pipe(far).pipe(near);
    }
  }

  /** Loses all bytes of the server from now on if this is true of the client's last bytes. */
  loseAnswers(isSuch) {
    for (const { near, far, said } of this.#pairs) if (isSuch(said)) far.unpipe(near).resume();
  }

  async close() {
    this.cut();
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  #carry(near) {
    if (this.#isCut) return near.destroy();
    const far = connect(this.server.port, this.server.host);
    const pair = { near, far, isWhole: true, said: '' };
    this.#pairs.add(pair);
    near.on('data', (bytes) => {
      pair.said = (pair.said + bytes.toString('latin1')).slice(-kRemembered);
    });
    if (!this.#isStalled) near.pipe(far).pipe(near);
    for (const [end, other] of [
      [near, far],
      [far, near],
    ]) {
      end.on('error', () => {}); // 'close' follows.
      end.on('close', () => {
        if (pair.isWhole) other.destroy();
        if (other.destroyed) this.#pairs.delete(pair);
      });
    }
  }
}

/** A way to the server, which ends with the test. */
export async function wireTo(t, server) {
  const wire = await Wire.to(server);
  t.after(() => wire.close());
  return wire;
}
