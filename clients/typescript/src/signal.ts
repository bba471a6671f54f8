import { Emitter } from './emitter.js';
import { createIceServers, fetchIceServers } from './ice_servers.js';
import type { IceServers } from './ice_servers.js';
import { createMemberships } from './memberships.js';
import type { Memberships } from './memberships.js';
import type { Joined, RoomChanges, RoomInfo, RoomSettings, WithPayload } from './protocol.js';
import { createRequests } from './requests.js';
import type { Requests } from './requests.js';
import { createSession } from './session.js';
import type { Session, SessionHost } from './session.js';
import type { JoinOptions, SignalEvents, SignalOptions, SignalState } from './signal_types.js';

/**
 * The connection to a Heliograph server: signs in, stays signed in, comes back when the network
 * does. Has a method for each command of the protocol and tells each event of the server under its
 * own name. A method's promise rejects with a `SignalError`.
 */
export class Signal extends Emitter<SignalEvents> {
  readonly #session: Session;
  readonly #requests: Requests;
  readonly #memberships: Memberships;
  readonly #iceServers: IceServers;

  /** Where the server is: `https://signal.example.org`. Nothing happens before `open`. */
  constructor(url: string | URL, options: SignalOptions) {
    super();
    const { rejoin = true, socket } = options;
    const host: SessionHost = {
      emit_: (name, event) => this.emit(name, event),
      onSignedIn_: (servers) => this.#iceServers.keep_(servers),
    };
    const server = String(url);
    const session = createSession(server, options, this, host);
    const requests = createRequests(session);
    this.#session = session;
    this.#requests = requests;
    this.#memberships = createMemberships(session, requests, this, host, rejoin);
    this.#iceServers = createIceServers(() =>
      fetchIceServers(server, socket?.path ?? '/socket.io/', session.token_()),
    );
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
    return this.#session.open_();
  }

  /** Ends the connection: the peer leaves its rooms at once. */
  close(): void {
    this.#session.close_();
  }

  /** How the connection is doing. */
  get state(): SignalState {
    return this.#session.state_();
  }

  /** Signed in at this moment. */
  get online(): boolean {
    return this.#session.isOnline_();
  }

  /** Your peer id; empty before the first connection. Another one after a "reset". */
  get id(): string {
    return this.#session.id_();
  }

  /** The rooms you are in. */
  get rooms(): ReadonlySet<string> {
    return this.#memberships.rooms_;
  }

  /** Tells others something else of you from now on. */
  async setPeerinfo(peerinfo: unknown): Promise<void> {
    await this.#session.whenOnlineInTime_();
    await this.#session.signIn_(peerinfo);
  }

  /** Makes a room and owns it; resolves to its name, a UUID where none is given. */
  createRoom(room?: string, options?: WithPayload): Promise<string> {
    return this.#memberships.create_(room, options);
  }

  /**
   * Asks to be let in and resolves when you are. Rejects with "room-not-found", "room-locked",
   * "room-full", "wrong-password", "banned" or "join-rejected" (by an owner, or no answer in time).
   */
  joinRoom(room: string, options?: JoinOptions): Promise<Joined> {
    return this.#memberships.join_(room, options);
  }

  /** Joins the room, or creates it where there is none: `created` tells which. */
  enterRoom(room: string, options?: JoinOptions): Promise<Joined & { created: boolean }> {
    return this.#memberships.enter_(room, options);
  }

  /** While the connection is away it waits: a place that is kept must be given up. */
  leaveRoom(room: string, options?: WithPayload): Promise<void> {
    return this.#memberships.leave_(room, options);
  }

  /** Members only. */
  roomInfo(room: string): Promise<RoomInfo> {
    return this.#requests.ask_('room-info-request', { room });
  }

  /** Owners only: lets a candidate in. */
  accept(room: string, peerId: string, options?: WithPayload): Promise<void> {
    return this.#requests.command_('room-join-accept', { room, peer_id: peerId }, options);
  }

  /** Owners only: refuses a candidate. */
  reject(room: string, peerId: string, options?: WithPayload): Promise<void> {
    return this.#requests.command_('room-join-reject', { room, peer_id: peerId }, options);
  }

  /** Owners only: sends a member out, with `ban` for good. */
  kick(room: string, peerId: string, options?: WithPayload & { ban?: boolean }): Promise<void> {
    return this.#requests.command_(
      'room-kick-request',
      { room, peer_id: peerId, ban: options?.ban },
      options,
    );
  }

  /** Owners only: changes the rules of the room; resolves to those that hold now. */
  updateRoom(
    room: string,
    changes: RoomChanges,
    options?: WithPayload,
  ): Promise<RoomSettings> {
    return this.#requests.ask_('room-update-request', { room, ...changes }, options);
  }

  /** Relays to a member. While the connection is away it waits, and goes out after a resume. */
  sendDescription(
    room: string,
    to: string,
    description: RTCSessionDescriptionInit,
    options?: WithPayload,
  ): Promise<void> {
    return this.#requests.deliver_(
      'relay-session-description',
      { room, to, session_description: description },
      options,
    );
  }

  /** As `sendDescription`. */
  sendCandidate(
    room: string,
    to: string,
    candidate: RTCIceCandidateInit,
    options?: WithPayload,
  ): Promise<void> {
    return this.#requests.deliver_(
      'relay-ice-candidate',
      { room, to, ice_candidate: candidate },
      options,
    );
  }

  /** By way of the server: any JSON or binary data, to one member or to all others. */
  sendMessage(
    room: string,
    data: unknown,
    options?: WithPayload & { to?: string },
  ): Promise<void> {
    return this.#requests.command_('relay-message', { room, to: options?.to, data }, options);
  }

  /** The server's STUN and TURN servers, with credentials that have only just been made. */
  iceServers(): Promise<RTCIceServer[]> {
    return this.#iceServers.get_();
  }
}
