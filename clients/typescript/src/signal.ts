import { createRoom } from './create_room.js';
import { Emitter } from './emitter.js';
import { enterRoom } from './enter_room.js';
import { closed } from './error.js';
import { joinRoom } from './join_room.js';
import { followRooms, leaveRoom } from './memberships.js';
import type { Memberships } from './memberships.js';
import type {
  Joined,
  MediaKind,
  RoomChanges,
  RoomInfo,
  RoomSettings,
  WithPayload,
} from './protocol.js';
import { rejoinAfterResets } from './rejoin.js';
import { createRelays } from './relays.js';
import type { Relays } from './relays.js';
import { createRequests } from './requests.js';
import type { Requests } from './requests.js';
import { createSession } from './session.js';
import type { EmitOther, EmitSignal, Session } from './session.js';
import type {
  JoinOptions,
  OpenOptions,
  SignalEvents,
  SignalOptions,
  SignalState,
} from './signal_types.js';
import { createTickets } from './tickets.js';
import { isServerEvent } from './wire.js';

const isSignalEvent = (name: string): boolean =>
  isServerEvent(name) || name === 'state' || name === 'rejoin';

/**
 * The connection to a Heliograph server. It signs in, stays signed in, and reconnects when the
 * network is back. It has a method for each command of the protocol, and emits each event of the
 * server under its own name. Commands are bound: they may be passed on as functions. Their promises
 * reject with a `SignalError`.
 */
export class Signal extends Emitter<SignalEvents> {
  /** The rooms you are in. */
  readonly rooms: ReadonlySet<string>;
  readonly #session: Session;
  readonly #memberships: Memberships;
  readonly #ask: Requests['ask_'];
  readonly #relay: Relays['relay_'];

  /**
   * `url` is the address of the server: `https://signal.example.org`, or `https://example.org/rtc`
   * if its BASE_PATH is `/rtc`. Throws a `SignalError` ("invalid-url") if it is no such address.
   * Nothing happens before `open`.
   */
  constructor(url: string | URL, options: SignalOptions) {
    super(isSignalEvent);
    const emit: EmitSignal = (name, event) => this.emit(name, event);
    const emitOther: EmitOther = (name, event) => this.tellAll(name, event);
    const session = createSession(String(url), options, this, emit, emitOther);
    const requests = createRequests(session);
    const relays = createRelays(session, requests, this);
    const memberships: Memberships = {
      rooms_: new Set(),
      wanted_: new Map(),
      session_: session,
      requests_: requests,
      relays_: relays,
      tickets_: createTickets(String(url), () => session.token_, options.tickets),
      signal_: this,
    };
    this.rooms = memberships.rooms_;
    this.#session = session;
    this.#memberships = memberships;
    this.#ask = requests.ask_;
    this.#relay = relays.relay_;
    followRooms(memberships);
    if (options.rejoin ?? true) rejoinAfterResets(memberships, emit);
  }

  /** Makes a signal and opens it: the same as `new Signal(…)` and `open(…)`. */
  static async connect(url: string | URL, options: SignalOptions & OpenOptions): Promise<Signal> {
    const signal = new Signal(url, options);
    await signal.open(options);
    return signal;
  }

  /** The state of the connection. */
  get state(): SignalState {
    return this.#session.state_;
  }

  /** Whether the signal is signed in at this moment. */
  get online(): boolean {
    return this.#session.isOnline_();
  }

  /** Your peer id; empty before the first connection. It changes with a "reset". */
  get id(): string {
    return this.#session.id_;
  }

  /** Creates a room and owns it. Resolves to its name, a UUID if none is given. */
  readonly createRoom = (room?: string, options?: WithPayload): Promise<string> =>
    createRoom(this.#memberships, room, options);

  /**
   * Asks to be let in, and resolves when you are in. Rejects with "room-not-found", "room-locked",
   * "room-full", "wrong-password", "banned", or "join-rejected" if an owner refuses or nobody
   * answers in time.
   */
  readonly joinRoom = (room: string, options?: JoinOptions): Promise<Joined> =>
    joinRoom(this.#memberships, room, options);

  /** Joins the room, or creates it if there is none: `created` says which. */
  readonly enterRoom = (
    room: string,
    options?: JoinOptions,
  ): Promise<Joined & { created: boolean }> => enterRoom(this.#memberships, room, options);

  /** Leaves the room. It waits for the connection: the server keeps your place meanwhile. */
  readonly leaveRoom = (room: string, options?: WithPayload): Promise<void> =>
    leaveRoom(this.#memberships, room, options);

  /**
   * Connects and signs in. Rejects if the server cannot be reached ("unreachable", or "timeout"
   * after the option `timeout`), if there is no token ("no-token"), if the server does not accept
   * it ("unauthorized"), or if `close` is called or `signal` aborts ("closed"). Then the signal is
   * closed, and leaves nothing running. With `keepTrying` it tries again until it has a token and
   * reaches the server.
   */
  readonly open = (options?: OpenOptions): Promise<void> => this.#session.open_(options);

  /** Ends the connection: the peer leaves its rooms at once. */
  readonly close = (): void => this.#session.end_(closed());

  /** Changes your description for others. */
  readonly setPeerinfo = async (peerinfo: unknown): Promise<void> => {
    await this.#session.whenOnlineInTime_();
    await this.#session.signIn_(peerinfo);
  };

  /** Gets the server's STUN and TURN servers, with fresh credentials. */
  readonly iceServers = (): Promise<RTCIceServer[]> => this.#session.iceServers_();

  /** Members only: describes the room. */
  readonly roomInfo = (room: string): Promise<RoomInfo> => this.#ask('room-info-request', { room });

  /** Owners only: lets a candidate in. */
  readonly accept = (room: string, peerId: string, options?: WithPayload): Promise<void> =>
    this.#ask('room-join-accept', { room, peer_id: peerId }, options);

  /** Owners only: refuses a candidate. */
  readonly reject = (room: string, peerId: string, options?: WithPayload): Promise<void> =>
    this.#ask('room-join-reject', { room, peer_id: peerId }, options);

  /** Owners only: removes a member, with `ban` for good. */
  readonly kick = (
    room: string,
    peerId: string,
    options?: WithPayload & { ban?: boolean },
  ): Promise<void> =>
    this.#ask('room-kick-request', { room, peer_id: peerId, ban: options?.ban }, options);

  /** Owners only: asks a member to mute its `kind`. The member gets "room-mute" and decides. */
  readonly requestMute = (
    room: string,
    peerId: string,
    kind: MediaKind,
    options?: WithPayload,
  ): Promise<void> => this.#ask('room-mute-request', { room, peer_id: peerId, kind }, options);

  /** Owners only: changes the rules of the room. Resolves to all of them. */
  readonly updateRoom = (
    room: string,
    changes: RoomChanges,
    options?: WithPayload,
  ): Promise<RoomSettings> => this.#ask('room-update-request', { room, ...changes }, options);

  /**
   * Relays to a member. While the connection is away it waits, and is sent after a resume. While
   * the server accepts no more (`rate-limited`) it waits, too, and later ones to the same member
   * wait behind it. Rejects with "closed" or "peer-not-in-room" if one of the two leaves meanwhile,
   * with "queue-full" if 16 MiB wait already, and with "rate-limited" after two minutes.
   */
  readonly sendDescription = (
    room: string,
    to: string,
    description: RTCSessionDescriptionInit,
    options?: WithPayload,
  ): Promise<void> =>
    this.#relay(
      'relay-session-description',
      { room, to, session_description: description },
      options,
    );

  /** Like `sendDescription`. */
  readonly sendCandidate = (
    room: string,
    to: string,
    candidate: RTCIceCandidateInit,
    options?: WithPayload,
  ): Promise<void> =>
    this.#relay('relay-ice-candidate', { room, to, ice_candidate: candidate }, options);

  /**
   * Sends any JSON or binary data by way of the server, to one member or to all others. It waits as
   * `sendDescription` does, but no longer than the option `timeout` while the server accepts no
   * more. Rejects with "disconnected" if the connection breaks before the answer comes.
   */
  readonly sendMessage = (
    room: string,
    data: unknown,
    options?: WithPayload & { to?: string },
  ): Promise<void> => this.#relay('relay-message', { room, to: options?.to, data }, options);
}
