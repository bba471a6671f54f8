import { Emitter } from './emitter.js';
import type { SignalError } from './error.js';
import type { Peer } from './peer.js';
import type { PeerEvent, RoomChanges, RoomSettings, WithPayload } from './protocol.js';
import type { JoinOptions, Signal } from './signal.js';
import type { PeerStats } from './stats.js';

export interface CallOptions {
  /** Published as "camera" from the start. */
  media?: MediaStream;
  /** As for `setStatus`, from the start. */
  status?: unknown;
  /** What each connection is made with, besides `iceServers`, which come from the server. */
  rtc?: RTCConfiguration;
  /** Milliseconds between events "stats"; none by default. */
  statsInterval?: number;
  /** Where there is none of its own, as in Node: the constructor of some implementation. */
  RTCPeerConnection?: typeof RTCPeerConnection;
}

export type CallEnd = 'left' | 'kicked' | 'closed' | 'lost';

export interface CallEvents {
  /** Somebody is in the room; the connection is about to be made. */
  'peer-joined': { peer: Peer };
  /** After "stream-removed" for each of its streams. */
  'peer-left': { peer: Peer };
  /** The same peer under another id: it, or the server, came back without its memory. */
  'peer-renamed': { peer: Peer; previousId: string };
  'connection-state': { peer: Peer; state: RTCPeerConnectionState };
  /** The other side publishes something, and it has arrived; tracks may come and go in it. */
  stream: { peer: Peer; stream: MediaStream; kind: string };
  'stream-removed': { peer: Peer; stream: MediaStream; kind: string };
  /** Over the main data channel: what the other side gave to `send`; binary as an ArrayBuffer. */
  message: { peer: Peer; data: unknown };
  status: { peer: Peer; status: unknown };
  /** The other side has opened a data channel by `openChannel`. */
  channel: { peer: Peer; channel: RTCDataChannel };
  stats: { peer: Peer; stats: PeerStats };
  'owner-changed': { owners: ReadonlySet<string>; isOwner: boolean };
  'room-updated': { settings: RoomSettings };
  /** To owners: decide by `accept` or `reject`. Who asks again is told again. */
  'join-request': { peerId: string; peerinfo?: unknown; payload?: unknown };
  /** To owners: the request is answered, withdrawn or too old; take its card away. */
  'join-cancel': { peerId: string };
  /** An owner sent you out; "ended" follows. */
  kicked: { message: string; payload?: unknown };
  /**
   * The call is over: `left` by yourself, `kicked`, `closed` as the signal was, or `lost` as the
   * room could not be entered again after a "reset" (`error` says why).
   */
  ended: { reason: CallEnd; error?: SignalError };
  /** Something went wrong with one connection; the others are untouched. */
  error: { peer: Peer; error: unknown };
}

/**
 * A call: everybody in a room connected with everybody else. Listen first, then enter; `publish` to be
 * seen, `send` to talk. Connections heal by themselves, and outlive the one to the server.
 */
export declare class Call extends Emitter<CallEvents> {
  /** Nothing happens before `create`, `join` or `enter`. A call is good for one visit to one room. */
  constructor(signal: Signal, options?: CallOptions);

  /** Makes the room (a UUID is its name where none is given) and owns it. */
  create(room?: string, options?: WithPayload): Promise<void>;
  /** Asks to be let in, and resolves when you are; see `Signal.joinRoom` for what it rejects with. */
  join(room: string, options?: JoinOptions): Promise<void>;
  /** Joins the room, or creates it where there is none. */
  enter(room: string, options?: JoinOptions): Promise<void>;

  /** The room's name; empty before you are in one. */
  readonly room: string;
  /** The other members by id. */
  readonly peers: ReadonlyMap<string, Peer>;
  /** Ids of the owners, as far as they are known. */
  readonly owners: ReadonlySet<string>;
  readonly isOwner: boolean;
  /** To owners: who waits to be let in, by id. */
  readonly candidates: ReadonlyMap<string, PeerEvent>;
  /** The rules of the room; null until the server has told. */
  readonly settings: RoomSettings | null;
  /** What you publish, by kind. */
  readonly streams: ReadonlyMap<string, MediaStream>;

  /**
   * Sends the stream's tracks to everyone, also to those who come later, and tracks that
   * `replaceTrack` puts in. `kind` is how the others tell a camera from a screen; a stream
   * published under the same kind before is replaced.
   */
  publish(stream: MediaStream, kind?: string): void;
  unpublish(kind: string): void;
  /**
   * Sends another track of the published stream of that kind from now on, without any pause:
   * another camera, or `null` for none. `media` says which one: "audio" or "video".
   */
  replaceTrack(kind: string, media: 'audio' | 'video', track: MediaStreamTrack | null): Promise<void>;

  /** To everyone whose main data channel is open: any JSON, or an ArrayBuffer or view of one. */
  send(data: unknown): void;
  /** What everybody shall know of you, late comers too: muted, hand raised. Any JSON. */
  setStatus(status: unknown): void;

  /** Owners only. */
  accept(peerId: string, options?: WithPayload): Promise<void>;
  /** Owners only. */
  reject(peerId: string, options?: WithPayload): Promise<void>;
  /** Owners only: sends a member out, with `ban` for good. */
  kick(peerId: string, options?: WithPayload & { ban?: boolean }): Promise<void>;
  /** Owners only: locks the room, limits it, changes who may come in. */
  update(changes: RoomChanges, options?: WithPayload): Promise<RoomSettings>;

  /** Leaves the room and closes every connection. Your tracks go on; they are yours. */
  leave(options?: WithPayload): Promise<void>;
}
