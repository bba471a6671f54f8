import type { Emitter } from './emitter.js';
import { codeOf, orNothing, unless } from './error.js';
import type { SignalError } from './error.js';
import { answerToJoin } from './join.js';
import { kEnterAttempts } from './limits.js';
import type { Requests } from './requests.js';
import type { EmitSignal, Session } from './session.js';
import type { RoomCommands } from './signal_commands.js';
import type { JoinOptions, SignalEvents } from './signal_types.js';

/** The rooms we are in, and the ways in and out; with `rejoins` also after a reset. */
export interface Memberships {
  readonly rooms_: ReadonlySet<string>;
  readonly commands_: RoomCommands;
}

// Long because its variables are the state (docs/decisions/client-size.md).
export function createMemberships(
  session: Session,
  { ask_, deliver_ }: Requests,
  signal: Emitter<SignalEvents>,
  emit: EmitSignal,
  rejoins = true,
): Memberships {
  const rooms = new Set<string>();
  /** The rooms to enter again after a reset, and how. */
  const wanted = new Map<string, JoinOptions>();

  const isIn = (room: string, { signal, ...how }: JoinOptions): void => {
    rooms.add(room);
    wanted.set(room, how);
  };

  const createRoom: RoomCommands['createRoom'] = async (room, options) => {
    const answer = await ask_<{ room: string }>('room-create-request', { room }, options);
    isIn(answer.room, { ...options });
    return answer.room;
  };

  const joinRoom: RoomCommands['joinRoom'] = async (room, options = {}) => {
    try {
      const { password, signal: abort } = options;
      const asked = ask_('room-join-request', { room, password }, options);
      const withdraw = () => void orNothing(leaveRoom(room)); // Also where it has been granted by now.
      const joined = await answerToJoin(signal, room, asked, abort, withdraw);
      isIn(room, options);
      return joined;
    } catch (error) {
      // The server may have taken the request; who has given up waiting withdraws it.
      if (codeOf(error) === 'disconnected' || codeOf(error) === 'timeout') {
        void orNothing(deliver_('room-leave-request', { room }));
      }
      throw error;
    }
  };

  const enterRoom: RoomCommands['enterRoom'] = async (room, options = {}) => {
    for (let attempt = 1; ; attempt += 1) {
      const joined = await unless('room-not-found', joinRoom(room, options));
      if (joined) return { ...joined, created: false };
      // Somebody else may create it at this time, and may even have left again after that.
      const bearable = attempt < kEnterAttempts ? 'room-taken' : '';
      if (await unless(bearable, createRoom(room, options))) {
        isIn(room, options);
        return { room, peerId: session.id_(), peers: [], peersinfo: {}, created: true };
      }
    }
  };

  const leaveRoom: RoomCommands['leaveRoom'] = async (room, options) => {
    wanted.delete(room);
    // Where it is lost we have left.
    await unless('disconnected', deliver_('room-leave-request', { room }, options));
    rooms.delete(room);
  };

  const rejoin = async (room: string, how: JoinOptions): Promise<void> => {
    const id = session.id_();
    try {
      const { created, ...joined } = await enterRoom(room, how);
      emit('rejoin', { room, joined, created });
    } catch (error) {
      if (codeOf(error) !== 'disconnected') {
        wanted.delete(room);
        return emit('rejoin', { room, error: error as SignalError });
      }
      await session.whenOnline_();
      // After another reset there is nothing to do: that one has the rooms entered again by itself.
      if (session.id_() === id) await rejoin(room, how);
    }
  };

  signal.on('room-kick', ({ room }) => {
    rooms.delete(room);
    wanted.delete(room);
  });
  signal.on('state', ({ state }) => {
    if (state === 'reset' || state === 'closed') rooms.clear();
    if (state === 'reset' && rejoins) wanted.forEach((how, room) => void orNothing(rejoin(room, how)));
  });
  return { rooms_: rooms, commands_: { createRoom, joinRoom, enterRoom, leaveRoom } };
}
