import type { Emitter } from './emitter.js';
import { closed, codeOf, orNothing, unless } from './error.js';
import type { WithPayload } from './protocol.js';
import type { Relays } from './relays.js';
import type { Requests } from './requests.js';
import type { Session } from './session.js';
import type { JoinOptions, SignalEvents } from './signal_types.js';
import type { Tickets } from './tickets.js';

/** The rooms that we are in, and the parts of the signal that enter and leave rooms. */
export interface Memberships {
  readonly rooms_: Set<string>;
  /** The rooms to enter again after a reset, and how. */
  readonly wanted_: Map<string, JoinOptions>;
  readonly session_: Session;
  readonly requests_: Requests;
  readonly relays_: Relays;
  readonly tickets_: Tickets;
  readonly signal_: Emitter<SignalEvents>;
}

/** We are in the room when the server says so. The server may have chosen its name. */
export async function comeIn<Answer extends { room: string }>(
  { rooms_, wanted_, relays_ }: Memberships,
  name: string | undefined,
  { signal, ...how }: JoinOptions,
  answer: Promise<Answer>,
): Promise<Answer> {
  try {
    const { room } = await answer;
    rooms_.add(room);
    wanted_.set(room, how);
  } catch (error) {
    // The server may have accepted a request after its caller stopped waiting.
    const mayBeIn = codeOf(error) === 'disconnected' || codeOf(error) === 'timeout';
    if (name && mayBeIn) void orNothing(relays_.deliver_('room-leave-request', { room: name }));
  }
  return answer;
}

export async function leaveRoom(
  memberships: Memberships,
  room: string,
  options?: WithPayload,
): Promise<void> {
  goOut(memberships, room);
  // If the request is lost, we have left.
  const told = memberships.relays_.deliver_('room-leave-request', { room }, options);
  await unless('disconnected', told);
  memberships.rooms_.delete(room);
}

/** Drops everything that was meant for the room. */
function goOut({ wanted_, tickets_, relays_ }: Memberships, room: string): void {
  wanted_.delete(room);
  tickets_.keep_(room, undefined);
  relays_.end_(room, closed());
}

/** Follows the server's events about the rooms that we are in. */
export function followRooms(memberships: Memberships): void {
  const { rooms_: rooms, signal_: signal, tickets_: tickets } = memberships;
  for (const name of ['room-create-accept', 'room-join-accept'] as const) {
    signal.on(name, ({ room, ticket }) => tickets.keep_(room, ticket));
  }
  signal.on('room-kick', ({ room }) => {
    goOut(memberships, room);
    rooms.delete(room);
  });
  signal.on('state', ({ state }) => {
    if (state === 'reset' || state === 'closed') rooms.clear();
  });
}
