import type { ManagerOptions, SocketOptions } from 'socket.io-client';
import { Emitter } from './emitter.js';
import type { SignalError } from './error.js';
import type {
  Joined, RoomChanges, RoomInfo, RoomSettings, ServerEvents, WithPayload,
} from './protocol.js';

export interface SignalOptions {
  /**
   * The app token, or what gets it: asked anew at every connection, so that a token may change.
   * Whoever has it may use the server: get it from your own back end.
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

export interface SignalEvents extends ServerEvents {
  state: { state: SignalState; error?: SignalError };
  /** After a "reset": back in this room, or not (`error`). */
  rejoin: { room: string; joined?: Joined; error?: SignalError };
}

export interface JoinOptions extends WithPayload {
  /** For rooms whose admission is "password". */
  password?: string;
  /** Withdraws the request when it aborts. */
  signal?: AbortSignal;
}

/**
 * The connection to a Heliograph server: signs in, stays signed in, comes back when the network
 * does. Has a method for each command of the protocol and tells each event of the server under its
 * own name. A method's promise rejects with a `SignalError`.
 */
export declare class Signal extends Emitter<SignalEvents> {
  /** Where the server is: `https://signal.example.org`. Nothing happens before `open`. */
  constructor(url: string | URL, options: SignalOptions);

  /** A signal that is open. The same as `new Signal(…)` and `open()`. */
  static connect(url: string | URL, options: SignalOptions): Promise<Signal>;

  /**
   * Connects and signs in. Keeps trying while the server cannot be reached; rejects when it does
   * not take the token ("unauthorized") or `close` is called.
   */
  open(): Promise<void>;

  /** Ends the connection: the peer leaves its rooms at once. */
  close(): void;

  get state(): SignalState;
  /** Signed in at this moment. */
  get online(): boolean;
  /** Your peer id; empty before the first connection. Another one after a "reset". */
  get id(): string;
  /** The rooms you are in. */
  get rooms(): ReadonlySet<string>;

  /** Tells others something else of you from now on. */
  setPeerinfo(peerinfo: unknown): Promise<void>;

  /** Makes a room and owns it; resolves to its name, a UUID where none is given. */
  createRoom(room?: string, options?: WithPayload): Promise<string>;
  /**
   * Asks to be let in and resolves when you are. Rejects with "room-not-found", "room-locked",
   * "room-full", "wrong-password", "banned" or "join-rejected" (by an owner, or no answer in time).
   */
  joinRoom(room: string, options?: JoinOptions): Promise<Joined>;
  /** Joins the room, or creates it where there is none. `created` tells which. */
  enterRoom(room: string, options?: JoinOptions): Promise<Joined & { created: boolean }>;
  leaveRoom(room: string, options?: WithPayload): Promise<void>;
  /** Members only. */
  roomInfo(room: string): Promise<RoomInfo>;

  /** Owners only: lets a candidate in. */
  accept(room: string, peerId: string, options?: WithPayload): Promise<void>;
  /** Owners only: refuses a candidate. */
  reject(room: string, peerId: string, options?: WithPayload): Promise<void>;
  /** Owners only: sends a member out, with `ban` for good. */
  kick(room: string, peerId: string, options?: WithPayload & { ban?: boolean }): Promise<void>;
  /** Owners only: changes the rules of the room; resolves to those that hold now. */
  updateRoom(
    room: string,
    changes: RoomChanges,
    options?: WithPayload,
  ): Promise<RoomSettings>;

  /** Relays to a member. While the connection is away it waits, and is sent again after a resume. */
  sendDescription(
    room: string,
    to: string,
    description: RTCSessionDescriptionInit,
    options?: WithPayload,
  ): Promise<void>;
  /** As `sendDescription`. */
  sendCandidate(
    room: string,
    to: string,
    candidate: RTCIceCandidateInit,
    options?: WithPayload,
  ): Promise<void>;
  /** By way of the server: any JSON or binary data, to one member or to all others. */
  sendMessage(room: string, data: unknown, options?: WithPayload & { to?: string }): Promise<void>;

  /** The server's STUN and TURN servers, with credentials that have only just been made. */
  iceServers(): Promise<RTCIceServer[]>;
}
