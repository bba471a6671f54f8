import { onAbort } from './abort.js';
import type { CallEvents, EmitCall } from './call_types.js';
import type { Mesh } from './mesh.js';
import type { Joined, WithPayload } from './protocol.js';
import type { RoomState } from './room_state.js';
import type { Signal } from './signal.js';
import type { JoinOptions, SignalEvents } from './signal_types.js';

/** The way of a call into its room, and out of it. */
export interface Visit {
  create_(room: string | undefined, options: WithPayload | undefined): Promise<void>;
  /** Until it is done, `options.signal` and `leave_` withdraw it. */
  join_(by: 'joinRoom' | 'enterRoom', room: string, options?: JoinOptions): Promise<void>;
  leave_(options: WithPayload | undefined): Promise<void>;
}

type Reactions = { [Name in keyof SignalEvents]?: (event: SignalEvents[Name]) => void };

const enum Phase {
  Outside,
  Entering,
  Inside,
  Ended,
}

export function createVisit(
  signal: Signal,
  room: RoomState,
  mesh: Mesh,
  emit: EmitCall,
  statsInterval = 0,
): Visit {
  let phase: Phase = Phase.Outside;
  let withdrawal: AbortController | undefined;
  let stopListening: () => void;

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
      mesh.enter_(peers, peersinfo);
    },
    'room-kick': ({ message, payload }) => {
      emit('kicked', { message, payload });
      end({ reason: 'kicked' });
    },
    state: ({ state, error }) => {
      if (phase !== Phase.Inside) return;
      if (state === 'closed') end({ reason: 'closed', ...(error && { error }) });
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

  const listen = (): void => {
    const offs = Object.entries(reactions).map(([name, react]) =>
      signal.on(name as 'message', (event) => {
        const isElsewhere = 'room' in event && event.room !== room.name_;
        if (!isElsewhere) (react as (event: unknown) => void)(event);
      }),
    );
    const timer = statsInterval > 0 ? setInterval(mesh.measure_, statsInterval) : undefined;
    stopListening = () => {
      clearInterval(timer);
      offs.forEach((off) => off());
    };
  };

  const goIn = async (go: () => Promise<void>): Promise<void> => {
    if (phase !== Phase.Outside) throw new Error('A call is one visit to one room: make another');
    phase = Phase.Entering;
    listen();
    try {
      await go();
      await room.learn_();
    } catch (error) {
      if (phase === Phase.Entering) phase = Phase.Outside;
      if (phase === Phase.Outside) stopListening();
      throw error;
    }
  };

  return {
    create_: (name, options) => goIn(async () => onCreated(await signal.createRoom(name, options))),
    join_: (by, name, options) =>
      goIn(async () => {
        withdrawal = new AbortController();
        room.name_ = name;
        const off = onAbort(options?.signal, () => withdrawal?.abort());
        const how = { ...options, signal: withdrawal.signal };
        const joined: Joined & { created?: boolean } = await signal[by](name, how).finally(off);
        if (joined.created) onCreated(name);
      }),
    leave_: async (options) => {
      withdrawal?.abort();
      if (phase !== Phase.Inside) return;
      const told = signal.leaveRoom(room.name_, options).catch(() => {});
      end({ reason: 'left' });
      if (signal.online) await told; // Otherwise the server hears of it when we are back.
    },
  };
}

/** What others do in the room, and what is done to it. */
function reactionsToOthers(room: RoomState, mesh: Mesh): Reactions {
  return {
    'room-join-request': (request) => {
      if (mesh.expects_(request.peerId)) room.welcomeBack_(request.peerId);
      else room.asked_(request);
    },
    'room-join-cancel': ({ peerId }) => room.answered_(peerId),
    'room-user-join': ({ peerId, peerinfo }) => {
      room.answered_(peerId);
      mesh.welcome_(peerId, peerinfo);
    },
    'room-user-leave': ({ peerId }) => {
      room.left_(peerId);
      mesh.part_(peerId);
    },
    'room-owner-change': ({ peerId }) => room.setOwners_([peerId]),
    'room-update': (settings) => room.setSettings_(settings),
    'session-description': ({ peerId, peerinfo, sessionDescription, payload }) => {
      const peer = mesh.meet_(peerId, peerinfo, false);
      peer?.receiveDescription_(sessionDescription, payload);
    },
    'ice-candidate': ({ peerId, peerinfo, iceCandidate }) => {
      const peer = mesh.meet_(peerId, peerinfo, false);
      peer?.link_.enqueue_((steps) => steps.takeCandidate_(iceCandidate));
    },
  };
}
