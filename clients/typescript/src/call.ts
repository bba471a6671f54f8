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
 * A call: everybody in a room connected with everybody else. Listen first, then enter; `publish` to
 * be seen, `send` to talk. Connections heal by themselves, and outlive the one to the server.
 * Commands are functions that may be taken off the call.
 */
export class Call extends Emitter<CallEvents> {
  /** The other members by id. */
  readonly peers: ReadonlyMap<string, Peer>;
  /** To owners: who waits to be let in, by id. */
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

  /** Ids of the owners, as far as they are known. */
  get owners(): ReadonlySet<string> {
    return this.#room.owners_;
  }

  get isOwner(): boolean {
    return this.#room.isOwner_();
  }

  /** The rules of the room; null until the server has told. */
  get settings(): RoomSettings | null {
    return this.#room.settings_;
  }

  /**
   * Makes the room (a UUID is its name where none is given) and owns it. As `join` and `enter` do,
   * it rejects with "already-in-room" if this call, or another one of its signal, is in the room,
   * and with "closed" if the call has ended.
   */
  readonly create = (room?: string, options?: WithPayload): Promise<void> =>
    this.#visit.create_(room, options);

  /** Asks to be let in, and resolves when you are; rejects as `Signal.joinRoom` does. */
  readonly join = (room: string, options?: JoinOptions): Promise<void> =>
    this.#visit.join_('joinRoom', room, options);

  /** Joins the room, or creates it where there is none. */
  readonly enter = (room: string, options?: JoinOptions): Promise<void> =>
    this.#visit.join_('enterRoom', room, options);

  /** Leaves the room and closes every connection. Your tracks go on; they are yours. */
  readonly leave = (options?: WithPayload): Promise<void> => this.#visit.leave_(options);

  /**
   * Sends the stream's first audio and first video track to everyone, late comers too. `kind` is
   * how the others tell a camera from a screen ("camera" by default); what was published under it
   * before is replaced. When its tracks have ended ("Stop sharing" in the browser, or an unplugged
   * camera), the others do not see it any more, until you publish again or replace a track.
   * `maxBitrate`, in bits a second for each peer, limits its video; without it,
   * the call's option of that name does.
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
   * Sends another track of what is published under that kind, without a pause where there was one
   * before: another camera, or `null` for none.
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
   * Limits the video that is published under that kind to so many bits a second, for each peer;
   * without a number it is not limited any more. There is no new negotiation.
   */
  readonly setMaxBitrate = (kind: string, maxBitrate?: number): void => {
    findPublication(this.#mesh.published_, kind).maxBitrate_ = checkedBitrate(maxBitrate);
    this.#mesh.updateMedia_();
  };

  /**
   * To everyone whose data channel ("main", or one of the option `channels`) is open: any JSON, or
   * an ArrayBuffer or a view of one. Resolves when all of it is handed to the channels: wait for
   * that between large messages. Rejects as `Peer.send` does if a peer did not get it; the others
   * still do. The call tells "error" as well.
   */
  readonly send = (data: unknown, channel?: string): Promise<void> =>
    sendToAll(this.#mesh.peers_, data, channel);

  /** What everybody shall know of you, late comers too: muted, hand raised. Any JSON. */
  readonly setStatus = (status: unknown): void => this.#mesh.setStatus_(status);

  /** Owners only. That a candidate has gone or was answered meanwhile is no error. */
  readonly accept = (peerId: string, options?: WithPayload): Promise<void> =>
    this.#room.decide_('accept', peerId, options);

  /** Owners only, as `accept`. */
  readonly reject = (peerId: string, options?: WithPayload): Promise<void> =>
    this.#room.decide_('reject', peerId, options);

  /** Owners only: sends a member out, with `ban` for good. */
  readonly kick = (peerId: string, options?: WithPayload & { ban?: boolean }): Promise<void> =>
    this.#room.decide_('kick', peerId, options);

  /** Owners only: asks a member to mute what it sends. The member's call tells "mute-request". */
  readonly requestMute = (peerId: string, kind: MediaKind, options?: WithPayload): Promise<void> =>
    this.#signal.requestMute(this.#room.name_, peerId, kind, options);

  /** Owners only: locks the room, limits it, changes who may come in. */
  readonly update = (changes: RoomChanges, options?: WithPayload): Promise<RoomSettings> =>
    this.#signal.updateRoom(this.#room.name_, changes, options);

  /** The browser's own button ends a screen: nobody shall see its last picture for ever. */
  readonly #watch = (track: MediaStreamTrack | null): void =>
    track?.addEventListener?.('ended', this.#mesh.updateMedia_);
}
