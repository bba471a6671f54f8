import { io } from '/socket.io/socket.io.esm.min.js';
import { loadConfig } from './config.js';

/** What the server sends; each is told again by Signal under its own name. */
const serverEvents = [
  'auth-accept',
  'auth-reject',
  'room-create-accept',
  'room-create-reject',
  'room-join-request',
  'room-join-accept',
  'room-join-reject',
  'room-user-join',
  'room-user-leave',
  'room-owner-change',
  'session-description',
  'ice-candidate',
];

const invalidToken = 'Token is not valid';

/** A refusal by the server, in its own words. */
export class Refusal extends Error {
  name = 'Refusal';
}

/** The connection went away while an answer was awaited. */
export class ConnectionLost extends Error {
  name = 'ConnectionLost';
}

/**
 * The connection to the signalling server. Besides the server's events it tells of its own state:
 * "ready" (connected and authenticated, again after every loss), "unreachable" and "lost" (it keeps
 * trying), "failed" with an Error (it has given up).
 */
export class Signal extends EventTarget {
  iceServers = [];
  #socket = null;
  #peerinfo;
  #appToken;
  #sessionToken = null;
  #renewal = null;

  /** `peerinfo` is what others are told of this peer. */
  constructor(peerinfo) {
    super();
    this.#peerinfo = peerinfo;
  }

  /** The id under which the others know this page; a new one after every reconnection. */
  get peerId() {
    return this.#socket.id;
  }

  connect() {
    const socket = io({ auth: (send) => this.#credentials(send), reconnectionDelayMax: 3000 });
    this.#socket = socket;
    socket.on('connect', () => this.#introduce());
    socket.on('connect_error', (error) => {
      if (socket.active) this.#tell('unreachable');
      else this.#fail(new Refusal(error.message));
    });
    socket.on('disconnect', (reason) => {
      this.#sessionToken = null;
      if (reason === 'io client disconnect') return;
      if (socket.active) this.#tell('lost');
      else this.#fail(new Error('The server ended the connection.'));
    });
    for (const event of serverEvents) socket.on(event, (data) => this.#tell(event, data));
  }

  disconnect() {
    this.#socket.disconnect();
  }

  /** Resolves with the room's name, which the server makes up when `room` is empty. */
  async createRoom(room) {
    const sent = this.request('room-create-request', room ? { room } : {});
    const answer = await this.#answerTo(sent, 'room-create-accept', 'room-create-reject');
    return answer.room;
  }

  /**
   * Resolves with the `room-join-accept` of the owner. `onWaiting` is called once the request lies
   * before the owner, who may take a while.
   */
  joinRoom(room, onWaiting) {
    const sent = this.request('room-join-request', { room });
    return this.#answerTo(sent, 'room-join-accept', 'room-join-reject', onWaiting);
  }

  /** Resolves with the acknowledgement of the event; rejects with Refusal or ConnectionLost. */
  async request(event, body) {
    try {
      return await this.#send(event, body);
    } catch (error) {
      if (error.message !== invalidToken) throw error;
      await this.#renewSession();
      return this.#send(event, body);
    }
  }

  async #credentials(send) {
    try {
      const { token, iceServers } = await loadConfig();
      this.#appToken = token;
      this.iceServers = iceServers;
      send({ token });
    } catch (error) {
      this.#fail(error);
    }
  }

  async #introduce() {
    try {
      await this.#authenticate();
      this.#tell('ready');
    } catch (error) {
      if (!(error instanceof ConnectionLost)) this.#fail(error);
    }
  }

  async #authenticate() {
    const sent = this.#send('auth-request', { token: this.#appToken, peerinfo: this.#peerinfo });
    const { token } = await this.#answerTo(sent, 'auth-accept', 'auth-reject');
    this.#sessionToken = token;
  }

  /** The session token has expired: the app token buys a new one, once for all who notice. */
  #renewSession() {
    this.#renewal ??= this.#authenticate().finally(() => (this.#renewal = null));
    return this.#renewal;
  }

  /** Waits for the event that answers a request just `sent`, or a refusing acknowledgement. */
  #answerTo(sent, accept, reject, onDelivered = () => {}) {
    return new Promise((resolve, refuse) => {
      const settled = new AbortController();
      const { signal } = settled;
      const settleOn = (event, settle) => {
        const listener = ({ detail }) => {
          settled.abort();
          settle(detail);
        };
        this.addEventListener(event, listener, { signal });
      };
      settleOn(accept, resolve);
      settleOn(reject, ({ message }) => refuse(new Refusal(message)));
      settleOn('lost', () => refuse(new ConnectionLost()));
      settleOn('failed', refuse);
      sent.then(
        () => signal.aborted || onDelivered(),
        (error) => {
          settled.abort();
          refuse(error);
        },
      );
    });
  }

  async #send(event, body) {
    if (!this.#socket.connected) throw new ConnectionLost();
    let answer;
    try {
      answer = await this.#socket.emitWithAck(event, {
        ...body,
        auth: this.#sessionToken ?? undefined,
      });
    } catch {
      throw new ConnectionLost(); // Socket.IO's only reason to give up on an acknowledgement.
    }
    if (!answer.ok) throw new Refusal(answer.error.message);
    return answer;
  }

  #fail(error) {
    this.#socket.disconnect();
    this.#tell('failed', error);
  }

  #tell(event, detail) {
    this.dispatchEvent(new CustomEvent(event, { detail }));
  }
}
