import assert from 'node:assert/strict';
import { io } from 'socket.io-client';
import { io as ioV3 } from 'socket.io-client-v3';
import { io as ioV45 } from 'socket.io-client-v4.5';
import { Queue } from './queue.mjs';
import { within } from './patience.mjs';

export const clients = { v4: io, v3: ioV3, 'v4.5': ioV45 };

/** One user of the server: a real socket.io client whose events are kept in the order they came. */
export class Peer {
  #queues = new Map();
  sessionToken = null;

  constructor(socket, appToken) {
    this.socket = socket;
    this.appToken = appToken;
    socket.onAny((event, ...values) => this.#queue(event).push(values[0]));
    socket.on('auth-accept', ({ token }) => {
      if (this.sessionToken !== null) this.sessionToken = token; // It has returned, or signs in again.
    });
    this.disconnected = new Promise((resolve) => socket.on('disconnect', resolve));
  }

  /**
   * `url`: another way to the server; `client`: one of `clients`; `transports`: as the client takes
   * them; `token`: instead of a valid app token; `recovery`: whether it asks to be the same peer
   * again after its connection breaks.
   */
  static async connect(
    server,
    {
      url = server.url,
      client = 'v4',
      transports = ['websocket'],
      token,
      app,
      recovery = false,
      ...options
    } = {},
  ) {
    const appToken = token === undefined ? await server.appToken(app) : token;
    const socket = clients[client](url, {
      forceNew: true,
      reconnection: false,
      auth: recovery ? { token: appToken, recovery } : { token: appToken },
      ...(transports ? { transports } : {}),
      ...options,
    });
    const peer = new Peer(socket, appToken);
    const refused = new Promise((_, reject) => socket.on('connect_error', reject));
    const connected = new Promise((resolve) => socket.on('connect', resolve));
    try {
      await within(Promise.race([connected, refused]), 'connect');
    } catch (error) {
      socket.disconnect();
      throw error;
    }
    return peer;
  }

  get id() {
    return this.socket.id;
  }

  #queue(event) {
    if (!this.#queues.has(event)) this.#queues.set(event, new Queue());
    return this.#queues.get(event);
  }

  /**
   * Sends without asking for an acknowledgement, with the session token unless `auth` says
   * otherwise.
   */
  emit(event, fields = {}) {
    this.socket.emit(event, this.#signed(fields));
  }

  /** Sends and returns the acknowledgement. */
  ask(event, fields = {}) {
    return this.askRaw(event, this.#signed(fields));
  }

  /** Sends these very arguments and returns the acknowledgement. */
  askRaw(event, ...values) {
    const answer = new Promise((resolve) => this.socket.emit(event, ...values, resolve));
    return within(answer, () => `acknowledgement of ${event} (${this.#standing()})`);
  }

  #standing() {
    return this.socket.connected ? 'still connected' : 'no longer connected';
  }

  #signed(fields) {
    return this.sessionToken === null ? fields : { auth: this.sessionToken, ...fields };
  }

  async authenticate(fields = {}) {
    const answer = await this.askRaw('auth-request', { token: this.appToken, ...fields });
    assert.equal(answer.ok, true, JSON.stringify(answer));
    this.sessionToken = answer.token;
    return this.next('auth-accept');
  }

  /** The next event of this name, in the order of arrival. */
  next(event) {
    return this.#queue(event).next(() => `event ${event} (so far: ${this.#summary()})`);
  }

  /** Events of this name that came and were not read. */
  unread(event) {
    return this.#queue(event).unread;
  }

  #summary() {
    const counts = [...this.#queues].map(([event, queue]) => `${queue.unread.length} ${event}`);
    return counts.join(', ') || 'none';
  }

  /**
   * Everything the server had for this peer before now has arrived: two round trips on its
   * connection.
   */
  async settle() {
    await this.askRaw('no-such-event');
    await this.askRaw('no-such-event');
  }

  /** Asserts that none of these events is waiting, after all that could have come did. */
  async expectNone(...events) {
    await this.settle();
    for (const event of events)
      assert.deepEqual(this.unread(event), [], `${event} must not arrive`);
  }

  disconnect() {
    this.socket.disconnect();
  }

  /** The connection goes without a good-bye, as when a device loses its network. */
  vanish() {
    this.socket.io.engine.transport.ws.terminate();
  }
}
