import { once } from 'node:events';
import { WebSocketServer } from 'ws';

/** As much of a server as a signal needs, over WebSocket: it answers what the test says. */
export class FakeServer {
  /** The commands that came: `[event, fields]`. */
  requests = [];
  /** The answer to a command; undefined for none. */
  answer = () => ({ ok: true });
  /** The answer to an `auth-request`. */
  answerToSignIn = () => ({ ok: true, token: 'session' });
  #sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });

  static async open() {
    const server = new FakeServer();
    await once(server.#sockets, 'listening');
    server.url = `http://127.0.0.1:${server.#sockets.address().port}`;
    server.#sockets.on('connection', (socket) => server.#serve(socket));
    return server;
  }

  /** Sends an event to everybody; `values` as they are. */
  tell(...values) {
    for (const socket of this.#sockets.clients) socket.send(`42${JSON.stringify(values)}`);
  }

  close() {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
  }

  #serve(socket) {
    const times = { pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1e6 };
    socket.send(`0${JSON.stringify({ sid: 'engine', upgrades: [], ...times })}`);
    socket.on('message', (data) => {
      const [, type, id, json] = /^4([02])(\d*)(.*)$/s.exec(String(data)) ?? [];
      if (type === '0') socket.send('40{"sid":"peer"}');
      if (type !== '2') return;
      const [event, fields] = JSON.parse(json);
      this.requests.push([event, fields]);
      const isSignIn = event === 'auth-request';
      const answer = isSignIn ? this.answerToSignIn() : this.answer(event, fields);
      if (answer !== undefined) socket.send(`43${id}${JSON.stringify([answer])}`);
    });
  }
}
