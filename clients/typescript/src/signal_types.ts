import type { ManagerOptions, SocketOptions } from 'socket.io-client';
import type { SignalError } from './error.js';
import type { Joined, ServerEvents, WithPayload } from './protocol.js';

/** The options of a signal. */
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
  /** Describes you to others: any JSON of at most 4 KiB. */
  peerinfo?: unknown;
  /** The milliseconds that a command waits for its answer; 10 000 by default. */
  timeout?: number;
  /**
   * Whether to enter the rooms again that were lost with the connection (state "reset"). A room
   * that no longer exists is created. True by default.
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

/** The part of `Storage` that tickets need. */
export type TicketStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * - `connecting`: the server has not been reached, or has not accepted the token yet
 * - `connected`: signed in
 * - `reconnecting`: the connection is lost; it keeps trying. Calls go on meanwhile.
 * - `resumed`: signed in again; same peer id, same rooms, and nothing was missed
 * - `reset`: signed in again as a new peer: `id` has changed, and the rooms are lost. With `rejoin`
 *   they are entered again (event "rejoin")
 * - `closed`: closed for good, by `close`, or because the server could not be reached at first or
 *   does not accept the token (`error` says which)
 */
export type SignalState =
  'connecting' | 'connected' | 'reconnecting' | 'resumed' | 'reset' | 'closed';

/** The state of the connection has changed. */
export interface StateEvent {
  state: SignalState;
  /** The reason. "connecting" comes again, with its error, after each attempt that fails. */
  error?: SignalError | undefined;
}

/** The events of a signal: every event of the server, and two about the connection. */
export interface SignalEvents extends ServerEvents {
  state: StateEvent;
  /** After a "reset": you are in this room again, or it could not be entered (`error`). */
  rejoin: { room: string; joined?: Joined; created?: boolean; error?: SignalError };
}

/** The options of `open`. */
export interface OpenOptions {
  /** Whether to keep trying while the server cannot be reached. */
  keepTrying?: boolean;
  /** Gives up when this aborts. */
  signal?: AbortSignal;
}

/** The options of a request to join. */
export interface JoinOptions extends WithPayload {
  /** The password, if the room's admission is "password". */
  password?: string;
  /** Withdraws the request when this aborts. */
  signal?: AbortSignal;
}
