import net from 'node:net';
import { once } from 'node:events';

/**
 * A way to a server that can be cut: a TCP proxy on a free port. What is under way when it is cut
 * is lost, and neither side gets a good-bye.
 */
export class CuttableWay {
  #pairs = new Set();
  #abandoned = [];
  #listener;
  #isOpen = true;

  static async to(server) {
    const way = new CuttableWay();
    way.server = server;
    way.#listener = net.createServer((near) => way.#carry(near));
    way.#listener.listen(0, '127.0.0.1');
    await once(way.#listener, 'listening');
    way.port = way.#listener.address().port;
    way.url = `http://127.0.0.1:${way.port}`;
    return way;
  }

  /** So that a `Peer` may take it for the server. */
  appToken(app) {
    return this.server.appToken(app);
  }

  #carry(near) {
    if (!this.#isOpen) return near.destroy();
    const far = net.connect(this.server.port, this.server.host);
    const pair = [near, far];
    this.#pairs.add(pair);
    for (const [from, to] of [pair, [far, near]]) {
      from.on('error', () => {});
      from.on('close', () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
      from.on('data', (bytes) => to.destroyed || to.write(bytes));
    }
  }

  /** Ends all connections on both sides. */
  cut() {
    for (const pair of this.#pairs) pair.forEach((socket) => socket.destroy());
    this.#pairs.clear();
  }

  /** Ends them for the clients only: the server takes its sides for open. */
  cutNearSide() {
    for (const [near, far] of this.#pairs) {
      near.removeAllListeners('close');
      near.destroy();
      this.#abandoned.push(far);
    }
    this.#pairs.clear();
  }

  /** While it is closed nobody gets through. */
  close() {
    this.#isOpen = false;
    this.cut();
  }

  open() {
    this.#isOpen = true;
  }

  async end() {
    this.close();
    for (const far of this.#abandoned) far.destroy();
    this.#listener.close();
    await once(this.#listener, 'close');
  }
}
