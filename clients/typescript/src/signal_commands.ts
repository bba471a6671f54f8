import type {
  Joined,
  MediaKind,
  RoomChanges,
  RoomInfo,
  RoomSettings,
  WithPayload,
} from './protocol.js';
import type { Requests } from './requests.js';
import type { Relays } from './relays.js';
import type { Session } from './session.js';
import type { JoinOptions, OpenOptions } from './signal_types.js';

/** The ways into rooms, and out of them. */
export interface RoomCommands {
  /** Makes a room and owns it; resolves to its name, a UUID if none is given. */
  createRoom(room?: string, options?: WithPayload): Promise<string>;
  /**
   * Asks to be let in and resolves when you are. Rejects with "room-not-found", "room-locked",
   * "room-full", "wrong-password", "banned" or "join-rejected" (by an owner, or no answer in time).
   */
  joinRoom(room: string, options?: JoinOptions): Promise<Joined>;
  /** Joins the room, or creates it where there is none: `created` tells which. */
  enterRoom(room: string, options?: JoinOptions): Promise<Joined & { created: boolean }>;
  /** While the connection is away it waits: a place that is kept must be given up. */
  leaveRoom(room: string, options?: WithPayload): Promise<void>;
}

/** What a signal can be told to do. A promise rejects with a `SignalError`. */
export interface SignalCommands extends RoomCommands {
  /**
   * Connects and signs in. Rejects if the server cannot be reached ("unreachable", or "timeout"
   * after the option `timeout`), if there is no token ("no-token") or the server does not take it
   * ("unauthorized"), or if `close` is called or `signal` aborts ("closed"): the signal is closed
   * then, and nothing of it runs on. With `keepTrying` it tries again until the server can be
   * reached and the token had.
   */
  open(options?: OpenOptions): Promise<void>;
  /** Ends the connection: the peer leaves its rooms at once. */
  close(): void;
  /** Tells others something else of you from now on. */
  setPeerinfo(peerinfo: unknown): Promise<void>;
  /** The server's STUN and TURN servers, with credentials that have only just been made. */
  iceServers(): Promise<RTCIceServer[]>;

  /** Members only. */
  roomInfo(room: string): Promise<RoomInfo>;
  /** Owners only: lets a candidate in. */
  accept(room: string, peerId: string, options?: WithPayload): Promise<void>;
  /** Owners only: refuses a candidate. */
  reject(room: string, peerId: string, options?: WithPayload): Promise<void>;
  /** Owners only: sends a member out, with `ban` for good. */
  kick(room: string, peerId: string, options?: WithPayload & { ban?: boolean }): Promise<void>;
  /** Owners only: asks a member to mute what it sends. The member gets "room-mute" and decides. */
  requestMute(room: string, peerId: string, kind: MediaKind, options?: WithPayload): Promise<void>;
  /** Owners only: changes the rules of the room; resolves to those that hold now. */
  updateRoom(room: string, changes: RoomChanges, options?: WithPayload): Promise<RoomSettings>;

  /**
   * Relays to a member. While the connection is away it waits, and goes out after a resume. While the
   * server takes no more (`rate-limited`) it waits, too, and those to the same member wait behind it.
   * Rejects with "closed" or "peer-not-in-room" if one of the two leaves meanwhile, with "queue-full"
   * if 16 MiB wait already, and with "rate-limited" after two minutes.
   */
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
  /**
   * By way of the server: any JSON or binary data, to one member or to all others. Waits as
   * `sendDescription` does, but for no longer than the option `timeout` while the server takes no
   * more, and rejects with "disconnected" if the connection breaks before the answer comes.
   */
  sendMessage(room: string, data: unknown, options?: WithPayload & { to?: string }): Promise<void>;
}

export function createSignalCommands(
  session: Session,
  { ask_: ask }: Requests,
  { relay_: relay }: Relays,
  roomCommands: RoomCommands,
): SignalCommands {
  return {
    ...roomCommands,
    open: session.open_,
    close: session.close_,
    setPeerinfo: async (peerinfo) => {
      await session.whenOnlineInTime_();
      await session.signIn_(peerinfo);
    },
    iceServers: session.iceServers_,
    roomInfo: (room) => ask('room-info-request', { room }),
    accept: (room, peer_id, options) => ask('room-join-accept', { room, peer_id }, options),
    reject: (room, peer_id, options) => ask('room-join-reject', { room, peer_id }, options),
    kick: (room, peer_id, options) =>
      ask('room-kick-request', { room, peer_id, ban: options?.ban }, options),
    requestMute: (room, peer_id, kind, options) =>
      ask('room-mute-request', { room, peer_id, kind }, options),
    updateRoom: (room, changes, options) =>
      ask('room-update-request', { room, ...changes }, options),
    sendDescription: (room, to, session_description, options) =>
      relay('relay-session-description', { room, to, session_description }, options),
    sendCandidate: (room, to, ice_candidate, options) =>
      relay('relay-ice-candidate', { room, to, ice_candidate }, options),
    sendMessage: (room, data, options) =>
      relay('relay-message', { room, to: options?.to, data }, options),
  };
}
