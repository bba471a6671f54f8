import { createCallCommands } from './call_commands.js';
import type { CallCommands } from './call_commands.js';
import type { CallEvents, CallOptions, EmitCall } from './call_types.js';
import { Emitter } from './emitter.js';
import { createMesh } from './mesh.js';
import type { Peer } from './peer.js';
import type { PeerEvent, RoomSettings } from './protocol.js';
import { createRoomState } from './room_state.js';
import type { RoomState } from './room_state.js';
import type { Signal } from './signal.js';
import { createVisit } from './visit.js';

const kCallEvents = new RegExp(
  '^(peer-(joined|left|renamed)|connection-state|stream(-removed)?|message|status|channel' +
    '|owner-changed|room-updated|join-(request|cancel)|mute-request|kicked|ended|error)$',
);

/** Its commands are functions of its own: they may be taken off it. */
export interface Call extends CallCommands {}

/**
 * A call: everybody in a room connected with everybody else. Listen first, then enter; `publish` to
 * be seen, `send` to talk. Connections heal by themselves, and outlive the one to the server.
 */
export class Call extends Emitter<CallEvents> {
  /** The other members by id. */
  readonly peers: ReadonlyMap<string, Peer>;
  /** To owners: who waits to be let in, by id. */
  readonly candidates: ReadonlyMap<string, PeerEvent>;
  readonly #room: RoomState;

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
    this.#room = room;
    const visit = createVisit(signal, room, mesh, emit);
    Object.assign(this, createCallCommands(signal, room, mesh, visit, options.maxBitrate));
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
}
