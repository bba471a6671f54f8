import { onAbort } from './abort.js';
import type { CallEvents, EmitCall } from './call_types.js';
import type { Unsubscribe } from './emitter.js';
import { orNothing, SignalError } from './error.js';
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

type Taken = Map<string, RoomState>;

/** The rooms that calls of the signal are in: two calls would end each other's connections. */
const taken = new WeakMap<Signal, Taken>();

function takenOf(signal: Signal): Taken {
  const rooms: Taken = taken.get(signal) ?? new Map();
  taken.set(signal, rooms);
  return rooms;
}

// Long because its variables are the state (docs/decisions/client-size.md).
export function createVisit(signal: Signal, room: RoomState, mesh: Mesh, emit: EmitCall): Visit {
  let phase: Phase = Phase.Outside;
  let withdrawal: AbortController | undefined;
  let offs: Unsubscribe[] = [];
  const rooms = takenOf(signal);

  const claim = (name: string): void => {
    room.name_ = name;
    if (name) rooms.set(name, room);
  };
  const release = (): void => {
    if (rooms.get(room.name_) === room) rooms.delete(room.name_);
  };

  const withdraw = (): void => {
    withdrawal?.abort();
    if (withdrawal) release(); // At once, as another call may enter at once.
  };
  const stop = (): void => {
    offs.splice(0).forEach((off) => off());
    release();
  };

  const end = (event: CallEvents['ended']): void => {
    if (phase === Phase.Ended) return;
    phase = Phase.Ended;
    stop();
    mesh.close_();
    emit('ended', event);
  };

  const onCreated = (name: string): void => {
    phase = Phase.Inside;
    claim(name);
    room.setOwners_([signal.id]);
  };

  const reactions: Reactions = {
    ...reactionsToOthers(room, mesh),
    'room-join-accept': ({ peers, peersinfo }) => {
      phase = Phase.Inside;
      peers.forEach((id) => mesh.welcome_(id, peersinfo[id], true));
    },
    'room-mute': ({ peerId, kind, payload }) => emit('mute-request', { peerId, kind, payload }),
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

  const goIn = async (name: string, go: () => Promise<void>): Promise<void> => {
    if (phase === Phase.Ended) {
      throw new SignalError('closed', 'A call is one visit to one room: make another call');
    }
    if (phase !== Phase.Outside || rooms.has(name)) {
      throw new SignalError('already-in-room', 'A call of this signal is in the room already');
    }
    phase = Phase.Entering;
    claim(name);
    offs = listen(signal, room, reactions);
    try {
      await go();
      await room.learn_();
    } catch (error) {
      if (phase === Phase.Entering) {
        phase = Phase.Outside;
        stop();
      }
      throw error;
    }
  };

  return {
    create_: (name = '', options) =>
      goIn(name, async () => onCreated(await signal.createRoom(name, options))),
    join_: (by, name, options) =>
      goIn(name, async () => {
        withdrawal = new AbortController();
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
