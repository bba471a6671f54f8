import type { EmitCall } from './call_types.js';
import { orNothing, unless } from './error.js';
import type { PeerEvent, RoomSettings, WithPayload } from './protocol.js';
import type { Signal } from './signal.js';

/** What is known of a room besides its members: who owns it, its rules, who waits to come in. */
export interface RoomState {
  name_: string;
  owners_: Set<string>;
  settings_: RoomSettings | null;
  readonly candidates_: Map<string, PeerEvent>;
  isOwner_: () => boolean;
  /** Asks the server. What it does not tell (we may have left by now) stays unknown. */
  learn_: () => Promise<void>;
  setOwners_: (ids: string[]) => void;
  setSettings_: (settings: RoomSettings) => void;
  /** Somebody waits to be let in. */
  asked_: (request: PeerEvent) => void;
  /** It waits no more. */
  answered_: (peerId: string) => void;
  left_: (peerId: string) => void;
  /** As an owner, of a member or of who waits. That one who waited waits no more is no error. */
  decide_: (
    decision: 'accept' | 'reject' | 'kick',
    peerId: string,
    options?: WithPayload & { ban?: boolean },
  ) => Promise<void>;
  /** Somebody with whom we are still connected comes back, after the server has lost its memory. */
  welcomeBack_: (peerId: string) => void;
  /** The server has lost its memory, or we our place. */
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
