import type { RoomState } from './room_state.js';
import type { Signal } from './signal.js';

type Rooms = Map<string, RoomState>;

const taken = new WeakMap<Signal, Rooms>();

/** The rooms that calls of a signal are in. Two calls in one would end each other's connections. */
export function takenRooms(signal: Signal): Rooms {
  const rooms: Rooms = taken.get(signal) ?? new Map<string, RoomState>();
  taken.set(signal, rooms);
  return rooms;
}
