import type { CallEvents, CallOptions, EmitCall } from './call_types.js';
import { Emitter } from './emitter.js';
import { createMesh } from './mesh.js';
import type { Mesh } from './mesh.js';
import type { Peer } from './peer.js';
import type { MediaKind, PeerEvent, RoomChanges, RoomSettings, WithPayload } from './protocol.js';
import { checkedBitrate, findPublication, publicationOf } from './published.js';
import { reactionsToOthers, reactionsToServer } from './reactions.js';
import { createRoomState } from './room_state.js';
import type { RoomState } from './room_state.js';
import { sendToAll } from './send_to_all.js';
import type { Signal } from './signal.js';
import type { JoinOptions } from './signal_types.js';
import { createStay } from './stay.js';
import { createVisit } from './visit.js';
import type { Visit } from './visit.js';

const kCallEvents =
  /^(peer-(joined|left|renamed)|connection-state|stream(-removed)?|message|status|channel|owner-changed|room-updated|join-(request|cancel)|mute-request|kicked|ended|error)$/;

/**
 * A call connects everybody in a room with everybody else. Add your listeners, then enter. Use
 * `publish` for streams and `send` for messages. Connections heal by themselves, and outlive the
 * one to the server. Commands are bound: they may be passed on as functions.
 */
export class Call extends Emitter<CallEvents> {
  /** The other members by id. */
  readonly peers: ReadonlyMap<string, Peer>;
  /** To owners: the peers that wait to be let in, by id. */
  readonly candidates: ReadonlyMap<string, PeerEvent>;
  readonly #signal: Signal;
  readonly #room: RoomState;
  readonly #mesh: Mesh;
  readonly #visit: Visit;
  readonly #maxBitrates: Record<string, number>;

  /**
   * Nothing happens before `create`, `join` or `enter`. A call is one visit to one room: after it
   * has ended, make another one. Only one call of a signal can be in the same room.
   */
  constructor(signal: Signal, options: CallOptions = {}) {
    super((name) => kCallEvents.test(name));
    const emit: EmitCall = (name, event) => this.emit(name, event);
    const room = createRoomState(signal, emit);
    const mesh = createMesh(signal, room, emit, options);
    this.peers = mesh.peers_;
    this.candidates = room.candidates_;
    this.#signal = signal;
    this.#room = room;
    this.#mesh = mesh;
    const stay = createStay(signal, room, mesh, emit);
    this.#visit = createVisit(signal, room, stay, {
      ...reactionsToOthers(room, mesh),
      ...reactionsToServer(room, mesh, stay, emit),
    });
    this.#maxBitrates = options.maxBitrate ?? {};
    Object.values(this.#maxBitrates).forEach(checkedBitrate);
    if (options.media) this.publish(options.media);
  }

  /** The room's name; empty before you are in one. */
  get room(): string {
    return this.#room.name_;
  }

  /** The ids of the owners, as far as they are known. */
  get owners(): ReadonlySet<string> {
    return this.#room.owners_;
  }

  get isOwner(): boolean {
    return this.#room.isOwner_();
  }

  /** The rules of the room; null until the server has told them. */
  get settings(): RoomSettings | null {
    return this.#room.settings_;
  }

  /**
   * Creates the room and owns it. Without a name, the room gets a UUID. Like `join` and `enter`, it
   * rejects with "already-in-room" if this call or another one of its signal is in the room, and
   * with "closed" if the call has ended.
   */
  readonly create = (room?: string, options?: WithPayload): Promise<void> =>
    this.#visit.create_(room, options);

  /** Asks to be let in, and resolves when you are in. Rejects as `Signal.joinRoom` does. */
  readonly join = (room: string, options?: JoinOptions): Promise<void> =>
    this.#visit.join_('joinRoom', room, options);

  /** Joins the room, or creates it if there is none. */
  readonly enter = (room: string, options?: JoinOptions): Promise<void> =>
    this.#visit.join_('enterRoom', room, options);

  /** Leaves the room and closes every connection. It does not stop your tracks. */
  readonly leave = (options?: WithPayload): Promise<void> => this.#visit.leave_(options);

  /**
   * Sends the stream's first audio and first video track to everyone, latecomers too. By its `kind`
   * ("camera" by default) the others tell a camera from a screen. It replaces a stream of the same
   * kind. When its tracks have ended ("Stop sharing" in the browser, or an unplugged camera), the
   * others no longer see it, until you publish again or replace a track. `maxBitrate` limits its
   * video, in bits per second for each peer; the default is the call's option of that name.
   */
  readonly publish = (
    stream: MediaStream,
    kind = 'camera',
    { maxBitrate = this.#maxBitrates[kind] }: { maxBitrate?: number } = {},
  ): void => {
    const publication = publicationOf(stream, maxBitrate);
    this.#mesh.published_.set(kind, publication);
    publication.tracks_.forEach(this.#watch);
    this.#mesh.updateMedia_();
  };

  readonly unpublish = (kind: string): void => {
    this.#mesh.published_.delete(kind);
    this.#mesh.updateMedia_();
  };

  /**
   * Sends another track for the stream that is published under that kind, such as another camera,
   * or none (`null`). There is no pause if a track was sent before.
   */
  readonly replaceTrack = (
    kind: string,
    media: MediaKind,
    track: MediaStreamTrack | null,
  ): void => {
    findPublication(this.#mesh.published_, kind).tracks_.set(media, track);
    this.#watch(track);
    this.#mesh.updateMedia_();
  };

  /**
   * Limits the video that is published under that kind, in bits per second for each peer. Without a
   * number there is no limit any more. There is no new negotiation.
   */
  readonly setMaxBitrate = (kind: string, maxBitrate?: number): void => {
    findPublication(this.#mesh.published_, kind).maxBitrate_ = checkedBitrate(maxBitrate);
    this.#mesh.updateMedia_();
  };

  /**
   * Sends any JSON, or an ArrayBuffer or a view of one, to everyone whose data channel ("main", or
   * one of the option `channels`) is open. Resolves when the channels have all of it: wait for that
   * between large messages. Rejects as `Peer.send` does if a peer did not get it; the others still
   * do. The call also emits "error".
   */
  readonly send = (data: unknown, channel?: string): Promise<void> =>
    sendToAll(this.#mesh.peers_, data, channel);

  /** Tells everybody, latecomers too, your status, such as muted or hand raised: any JSON. */
  readonly setStatus = (status: unknown): void => this.#mesh.setStatus_(status);

  /** Owners only. It is no error if the candidate has gone or was answered meanwhile. */
  readonly accept = (peerId: string, options?: WithPayload): Promise<void> =>
    this.#room.decide_('accept', peerId, options);

  /** Owners only. Otherwise like `accept`. */
  readonly reject = (peerId: string, options?: WithPayload): Promise<void> =>
    this.#room.decide_('reject', peerId, options);

  /** Owners only: removes a member, with `ban` for good. */
  readonly kick = (peerId: string, options?: WithPayload & { ban?: boolean }): Promise<void> =>
    this.#room.decide_('kick', peerId, options);

  /** Owners only: asks a member to mute its `kind`. The member's call emits "mute-request". */
  readonly requestMute = (peerId: string, kind: MediaKind, options?: WithPayload): Promise<void> =>
    this.#signal.requestMute(this.#room.name_, peerId, kind, options);

  /** Owners only: changes the rules of the room. */
  readonly update = (changes: RoomChanges, options?: WithPayload): Promise<RoomSettings> =>
    this.#signal.updateRoom(this.#room.name_, changes, options);

  /** If the browser's button ends a screen, the others must not keep seeing its last picture. */
  readonly #watch = (track: MediaStreamTrack | null): void =>
    track?.addEventListener?.('ended', this.#mesh.updateMedia_);
}
