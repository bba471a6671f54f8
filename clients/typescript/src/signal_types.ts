import type { ManagerOptions, SocketOptions } from 'socket.io-client';
import type { SignalError } from './error.js';
import type { Joined, ServerEvents, WithPayload } from './protocol.js';

/** What a signal is made with. */
export interface SignalOptions {
  /**
   * The app token, or a function that gets it. The signal calls the function for every connection
   * and before a session ends, so a token may change or expire. Anybody who has the token can use
   * the server: get it from your own back end. If the function fails or gives nothing, `open`
   * rejects with "no-token" and the error's message (`cause` is the error); with `keepTrying`, and
   * after the first connection, the signal calls it again. If it throws a SignalError while a
   * connection begins, the signal closes with that error.
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
  /**
   * Where the signal stores its tickets: they let you into your rooms again without asking, for
   * example after a reload. The default is the page's sessionStorage; in Node it is this process's
   * memory. Anybody who can read the store can enter as you.
   */
  tickets?: TicketStore;
  /** More options for socket.io-client, such as `path` or `transports`. */
  socket?: Partial<ManagerOptions & SocketOptions>;
}

/** As much of `Storage` as tickets need. */
export type TicketStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * - `connecting`: until the server has been reached and has taken the token
 * - `connected`: signed in
 * - `reconnecting`: the connection is lost; it keeps trying. Calls go on meanwhile.
 * - `resumed`: signed in again; same peer id, same rooms, and nothing was missed
 * - `reset`: signed in again as a new peer: `id` has changed, rooms are lost, and with `rejoin`
 *   entered anew (event "rejoin")
 * - `closed`: for good, by `close`, or because the server could not be reached at first or does not
 *   take the token (`error` says)
 */
export type SignalState =
  'connecting' | 'connected' | 'reconnecting' | 'resumed' | 'reset' | 'closed';

/** How the connection is doing from now on. */
export interface StateEvent {
  state: SignalState;
  /** Why it is so, or why it is still so: "connecting" is told again at each attempt that fails. */
  error?: SignalError | undefined;
}

/** What a signal tells: every event of the server, and how its connection is doing. */
export interface SignalEvents extends ServerEvents {
  state: StateEvent;
  /** After a "reset": back in this room, or not (`error`). */
  rejoin: { room: string; joined?: Joined; created?: boolean; error?: SignalError };
}

/** How a connection is opened. */
export interface OpenOptions {
  /** Whether to go on trying while the server cannot be reached. */
  keepTrying?: boolean;
  /** Gives up when it aborts. */
  signal?: AbortSignal;
}

/** How one asks to be let in. */
export interface JoinOptions extends WithPayload {
  /** For rooms whose admission is "password". */
  password?: string;
  /** Withdraws the request when it aborts. */
  signal?: AbortSignal;
}
