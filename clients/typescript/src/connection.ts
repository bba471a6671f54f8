import { io } from 'socket.io-client';
import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';
import { Emitter } from './emitter.js';
import { closed, disconnected, SignalError } from './error.js';
import { renewalDelay } from './token.js';

/**
 * - `connecting`: until the server has been reached and has taken the token; it keeps trying
 * - `connected`: signed in
 * - `reconnecting`: the connection is lost; it keeps trying. Calls go on meanwhile.
 * - `resumed`: signed in again; same peer id, same rooms, and nothing was missed
 * - `reset`: signed in again as a new peer: `id` has changed, rooms are lost, and with `rejoin`
 *   entered anew (event "rejoin")
 * - `closed`: for good, by `close` or because the server does not take the token (`error` says)
 */
export type SignalState =
  'connecting' | 'connected' | 'reconnecting' | 'resumed' | 'reset' | 'closed';

export interface StateEvent {
  state: SignalState;
  /** Why it is so, or why it is still so: "connecting" is told again at each attempt that fails. */
  error?: SignalError;
}

/** An event or an acknowledgement as it is on the wire. */
export type Fields = Record<string, unknown>;

export interface ConnectionOptions {
  token: string | (() => string | Promise<string>);
  peerinfo?: unknown;
  timeout: number;
  socket: Partial<ManagerOptions & SocketOptions>;
}

interface ConnectionEvents {
  state: StateEvent;
  /** Each event of the server. */
  event: { name: string; fields: Fields };
  /** The answer to each sign-in. */
  'signed-in': Fields;
}

type Ack = Fields & { ok: boolean; error?: { code: string; message: string } };

const kRenewAgain = 30_000;

const unreachable = (error: unknown) =>
  new SignalError('unreachable', error instanceof Error ? error.message : String(error));

/** A socket that signs in by itself, stays signed in, and says what became of it. */
export class Connection extends Emitter<ConnectionEvents> {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  #state: SignalState = 'connecting';
  #hasBeenOnline = false;
  #id = '';
  #appToken = '';
  /** Empty while not signed in. */
  #sessionToken = '';
  /** The token that was asked for and that no handshake has sent yet. */
  #asked: Promise<string> | null = null;
  /** Of the handshake under way. */
  #send: ((auth: object) => void) | null = null;
  #renewal: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, options: ConnectionOptions) {
    super();
    this.#options = options;
    this.#socket = io(url, {
      forceNew: true,
      ...options.socket,
      autoConnect: false,
      auth: (send) => void this.#shakeHands(send),
    });
    this.#socket.on('connect', () => void this.#onConnect());
    this.#socket.on('disconnect', (reason) => this.#onDisconnect(reason));
    this.#socket.on('connect_error', (error) => this.#onConnectError(error));
    this.#socket.onAny((name: string, fields: unknown) => {
      if (typeof fields === 'object' && fields) {
        this.emit('event', { name, fields: fields as Fields });
      }
    });
  }

  get state(): SignalState {
    return this.#state;
  }

  get online(): boolean {
    return ['connected', 'resumed', 'reset'].includes(this.#state);
  }

  get id(): string {
    return this.#id;
  }

  get sessionToken(): string {
    return this.#sessionToken;
  }

  open(): void {
    if (this.#state !== 'closed') this.#socket.connect();
  }

  close(error = closed()): void {
    if (this.#state === 'closed') return;
    clearTimeout(this.#renewal);
    this.#become('closed', error);
    this.#socket.disconnect();
  }

  /**
   * Resolves when signed in. Rejects when closed, after `limit` milliseconds where that is given,
   * and with `sameSession` when the session does not come back.
   */
  whenOnline({ limit, sameSession = false }: { limit?: number; sameSession?: boolean } = {}) {
    if (this.online) return Promise.resolve();
    if (this.#state === 'closed') return Promise.reject(closed());
    return new Promise<void>((resolve, reject) => {
      const settle = (error?: SignalError): void => {
        off();
        clearTimeout(timer);
        if (error) reject(error);
        else resolve();
      };
      const off = this.on('state', ({ state, error }) => {
        if (state === 'closed') settle(error);
        else if (state === 'reset' && sameSession) settle(disconnected());
        else if (this.online) settle();
      });
      const expire = (): void => settle(new SignalError('timeout', 'The server is out of reach'));
      const timer = limit === undefined ? undefined : setTimeout(expire, limit);
    });
  }

  /** Sends the event with the session token and returns the acknowledgement, if it is a yes. */
  async request(event: string, fields: Fields): Promise<Fields> {
    const ask = () => this.#ask(event, { ...fields, auth: this.#sessionToken });
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof SignalError) || error.code !== 'unauthorized') throw error;
      await this.signIn(); // The session has ended before its time by our clock.
      return ask();
    }
  }

  /** Gets a new session token, and tells others something else from now on, where that is given. */
  async signIn(peerinfo = this.#options.peerinfo): Promise<void> {
    const answer = await this.#ask('auth-request', { token: this.#appToken, peerinfo });
    this.#options.peerinfo = peerinfo;
    this.#sessionToken = String(answer['token']);
    this.#renewIn(renewalDelay(this.#sessionToken, Date.now()));
    this.emit('signed-in', answer);
  }

  #renewIn(delay: number): void {
    clearTimeout(this.#renewal);
    this.#renewal = setTimeout(async () => {
      try {
        await this.whenOnline();
        await this.signIn();
      } catch {
        if (this.#state !== 'closed') this.#renewIn(kRenewAgain);
      }
    }, delay);
  }

  async #ask(event: string, fields: Fields): Promise<Fields> {
    let answer: Ack;
    try {
      const patient = this.#socket.timeout(this.#options.timeout);
      answer = (await patient.emitWithAck(event, fields)) as Ack;
    } catch {
      throw this.#socket.connected
        ? new SignalError('timeout', `No answer to ${event}`)
        : disconnected();
    }
    if (answer.ok) return answer;
    throw new SignalError(answer.error?.code ?? 'unknown', answer.error?.message ?? event);
  }

  #become(state: SignalState, error?: SignalError): void {
    this.#state = state;
    this.emit('state', { state, ...(error && { error }) });
  }

  /** A token that comes too late for one handshake is the next one's. */
  async #shakeHands(send: (auth: object) => void): Promise<void> {
    const { token } = this.#options;
    this.#send = send;
    this.#asked ??= (async () => (typeof token === 'string' ? token : token()))();
    try {
      const appToken = await this.#asked;
      if (send !== this.#send) return; // The server has not waited.
      this.#asked = null;
      this.#appToken = appToken;
      send({ token: appToken });
    } catch (error) {
      this.#asked = null;
      if (error instanceof SignalError) return this.close(error);
      if (send !== this.#send) return;
      this.#become(this.#state, unreachable(error));
      this.#socket.io.engine.close(); // The socket tries again after a while.
    }
  }

  async #onConnect(): Promise<void> {
    this.#id = this.#socket.id ?? '';
    if (this.#socket.recovered && this.#sessionToken) return this.#become('resumed');
    this.#sessionToken = '';
    try {
      await this.signIn();
      const state = this.#hasBeenOnline ? 'reset' : 'connected';
      this.#hasBeenOnline = true;
      this.#become(state);
    } catch (error) {
      if (!(error instanceof SignalError)) throw error;
      if (error.code === 'timeout') this.#socket.io.engine.close();
      else if (error.code !== 'disconnected') this.close(error);
    }
  }

  #onDisconnect(reason: Socket.DisconnectReason): void {
    this.#send = null;
    if (reason === 'io server disconnect') return this.close(disconnected());
    if (this.#state === 'closed') return;
    this.#become(this.#hasBeenOnline ? 'reconnecting' : 'connecting');
  }

  #onConnectError(error: Error): void {
    if (!this.#socket.active) return this.close(new SignalError('unauthorized', error.message));
    this.#become(this.#state, unreachable(error));
  }
}
