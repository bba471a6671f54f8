import { Emitter } from './emitter.js';
import type { CallEvents, CallOptions, EmitCall } from './call_types.js';
import { createMesh } from './mesh.js';
import type { Mesh } from './mesh.js';
import type { Peer } from './peer.js';
import type { PeerEvent, RoomChanges, RoomSettings, WithPayload } from './protocol.js';
import { publicationOf } from './published.js';
import { createRoomState } from './room_state.js';
import type { RoomState } from './room_state.js';
import type { Signal } from './signal.js';
import type { JoinOptions } from './signal_types.js';
import { createVisit } from './visit.js';
import type { Visit } from './visit.js';

/**
 * A call: everybody in a room connected with everybody else. Listen first, then enter; `publish` to
 * be seen, `send` to talk. Connections heal by themselves, and outlive the one to the server.
 */
export class Call extends Emitter<CallEvents> {
  readonly #signal: Signal;
  readonly #room: RoomState;
  readonly #mesh: Mesh;
  readonly #visit: Visit;

  /** Nothing happens before `create`, `join` or `enter`. A call is one visit to one room. */
  constructor(signal: Signal, options: CallOptions = {}) {
    super();
    const emit: EmitCall = (name, event) => this.emit(name, event);
    this.#signal = signal;
    this.#room = createRoomState(signal, emit);
    this.#mesh = createMesh(signal, this.#room, emit, options);
    this.#visit = createVisit(signal, this.#room, this.#mesh, emit, options.statsInterval);
    if (options.media) this.publish(options.media);
  }

  /** Makes the room (a UUID is its name where none is given) and owns it. */
  create(room?: string, options?: WithPayload): Promise<void> {
    return this.#visit.create_(room, options);
  }

  /** Asks to be let in, and resolves when you are; rejects as `Signal.joinRoom` does. */
  join(room: string, options?: JoinOptions): Promise<void> {
    return this.#visit.join_('joinRoom', room, options);
  }

  /** Joins the room, or creates it where there is none. */
  enter(room: string, options?: JoinOptions): Promise<void> {
    return this.#visit.join_('enterRoom', room, options);
  }

  /** The room's name; empty before you are in one. */
  get room(): string {
    return this.#room.name_;
  }

  /** The other members by id. */
  get peers(): ReadonlyMap<string, Peer> {
    return this.#mesh.peers_;
  }

  /** Ids of the owners, as far as they are known. */
  get owners(): ReadonlySet<string> {
    return this.#room.owners_;
  }

  get isOwner(): boolean {
    return this.#room.isOwner_();
  }

  /** To owners: who waits to be let in, by id. */
  get candidates(): ReadonlyMap<string, PeerEvent> {
    return this.#room.candidates_;
  }

  /** The rules of the room; null until the server has told. */
  get settings(): RoomSettings | null {
    return this.#room.settings_;
  }

  /** What you publish, by kind. */
  get streams(): ReadonlyMap<string, MediaStream> {
    return new Map([...this.#mesh.published_].map(([kind, { stream_ }]) => [kind, stream_]));
  }

  /**
   * Sends the stream's first audio and first video track to everyone, late comers too. `kind` is
   * how the others tell a camera from a screen; what was published under it before is replaced.
   */
  publish(stream: MediaStream, kind = 'camera'): void {
    this.#mesh.published_.set(kind, publicationOf(stream));
    this.#mesh.updateMedia_();
  }

  unpublish(kind: string): void {
    this.#mesh.published_.delete(kind);
    this.#mesh.updateMedia_();
  }

  /**
   * Sends another track of what is published under that kind, without a pause where there was one
   * before: another camera, or `null` for none.
   */
  replaceTrack(kind: string, media: 'audio' | 'video', track: MediaStreamTrack | null): void {
    const publication = this.#mesh.published_.get(kind);
    if (!publication) throw new Error(`Nothing is published as "${kind}"`);
    publication.tracks_.set(media, track);
    this.#mesh.updateMedia_();
  }

  /**
   * To everyone whose data channel ("main", or one of the option `channels`) is open: any JSON, or
   * an ArrayBuffer or a view of one.
   */
  send(data: unknown, channel?: string): void {
    this.#mesh.peers_.forEach((peer) => peer.send(data, channel));
  }

  /** What everybody shall know of you, late comers too: muted, hand raised. Any JSON. */
  setStatus(status: unknown): void {
    this.#mesh.setStatus_(status);
  }

  /** Owners only. */
  accept(peerId: string, options?: WithPayload): Promise<void> {
    return this.#room.decide_('accept', peerId, options);
  }

  /** Owners only. */
  reject(peerId: string, options?: WithPayload): Promise<void> {
    return this.#room.decide_('reject', peerId, options);
  }

  /** Owners only: sends a member out, with `ban` for good. */
  kick(peerId: string, options?: WithPayload & { ban?: boolean }): Promise<void> {
    return this.#room.decide_('kick', peerId, options);
  }

  /** Owners only: locks the room, limits it, changes who may come in. */
  update(changes: RoomChanges, options?: WithPayload): Promise<RoomSettings> {
    return this.#signal.updateRoom(this.room, changes, options);
  }

  /** Leaves the room and closes every connection. Your tracks go on; they are yours. */
  leave(options?: WithPayload): Promise<void> {
    return this.#visit.leave_(options);
  }
}
