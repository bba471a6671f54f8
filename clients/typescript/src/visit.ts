import { onAbort } from './abort.js';
import { orNothing, SignalError } from './error.js';
import type { Joined, WithPayload } from './protocol.js';
import { listen } from './reactions.js';
import type { Reactions } from './reactions.js';
import type { RoomState } from './room_state.js';
import type { Signal } from './signal.js';
import type { JoinOptions } from './signal_types.js';
import { Phase } from './stay.js';
import type { Stay } from './stay.js';

/** Enters the room of a call, and leaves it. */
export interface Visit {
  create_: (room: string | undefined, options: WithPayload | undefined) => Promise<void>;
  /** `options.signal` and `leave_` withdraw it until it is done. */
  join_: (by: 'joinRoom' | 'enterRoom', room: string, options?: JoinOptions) => Promise<void>;
  leave_: (options: WithPayload | undefined) => Promise<void>;
}

// Long because its variables are the state (docs/decisions/client-size.md).
export function createVisit(
  signal: Signal,
  room: RoomState,
  stay: Stay,
  reactions: Reactions,
): Visit {
  let withdrawal: AbortController | undefined;

  const withdraw = (): void => {
    withdrawal?.abort();
    if (withdrawal) stay.release_(); // At once, as another call may enter at once.
  };

  const goIn = async (name: string, go: () => Promise<void>): Promise<void> => {
    if (stay.phase_ === Phase.Ended) {
      throw new SignalError('closed', 'A call is one visit to one room: make another call');
    }
    if (stay.phase_ !== Phase.Outside || stay.isTaken_(name)) {
      throw new SignalError('already-in-room', 'A call of this signal is in the room already');
    }
    stay.phase_ = Phase.Entering;
    stay.claim_(name);
    stay.offs_ = listen(signal, room, reactions);
    try {
      await go();
      await room.learn_();
    } catch (error) {
      if (stay.phase_ === Phase.Entering) {
        stay.phase_ = Phase.Outside;
        stay.stop_();
      }
      throw error;
    }
  };

  return {
    create_: (name = '', options) =>
      goIn(name, async () => stay.created_(await signal.createRoom(name, options))),
    join_: (by, name, options) =>
      goIn(name, async () => {
        withdrawal = new AbortController();
        const off = onAbort(options?.signal, withdraw);
        const how = { ...options, signal: withdrawal.signal };
        const joined: Joined & { created?: boolean } = await signal[by](name, how).finally(off);
        if (joined.created) stay.created_(name);
      }),
    leave_: async (options) => {
      withdraw();
      if (stay.phase_ !== Phase.Inside) return;
      const told = orNothing(signal.leaveRoom(room.name_, options));
      stay.end_({ reason: 'left' });
      if (signal.online) await told; // Otherwise the server hears of it when we are back.
    },
  };
}
