import type { EmitCall } from './call_types.js';
import { orNothing, unless } from './error.js';
import type { PeerEvent, RoomSettings, WithPayload } from './protocol.js';
import type { Signal } from './signal.js';

/** The state of a room besides its members: its owners, its rules, and those who wait. */
export interface RoomState {
  name_: string;
  owners_: Set<string>;
  settings_: RoomSettings | null;
  readonly candidates_: Map<string, PeerEvent>;
  isOwner_: () => boolean;
  /** Asks the server. If it refuses, because we have left by now, nothing changes. */
  learn_: () => Promise<void>;
  setOwners_: (ids: string[]) => void;
  setSettings_: (settings: RoomSettings) => void;
  /** Somebody waits to be let in. */
  asked_: (request: PeerEvent) => void;
  /** The candidate no longer waits. */
  answered_: (peerId: string) => void;
  left_: (peerId: string) => void;
  /** An owner decides on a member or a candidate. It is no error if a candidate no longer waits. */
  decide_: (
    decision: 'accept' | 'reject' | 'kick',
    peerId: string,
    options?: WithPayload & { ban?: boolean },
  ) => Promise<void>;
  /** A peer that is still connected with us comes back after the server lost its memory. */
  welcomeBack_: (peerId: string) => void;
  /** The server has lost its memory, or we have lost our place. */
  clear_: () => void;
}

// Long because its variables are the state (docs/decisions/client-size.md).
export function createRoomState(signal: Signal, emit: EmitCall): RoomState {
  const candidates = new Map<string, PeerEvent>();
  const room: RoomState = {
    name_: '',
    owners_: new Set(),
    settings_: null,
    candidates_: candidates,
    isOwner_: () => room.owners_.has(signal.id),
    learn_: async () => {
      const info = await orNothing(signal.roomInfo(room.name_));
      if (!info) return;
      room.setOwners_(info.owners);
      room.setSettings_(info);
    },
    setOwners_: (ids) => {
      if (String(ids) === String([...room.owners_])) return;
      const owners = (room.owners_ = new Set(ids));
      emit('owner-changed', { owners, isOwner: room.isOwner_() });
    },
    setSettings_: ({ locked, capacity, admission }) => {
      const settings = (room.settings_ = { locked, capacity, admission });
      emit('room-updated', { settings });
    },
    asked_: (request) => {
      candidates.set(request.peerId, request);
      emit('join-request', request);
    },
    answered_: (peerId) => {
      if (candidates.delete(peerId)) emit('join-cancel', { peerId });
    },
    left_: (peerId) => void room.owners_.delete(peerId),
    decide_: async (decision, peerId, options) => {
      await unless('no-join-request', signal[decision](room.name_, peerId, options));
      room.answered_(peerId);
    },
    welcomeBack_: (peerId) => {
      if (!room.isOwner_()) return;
      void orNothing(room.decide_('accept', peerId)); // It has not asked yet, or is in.
    },
    clear_: () => {
      room.owners_ = new Set();
      candidates.forEach((_, peerId) => room.answered_(peerId));
    },
  };
  return room;
}
