import type { CallEvents, EmitCall } from './call_events.js';
import type { SignalState } from './connection.js';
import { Emitter } from './emitter.js';
import { codeOf } from './error.js';
import type { SignalError } from './error.js';
import type { JoinOptions } from './join.js';
import { Mesh } from './mesh.js';
import type { Peer } from './peer.js';
import type { Joined, PeerEvent, RoomChanges, RoomSettings, WithPayload } from './protocol.js';
import { RoomState } from './room_state.js';
import type { Signal, SignalEvents } from './signal.js';

export interface CallOptions {
  /** Published as "camera" from the start. */
  media?: MediaStream;
  /** As for `setStatus`, from the start. */
  status?: unknown;
  /** What each connection is made with, besides `iceServers`, which come from the server. */
  rtc?: RTCConfiguration;
  /**
   * Data channels besides "main", by name: the same on both sides. `{ cursor: { ordered: false,
   * maxRetransmits: 0 } }` makes one for what is soon out of date.
   */
  channels?: Record<string, RTCDataChannelInit>;
  /** Milliseconds between events "stats"; none by default. */
  statsInterval?: number;
  /** Where there is none of its own, as in Node: the constructor of some implementation. */
  RTCPeerConnection?: typeof RTCPeerConnection;
}

/**
 * A call: everybody in a room connected with everybody else. Listen first, then enter; `publish` to
 * be seen, `send` to talk. Connections heal by themselves, and outlive the one to the server.
 */
export class Call extends Emitter<CallEvents> {
  readonly #signal: Signal;
  readonly #mesh: Mesh;
  readonly #room: RoomState;
  readonly #statsInterval: number;
  #phase: 'outside' | 'entering' | 'inside' | 'ended' = 'outside';
  #withdrawal = new AbortController();
  #offs: (() => void)[] = [];

  /** Nothing happens before `create`, `join` or `enter`. A call is one visit to one room. */
  constructor(signal: Signal, options: CallOptions = {}) {
    super();
    const { media, status, rtc = {}, channels = {}, statsInterval = 0 } = options;
    const constructor = options.RTCPeerConnection ?? globalThis.RTCPeerConnection;
    if (!constructor) throw new Error('There is no RTCPeerConnection here: give one as an option');
    this.#signal = signal;
    this.#statsInterval = statsInterval;
    const emit: EmitCall = (name, event) => this.emit(name, event);
    this.#room = new RoomState(signal, emit);
    this.#mesh = new Mesh(signal, this.#room, {
      rtc,
      channels,
      RTCPeerConnection: constructor,
      emit,
      onReturn: (id) => this.#welcomeBack(id),
    });
    this.#mesh.status = status;
    if (media) this.publish(media);
  }

  /** Makes the room (a UUID is its name where none is given) and owns it. */
  create(room?: string, options: WithPayload = {}): Promise<void> {
    return this.#goIn(async () => this.#onCreated(await this.#signal.createRoom(room, options)));
  }

  /** Asks to be let in, and resolves when you are; rejects as `Signal.joinRoom` does. */
  join(room: string, options: JoinOptions = {}): Promise<void> {
    return this.#goIn(async (signal) => {
      this.#room.name = room;
      await this.#signal.joinRoom(room, { ...options, signal });
    }, options.signal);
  }

  /** Joins the room, or creates it where there is none. */
  enter(room: string, options: JoinOptions = {}): Promise<void> {
    return this.#goIn(async (signal) => {
      this.#room.name = room;
      const { created } = await this.#signal.enterRoom(room, { ...options, signal });
      if (created) this.#onCreated(room);
    }, options.signal);
  }

  /** The room's name; empty before you are in one. */
  get room(): string {
    return this.#room.name;
  }

  /** The other members by id. */
  get peers(): ReadonlyMap<string, Peer> {
    return this.#mesh.peers;
  }

  /** Ids of the owners, as far as they are known. */
  get owners(): ReadonlySet<string> {
    return this.#room.owners;
  }

  get isOwner(): boolean {
    return this.#room.isOwner;
  }

  /** To owners: who waits to be let in, by id. */
  get candidates(): ReadonlyMap<string, PeerEvent> {
    return this.#room.candidates;
  }

  /** The rules of the room; null until the server has told. */
  get settings(): RoomSettings | null {
    return this.#room.settings;
  }

  /** What you publish, by kind. */
  get streams(): ReadonlyMap<string, MediaStream> {
    return this.#mesh.published.streams;
  }

  /**
   * Sends the stream's first audio and first video track to everyone, late comers too. `kind` is
   * how the others tell a camera from a screen; what was published under it before is replaced.
   */
  publish(stream: MediaStream, kind = 'camera'): void {
    this.#mesh.published.add(kind, stream);
    this.#mesh.updateMedia();
  }

  unpublish(kind: string): void {
    this.#mesh.published.remove(kind);
    this.#mesh.updateMedia();
  }

  /**
   * Sends another track of what is published under that kind, without a pause where there was one
   * before: another camera, or `null` for none.
   */
  replaceTrack(kind: string, media: 'audio' | 'video', track: MediaStreamTrack | null): void {
    if (!this.#mesh.published.replace(kind, media, track)) {
      throw new Error(`Nothing is published as "${kind}"`);
    }
    this.#mesh.updateMedia();
  }

  /** To everyone whose data channel is open: any JSON, or an ArrayBuffer or a view of one. */
  send(data: unknown, channel = 'main'): void {
    for (const peer of this.#mesh.peers.values()) peer.send(data, channel);
  }

  /** What everybody shall know of you, late comers too: muted, hand raised. Any JSON. */
  setStatus(status: unknown): void {
    this.#mesh.status = status;
  }

  /** Owners only. */
  accept(peerId: string, options?: WithPayload): Promise<void> {
    return this.#decide(peerId, this.#signal.accept(this.room, peerId, options));
  }

  /** Owners only. */
  reject(peerId: string, options?: WithPayload): Promise<void> {
    return this.#decide(peerId, this.#signal.reject(this.room, peerId, options));
  }

  /** Owners only: sends a member out, with `ban` for good. */
  kick(peerId: string, options?: WithPayload & { ban?: boolean }): Promise<void> {
    return this.#decide(peerId, this.#signal.kick(this.room, peerId, options));
  }

  /** Owners only: locks the room, limits it, changes who may come in. */
  update(changes: RoomChanges, options?: WithPayload): Promise<RoomSettings> {
    return this.#signal.updateRoom(this.room, changes, options);
  }

  /** Leaves the room and closes every connection. Your tracks go on; they are yours. */
  async leave(options?: WithPayload): Promise<void> {
    this.#withdrawal.abort();
    if (this.#phase !== 'inside') return;
    const told = this.#signal.leaveRoom(this.room, options).catch(() => {});
    this.#end({ reason: 'left' });
    if (this.#signal.online) await told; // Otherwise the server hears of it when we are back.
  }

  async #goIn(go: (signal: AbortSignal) => Promise<void>, abort?: AbortSignal): Promise<void> {
    if (this.#phase !== 'outside') throw new Error('A call is one visit to one room: make another');
    this.#phase = 'entering';
    this.#withdrawal = new AbortController();
    const withdraw = (): void => this.#withdrawal.abort();
    if (abort?.aborted) withdraw();
    abort?.addEventListener('abort', withdraw);
    this.#listen();
    try {
      await go(this.#withdrawal.signal);
      await this.#room.learn();
    } catch (error) {
      if (this.#phase === 'entering') this.#phase = 'outside';
      if (this.#phase === 'outside') this.#stopListening();
      throw error;
    } finally {
      abort?.removeEventListener('abort', withdraw);
    }
  }

  #listen(): void {
    const signal = this.#signal;
    const room = this.#room;
    const mesh = this.#mesh;
    const on = <Name extends keyof SignalEvents>(
      name: Name,
      react: (event: SignalEvents[Name]) => void,
    ): void => {
      const here = (event: SignalEvents[Name]): void => {
        if (!('room' in event) || event.room === room.name) react(event);
      };
      this.#offs.push(signal.on(name, here));
    };
    on('room-join-accept', (joined) => this.#onJoined(joined));
    on('room-join-request', (request) => this.#onRequest(request));
    on('room-join-cancel', ({ peerId }) => room.answered(peerId));
    on('room-user-join', ({ peerId, peerinfo }) => {
      room.answered(peerId);
      mesh.welcome(peerId, peerinfo);
    });
    on('room-user-leave', ({ peerId }) => {
      room.left(peerId);
      mesh.part(peerId);
    });
    on('room-owner-change', ({ peerId }) => room.setOwners([peerId]));
    on('room-update', (settings) => room.setSettings(settings));
    on('session-description', ({ peerId, peerinfo, sessionDescription, payload }) => {
      mesh.meet(peerId, peerinfo, false)?.receiveDescription(sessionDescription, payload);
    });
    on('ice-candidate', ({ peerId, peerinfo, iceCandidate }) => {
      mesh.meet(peerId, peerinfo, false)?.receiveCandidate(iceCandidate);
    });
    on('room-kick', ({ message, payload }) => {
      this.emit('kicked', { message, payload });
      this.#end({ reason: 'kicked' });
    });
    on('state', ({ state, error }) => this.#onState(state, error));
    on('rejoin', (rejoin) => this.#onRejoin(rejoin));
    if (this.#statsInterval > 0) {
      const timer = setInterval(() => this.#mesh.measure(), this.#statsInterval);
      this.#offs.push(() => clearInterval(timer));
    }
  }

  #stopListening(): void {
    for (const off of this.#offs.splice(0)) off();
  }

  #onCreated(room: string): void {
    this.#phase = 'inside';
    this.#room.name = room;
    this.#room.setOwners([this.#signal.id]);
  }

  #onJoined({ peers, peersinfo }: Joined): void {
    this.#phase = 'inside';
    this.#mesh.enter(peers, peersinfo);
  }

  #onRequest(request: PeerEvent): void {
    if (this.#mesh.returning(request.peerId)) this.#welcomeBack(request.peerId);
    else this.#room.asked(request);
  }

  /** Somebody with whom we are still connected comes back, after the server has lost its memory. */
  #welcomeBack(peerId: string): void {
    if (this.isOwner) this.accept(peerId).catch(() => {}); // It has not asked yet, or is in.
  }

  #onState(state: SignalState, error: SignalError | undefined): void {
    if (this.#phase !== 'inside') return;
    if (state === 'closed') this.#end({ reason: 'closed', ...(error && { error }) });
    if (state !== 'reset') return;
    this.#room.clear();
    this.#mesh.orphanAll();
  }

  #onRejoin({ created, error }: SignalEvents['rejoin']): void {
    if (error) return this.#end({ reason: 'lost', error });
    if (created) this.#onCreated(this.room);
    void this.#room.learn();
  }

  async #decide(peerId: string, decision: Promise<void>): Promise<void> {
    try {
      await decision;
      this.#room.answered(peerId);
    } catch (error) {
      if (codeOf(error) === 'no-join-request') this.#room.answered(peerId);
      throw error;
    }
  }

  #end(end: CallEvents['ended']): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#stopListening();
    this.#mesh.close();
    this.emit('ended', end);
  }
}
