import type { EmitCall } from './call_types.js';
import type { Unsubscribe } from './emitter.js';
import type { Mesh } from './mesh.js';
import type { RoomState } from './room_state.js';
import type { Signal } from './signal.js';
import type { SignalEvents } from './signal_types.js';
import { Phase } from './stay.js';
import type { Stay } from './stay.js';

/** A function for each of these events. */
export type Reactions = { [Name in keyof SignalEvents]?: (event: SignalEvents[Name]) => void };

/** Reacts to the events of this room, and to those of no room. */
export function listen(signal: Signal, room: RoomState, reactions: Reactions): Unsubscribe[] {
  return Object.entries(reactions).map(([name, react]) =>
    signal.on(name as 'message', (event) => {
      const isElsewhere = 'room' in event && event.room !== room.name_;
      if (!isElsewhere) (react as (event: unknown) => void)(event);
    }),
  );
}

/** Reactions to what others do in the room. */
export function reactionsToOthers(room: RoomState, mesh: Mesh): Reactions {
  return {
    'room-join-request': (request) => {
      if (mesh.expects_(request.peerId)) room.welcomeBack_(request.peerId);
      else room.asked_(request);
    },
    'room-join-cancel': ({ peerId }) => room.answered_(peerId),
    'room-user-join': ({ peerId, peerinfo, owner }) => {
      room.answered_(peerId);
      if (owner) room.setOwners_([...room.owners_, peerId]);
      mesh.welcome_(peerId, peerinfo, false);
    },
    'room-user-leave': ({ peerId }) => {
      room.left_(peerId);
      mesh.part_(peerId);
    },
    'room-owner-change': ({ peerId }) => room.setOwners_([peerId]),
    'room-update': room.setSettings_,
    'session-description': ({ peerId, peerinfo, sessionDescription, payload }) =>
      mesh.meet_(peerId, peerinfo)?.receiveDescription_(sessionDescription, payload),
    'ice-candidate': ({ peerId, peerinfo, iceCandidate }) =>
      mesh.meet_(peerId, peerinfo)?.link_.enqueue_((steps) => steps.takeCandidate_(iceCandidate)),
  };
}

/** Reactions to what the server says about our own place in the room. */
export function reactionsToServer(
  room: RoomState,
  mesh: Mesh,
  stay: Stay,
  emit: EmitCall,
): Reactions {
  return {
    'room-join-accept': ({ peers, peersinfo }) => {
      stay.phase_ = Phase.Inside;
      peers.forEach((id) => mesh.welcome_(id, peersinfo[id], true));
    },
    'room-mute': ({ peerId, kind, payload }) => emit('mute-request', { peerId, kind, payload }),
    'room-kick': ({ message, payload }) => {
      emit('kicked', { message, payload });
      stay.end_({ reason: 'kicked' });
    },
    state: ({ state, error }) => {
      if (stay.phase_ !== Phase.Inside) return;
      if (state === 'closed') stay.end_({ reason: 'closed', error });
      if (state !== 'reset') return;
      room.clear_();
      mesh.orphanAll_();
    },
    rejoin: ({ created, error }) => {
      if (error) {
        stay.end_({ reason: 'lost', error });
        return;
      }
      if (created) stay.created_(room.name_);
      void room.learn_();
    },
  };
}
