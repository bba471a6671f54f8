import { enterRoom } from './enter_room.js';
import { codeOf, orNothing } from './error.js';
import type { SignalError } from './error.js';
import type { Memberships } from './memberships.js';
import type { EmitSignal } from './session.js';
import type { JoinOptions } from './signal_types.js';

/** After each reset, enters the rooms again that we were in. */
export function rejoinAfterResets(memberships: Memberships, emit: EmitSignal): void {
  const { signal_: signal, wanted_: wanted } = memberships;
  signal.on('state', ({ state }) => {
    if (state !== 'reset') return;
    wanted.forEach((how, room) => void orNothing(rejoin(memberships, emit, room, how)));
  });
}

async function rejoin(
  memberships: Memberships,
  emit: EmitSignal,
  room: string,
  how: JoinOptions,
): Promise<void> {
  const { session_: session, wanted_: wanted } = memberships;
  const id = session.id_;
  try {
    const { created, ...joined } = await enterRoom(memberships, room, how);
    emit('rejoin', { room, joined, created });
  } catch (error) {
    if (codeOf(error) !== 'disconnected') {
      wanted.delete(room);
      emit('rejoin', { room, error: error as SignalError });
      return;
    }
    await session.whenOnline_();
    // After another reset there is nothing to do here: that one enters the rooms again.
    if (session.id_ === id) await rejoin(memberships, emit, room, how);
  }
}
