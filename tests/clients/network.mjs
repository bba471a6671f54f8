import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { eventually } from '../support/patience.mjs';

const requestLine = /^(GET|POST) \S*[?&]transport=(polling|websocket)\S*/;

/** Whether this is a client's WebSocket frame with the Engine.IO packet "upgrade". */
function isUpgradePacket(bytes) {
  return bytes[0] === 0x81 && bytes[1] === 0x81 && (bytes[2] ^ bytes[6]) === '5'.charCodeAt(0);
}

/** The way from the apps to a server. It sees which transport they use, and can cut them off. */
export class Network {
  #listener = createServer((near) => this.#carry(near));
  #connections = new Set();
  #isCut = false;
  /** Requests of each transport. */
  requests = { polling: 0, websocket: 0 };

  static async to(server) {
    const network = new Network();
    network.server = server;
    network.#listener.listen(0, server.host);
    await once(network.#listener, 'listening');
    network.url = `http://${server.host}:${network.#listener.address().port}`;
    return network;
  }

  /**
   * Waits until a connection is in one of these states: `waiting poll`; `websocket`, from the
   * start; `upgraded`, a WebSocket that took over from polling.
   */
  async reaches(...states) {
    await eventually(
      () => [...this.#connections].some(({ state }) => states.includes(state)),
      `a connection is: ${states.join(' or ')}`,
    );
  }

  /** Ends all connections without a good-bye, and lets no new one through before `mend()`. */
  cut() {
    this.#isCut = true;
    this.drop();
  }

  mend() {
    this.#isCut = false;
  }

  /** Ends all connections without a good-bye. New ones get through. */
  drop() {
    for (const { near, far } of this.#connections) {
      near.destroy();
      far.destroy();
    }
  }

  async close() {
    this.drop();
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  #carry(near) {
    if (this.#isCut) return near.destroy();
    near.pause();
    const far = connect(this.server.port, this.server.host);
    const connection = { near, far, state: 'idle' };
    this.#connections.add(connection);
    for (const [end, other] of [
      [near, far],
      [far, near],
    ]) {
      end.on('error', () => {}); // 'close' follows.
      end.on('close', () => {
        other.destroy();
        this.#connections.delete(connection);
      });
    }
    // Bytes seen here have been sent on, so the server has them before it sees the end.
    far.once('connect', () => {
      near.on('data', (bytes) => this.#sent(connection, bytes));
      far.on('data', () => {
        if (connection.state === 'waiting poll') connection.state = 'idle';
      });
      near.pipe(far).pipe(near);
    });
  }

  #sent(connection, bytes) {
    const request = requestLine.exec(bytes.toString('latin1'));
    if (request) {
      const [line, method, transport] = request;
      this.requests[transport] += 1;
      if (transport === 'websocket')
        connection.state = line.includes('sid=') ? 'probe' : 'websocket';
      else if (method === 'GET') connection.state = 'waiting poll';
    } else if (connection.state === 'probe' && isUpgradePacket(bytes)) {
      connection.state = 'upgraded';
    }
  }
}
