import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** The network between a page and the server: it can be cut, mended, and led to another server. */
export class Wire {
  #listener = createServer((socket) => this.#carry(socket));
  #sockets = new Set();
  #isCut = false;

  static async to(server) {
    const wire = new Wire();
    wire.server = server;
    wire.#listener.listen(0, server.host);
    await once(wire.#listener, 'listening');
    wire.url = `http://${server.host}:${wire.#listener.address().port}`;
    return wire;
  }

  cut() {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend() {
    this.#isCut = false;
  }

  close() {
    this.cut();
    this.#listener.close();
  }

  #carry(socket) {
    if (this.#isCut) return socket.destroy();
    const onward = connect(this.server.port, this.server.host);
    socket.pipe(onward).pipe(socket);
    for (const [end, other] of [
      [socket, onward],
      [onward, socket],
    ]) {
      this.#sockets.add(end);
      end.on('error', () => {}); // 'close' follows.
      end.on('close', () => {
        this.#sockets.delete(end);
        other.destroy();
      });
    }
  }
}
