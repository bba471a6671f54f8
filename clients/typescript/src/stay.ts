import type { CallEvents, EmitCall } from './call_types.js';
import type { Unsubscribe } from './emitter.js';
import type { Mesh } from './mesh.js';
import type { RoomState } from './room_state.js';
import type { Signal } from './signal.js';
import { takenRooms } from './taken_rooms.js';

export const enum Phase {
  Outside,
  Entering,
  Inside,
  Ended,
}

/** The phases of a call's one visit to a room. */
export interface Stay {
  phase_: Phase;
  /** Functions that remove the call's listeners. */
  offs_: Unsubscribe[];
  /** Takes the room, unless it has no name yet. Another call of the signal may have taken it. */
  claim_: (name: string) => void;
  isTaken_: (name: string) => boolean;
  release_: () => void;
  /** We are inside, and own the room. */
  created_: (name: string) => void;
  stop_: () => void;
  end_: (event: CallEvents['ended']) => void;
}

export function createStay(signal: Signal, room: RoomState, mesh: Mesh, emit: EmitCall): Stay {
  const rooms = takenRooms(signal);
  const stay: Stay = {
    phase_: Phase.Outside,
    offs_: [],
    claim_: (name) => {
      room.name_ = name;
      if (name) rooms.set(name, room);
    },
    isTaken_: (name) => rooms.has(name),
    release_: () => {
      if (rooms.get(room.name_) === room) rooms.delete(room.name_);
    },
    created_: (name) => {
      stay.phase_ = Phase.Inside;
      stay.claim_(name);
      room.setOwners_([signal.id]);
    },
    stop_: () => {
      stay.offs_.splice(0).forEach((off) => off());
      stay.release_();
    },
    end_: (event) => {
      if (stay.phase_ === Phase.Ended) return;
      stay.phase_ = Phase.Ended;
      stay.stop_();
      mesh.close_();
      emit('ended', event);
    },
  };
  return stay;
}
