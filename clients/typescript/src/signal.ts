import type { ManagerOptions, SocketOptions } from 'socket.io-client';
import { Connection } from './connection.js';
import type { Fields, SignalState, StateEvent } from './connection.js';
import { Emitter } from './emitter.js';
import { codeOf, disconnected, SignalError } from './error.js';
import { IceServers } from './ice_servers.js';
import { answerToJoin } from './join.js';
import type { JoinOptions } from './join.js';
import type {
  Joined,
  RoomChanges,
  RoomInfo,
  RoomSettings,
  ServerEvents,
  WithPayload,
} from './protocol.js';
import { camelCased, kServerEvents } from './wire.js';

export interface SignalOptions {
  /**
   * The app token, or what gets it: asked anew at every connection, so that a token may change.
   * Whoever has it may use the server: get it from your own back end. When the function fails, it
   * is tried again; when it throws a SignalError, the signal closes with that.
   */
  token: string | (() => string | Promise<string>);
  /** What others are told of you: any JSON of at most 4 KiB. */
  peerinfo?: unknown;
  /** Milliseconds a command may wait for its answer; 10 000 by default. */
  timeout?: number;
  /**
   * Whether to enter the rooms again that were lost with the connection (state "reset"): joined,
   * or created where they have gone too. True by default.
   */
  rejoin?: boolean;
  /** More options for socket.io-client, such as `path` or `transports`. */
  socket?: Partial<ManagerOptions & SocketOptions>;
}

export interface SignalEvents extends ServerEvents {
  state: StateEvent;
  /** After a "reset": back in this room, or not (`error`). */
  rejoin: { room: string; joined?: Joined; created?: boolean; error?: SignalError };
}

const kEnterAttempts = 5;
const kDeliveries = 8;
const kPause = 500;


/**
 * The connection to a Heliograph server: signs in, stays signed in, comes back when the network
 * does. Has a method for each command of the protocol and tells each event of the server under its
 * own name. A method's promise rejects with a `SignalError`.
 */
export class Signal extends Emitter<SignalEvents> {
  readonly #url: string;
  readonly #options: SignalOptions;
  readonly #connection: Connection;
  readonly #iceServers = new IceServers(() => this.#fetchIceServers());
  readonly #rooms = new Set<string>();
  /** The rooms to enter again after a reset, and how. */
  readonly #wanted = new Map<string, JoinOptions>();

  /** Where the server is: `https://signal.example.org`. Nothing happens before `open`. */
  constructor(url: string | URL, options: SignalOptions) {
    super();
    this.#url = String(url);
    this.#options = options;
    const { token, peerinfo, timeout = 10_000, socket = {} } = options;
    this.#connection = new Connection(this.#url, { token, peerinfo, timeout, socket });
    this.#connection.on('signed-in', (answer) => {
      this.#iceServers.keep(answer['ice_servers'] as RTCIceServer[] | undefined);
    });
    this.#connection.on('event', ({ name, fields }) => this.#onEvent(name, camelCased(fields)));
    this.#connection.on('state', (event) => this.#onState(event));
  }

  /** A signal that is open: the same as `new Signal(…)` and `open()`. */
  static async connect(url: string | URL, options: SignalOptions): Promise<Signal> {
    const signal = new Signal(url, options);
    await signal.open();
    return signal;
  }

  /**
   * Connects and signs in. Keeps trying while the server cannot be reached; rejects when it does
   * not take the token ("unauthorized") or `close` is called.
   */
  open(): Promise<void> {
    this.#connection.open();
    return this.#connection.whenOnline();
  }

  /** Ends the connection: the peer leaves its rooms at once. */
  close(): void {
    this.#connection.close();
  }

  get state(): SignalState {
    return this.#connection.state;
  }

  /** Signed in at this moment. */
  get online(): boolean {
    return this.#connection.online;
  }

  /** Your peer id; empty before the first connection. Another one after a "reset". */
  get id(): string {
    return this.#connection.id;
  }

  /** The rooms you are in. */
  get rooms(): ReadonlySet<string> {
    return this.#rooms;
  }

  /** Tells others something else of you from now on. */
  async setPeerinfo(peerinfo: unknown): Promise<void> {
    await this.#connection.whenOnline({ limit: this.#timeout });
    await this.#connection.signIn(peerinfo);
  }

  /** Makes a room and owns it; resolves to its name, a UUID where none is given. */
  async createRoom(room?: string, { payload }: WithPayload = {}): Promise<string> {
    const answer = await this.#command('room-create-request', { room, payload });
    const name = String(answer['room']);
    this.#isIn(name, { payload });
    return name;
  }

  /**
   * Asks to be let in and resolves when you are. Rejects with "room-not-found", "room-locked",
   * "room-full", "wrong-password", "banned" or "join-rejected" (by an owner, or no answer in time).
   */
  async joinRoom(room: string, options: JoinOptions = {}): Promise<Joined> {
    const { password, payload, signal } = options;
    const answer = answerToJoin(this, room, signal);
    try {
      await this.#command('room-join-request', { room, password, payload });
      const joined = await answer.promise;
      this.#isIn(room, options);
      return joined;
    } catch (error) {
      // The server may have taken the request; who has given up waiting withdraws it.
      if (codeOf(error) === 'disconnected' || codeOf(error) === 'timeout') {
        this.#deliver('room-leave-request', { room }).catch(() => {});
      }
      throw error;
    } finally {
      answer.forget();
    }
  }

  /** Joins the room, or creates it where there is none: `created` tells which. */
  async enterRoom(
    room: string,
    options: JoinOptions = {},
  ): Promise<Joined & { created: boolean }> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return { ...(await this.joinRoom(room, options)), created: false };
      } catch (error) {
        if (codeOf(error) !== 'room-not-found') throw error;
      }
      try {
        await this.createRoom(room, options);
        this.#isIn(room, options);
        return { room, peerId: this.id, peers: [], peersinfo: {}, created: true };
      } catch (error) {
        // Somebody else has created it since, and may even have left again.
        if (codeOf(error) !== 'room-taken' || attempt === kEnterAttempts) throw error;
      }
    }
  }

  /** While the connection is away it waits: a place that is kept must be given up. */
  async leaveRoom(room: string, { payload }: WithPayload = {}): Promise<void> {
    this.#wanted.delete(room);
    try {
      await this.#deliver('room-leave-request', { room, payload });
    } catch (error) {
      if (codeOf(error) !== 'disconnected') throw error; // The place is lost: so we have left.
    }
    this.#rooms.delete(room);
  }

  /** Members only. */
  async roomInfo(room: string): Promise<RoomInfo> {
    return camelCased(await this.#command('room-info-request', { room })) as unknown as RoomInfo;
  }

  /** Owners only: lets a candidate in. */
  async accept(room: string, peerId: string, { payload }: WithPayload = {}): Promise<void> {
    await this.#command('room-join-accept', { room, peer_id: peerId, payload });
  }

  /** Owners only: refuses a candidate. */
  async reject(room: string, peerId: string, { payload }: WithPayload = {}): Promise<void> {
    await this.#command('room-join-reject', { room, peer_id: peerId, payload });
  }

  /** Owners only: sends a member out, with `ban` for good. */
  async kick(
    room: string,
    peerId: string,
    { ban, payload }: WithPayload & { ban?: boolean } = {},
  ): Promise<void> {
    await this.#command('room-kick-request', { room, peer_id: peerId, ban, payload });
  }

  /** Owners only: changes the rules of the room; resolves to those that hold now. */
  async updateRoom(
    room: string,
    changes: RoomChanges,
    { payload }: WithPayload = {},
  ): Promise<RoomSettings> {
    const answer = await this.#command('room-update-request', { room, ...changes, payload });
    return camelCased(answer) as unknown as RoomSettings;
  }

  /** Relays to a member. While the connection is away it waits, and goes out after a resume. */
  sendDescription(
    room: string,
    to: string,
    description: RTCSessionDescriptionInit,
    { payload }: WithPayload = {},
  ): Promise<void> {
    const fields = { room, to, session_description: description, payload };
    return this.#deliver('relay-session-description', fields);
  }

  /** As `sendDescription`. */
  sendCandidate(
    room: string,
    to: string,
    candidate: RTCIceCandidateInit,
    { payload }: WithPayload = {},
  ): Promise<void> {
    return this.#deliver('relay-ice-candidate', { room, to, ice_candidate: candidate, payload });
  }

  /** By way of the server: any JSON or binary data, to one member or to all others. */
  async sendMessage(
    room: string,
    data: unknown,
    { to, payload }: WithPayload & { to?: string } = {},
  ): Promise<void> {
    await this.#command('relay-message', { room, to, data, payload });
  }

  /** The server's STUN and TURN servers, with credentials that have only just been made. */
  iceServers(): Promise<RTCIceServer[]> {
    return this.#iceServers.get();
  }

  get #timeout(): number {
    return this.#options.timeout ?? 10_000;
  }

  async #command(event: string, fields: Fields): Promise<Fields> {
    await this.#connection.whenOnline({ limit: this.#timeout });
    return this.#connection.request(event, fields);
  }

  /** For what may come twice, but must come: somebody waits for it. */
  async #deliver(event: string, fields: Fields): Promise<void> {
    const { id } = this;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#connection.whenOnline({ sameSession: true });
        if (id !== this.id) throw disconnected();
        await this.#connection.request(event, fields);
        return;
      } catch (error) {
        const code = codeOf(error);
        const again = id === this.id && (code === 'disconnected' || code === 'rate-limited');
        if (!again || attempt === kDeliveries) throw error;
        if (code === 'rate-limited') await new Promise((done) => setTimeout(done, kPause));
      }
    }
  }

  #isIn(room: string, options: JoinOptions): void {
    this.#rooms.add(room);
    const { password, payload } = options;
    const again = { ...(password !== undefined && { password }), payload };
    this.#wanted.set(room, again);
  }

  #onEvent(name: string, fields: Fields): void {
    if (!kServerEvents.has(name)) return;
    if (name === 'room-kick') {
      this.#rooms.delete(String(fields['room']));
      this.#wanted.delete(String(fields['room']));
    }
    this.emit(name as keyof ServerEvents, fields as never);
  }

  #onState(event: StateEvent): void {
    const isNew = event.state === 'reset';
    if (isNew || event.state === 'closed') this.#rooms.clear();
    this.emit('state', event);
    if (!isNew || this.#options.rejoin === false) return;
    for (const [room, options] of this.#wanted) void this.#rejoin(room, options);
  }

  async #rejoin(room: string, options: JoinOptions): Promise<void> {
    try {
      const { created, ...joined } = await this.enterRoom(room, options);
      this.emit('rejoin', { room, joined, created });
    } catch (error) {
      if (!(error instanceof SignalError)) throw error;
      if (error.code === 'disconnected') return this.#rejoinWhenResumed(room, options);
      this.#wanted.delete(room);
      this.emit('rejoin', { room, error });
    }
  }

  /** After another reset there is nothing to do: that one has the rooms entered again by itself. */
  async #rejoinWhenResumed(room: string, options: JoinOptions): Promise<void> {
    const { id } = this;
    await this.#connection.whenOnline({ sameSession: true }).catch(() => {});
    if (this.online && this.id === id) await this.#rejoin(room, options);
  }

  async #fetchIceServers(): Promise<RTCIceServer[]> {
    const path = this.#options.socket?.path ?? '/socket.io/';
    const url = new URL(path.replace(/[^/]*\/?$/, 'ice-servers'), this.#url);
    const headers = { Authorization: `Bearer ${this.#connection.sessionToken}` };
    const answer = await fetch(url, { headers, cache: 'no-store' });
    if (!answer.ok) throw new SignalError('unreachable', `GET ${url.pathname}: ${answer.status}`);
    const { response } = (await answer.json()) as { response: { ice_servers: RTCIceServer[] } };
    return response.ice_servers;
  }
}
