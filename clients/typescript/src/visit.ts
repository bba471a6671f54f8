import { onAbort } from './abort.js';
import type { CallEvents, EmitCall } from './call_types.js';
import type { Unsubscribe } from './emitter.js';
import { orNothing } from './error.js';
import type { Mesh } from './mesh.js';
import type { Joined, WithPayload } from './protocol.js';
import { listen, reactionsToOthers } from './reactions.js';
import type { Reactions } from './reactions.js';
import type { RoomState } from './room_state.js';
import type { Signal } from './signal.js';
import type { JoinOptions } from './signal_types.js';

/** The way of a call into its room, and out of it. */
export interface Visit {
  create_(room: string | undefined, options: WithPayload | undefined): Promise<void>;
  /** Until it is done, `options.signal` and `leave_` withdraw it. */
  join_(by: 'joinRoom' | 'enterRoom', room: string, options?: JoinOptions): Promise<void>;
  leave_(options: WithPayload | undefined): Promise<void>;
}

const enum Phase {
  Outside,
  Entering,
  Inside,
  Ended,
}

// Long because its variables are the state (docs/decisions/client-size.md).
export function createVisit(
  signal: Signal,
  room: RoomState,
  mesh: Mesh,
  emit: EmitCall,
): Visit {
  let phase: Phase = Phase.Outside;
  let withdrawal: AbortController | undefined;
  let offs: Unsubscribe[] = [];

  const withdraw = (): void => withdrawal?.abort();
  const stopListening = (): void => offs.splice(0).forEach((off) => off());

  const end = (event: CallEvents['ended']): void => {
    if (phase === Phase.Ended) return;
    phase = Phase.Ended;
    stopListening();
    mesh.close_();
    emit('ended', event);
  };

  const onCreated = (name: string): void => {
    phase = Phase.Inside;
    room.name_ = name;
    room.setOwners_([signal.id]);
  };

  const reactions: Reactions = {
    ...reactionsToOthers(room, mesh),
    'room-join-accept': ({ peers, peersinfo }) => {
      phase = Phase.Inside;
      peers.forEach((id) => mesh.welcome_(id, peersinfo[id], true));
    },
    'room-kick': ({ message, payload }) => {
      emit('kicked', { message, payload });
      end({ reason: 'kicked' });
    },
    state: ({ state, error }) => {
      if (phase !== Phase.Inside) return;
      if (state === 'closed') end({ reason: 'closed', error });
      if (state !== 'reset') return;
      room.clear_();
      mesh.orphanAll_();
    },
    rejoin: ({ created, error }) => {
      if (error) return end({ reason: 'lost', error });
      if (created) onCreated(room.name_);
      void room.learn_();
    },
  };

  const goIn = async (go: () => Promise<void>): Promise<void> => {
    if (phase !== Phase.Outside) throw new Error('A call is one visit to one room');
    phase = Phase.Entering;
    offs = listen(signal, room, reactions);
    try {
      await go();
      await room.learn_();
    } catch (error) {
      if (phase === Phase.Entering) {
        phase = Phase.Outside;
        stopListening();
      }
      throw error;
    }
  };

  return {
    create_: (name, options) => goIn(async () => onCreated(await signal.createRoom(name, options))),
    join_: (by, name, options) =>
      goIn(async () => {
        withdrawal = new AbortController();
        room.name_ = name;
        const off = onAbort(options?.signal, withdraw);
        const how = { ...options, signal: withdrawal.signal };
        const joined: Joined & { created?: boolean } = await signal[by](name, how).finally(off);
        if (joined.created) onCreated(name);
      }),
    leave_: async (options) => {
      withdraw();
      if (phase !== Phase.Inside) return;
      const told = orNothing(signal.leaveRoom(room.name_, options));
      end({ reason: 'left' });
      if (signal.online) await told; // Otherwise the server hears of it when we are back.
    },
  };
}
