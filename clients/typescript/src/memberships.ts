import { settled } from './emitter.js';
import type { Emitter } from './emitter.js';
import { closed, codeOf, invalid, orNothing, unless } from './error.js';
import type { SignalError } from './error.js';
import type { Joined } from './protocol.js';
import { answerToJoin } from './join.js';
import { kEnterAttempts, kHastyAttempts, kPause } from './limits.js';
import type { Relays } from './relays.js';
import type { Requests } from './requests.js';
import type { EmitSignal, Session } from './session.js';
import type { RoomCommands } from './signal_commands.js';
import type { JoinOptions, SignalEvents } from './signal_types.js';
import { newRoomName } from './room_name.js';
import { pause } from './pause.js';
import type { Tickets } from './tickets.js';

const kNotFound = 'room-not-found';

/** The rooms we are in, and the ways in and out; with `rejoins` also after a reset. */
export interface Memberships {
  readonly rooms_: ReadonlySet<string>;
  readonly commands_: RoomCommands;
}

// Long because its variables are the state (docs/decisions/client-size.md).
export function createMemberships(
  session: Session,
  { ask_, deliver_ }: Requests,
  relays: Relays,
  signal: Emitter<SignalEvents>,
  emit: EmitSignal,
  tickets: Tickets,
  rejoins = true,
): Memberships {
  const rooms = new Set<string>();
  /** The rooms to enter again after a reset, and how. */
  const wanted = new Map<string, JoinOptions>();

  const isIn = (room: string, { signal, ...how }: JoinOptions): void => {
    rooms.add(room);
    wanted.set(room, how);
  };

  /** Either answer will do, as the other may be lost; and the server takes the request twice. */
  const createRoom: RoomCommands['createRoom'] = async (name, options) => {
    const room = name || newRoomName();
    const ask = () => ask_<{ room: string }>('room-create-request', { room }, options);
    try {
      const created = await settled<{ room: string }>((resolve, reject) => {
        const accepted = signal.on('room-create-accept', (event) => {
          if (event.room === room) resolve(event);
        });
        // The answer may be lost with a connection that comes back.
        unless('disconnected', ask())
          .then((answer) => answer ?? ask())
          .then(resolve, reject);
        return [accepted];
      });
      isIn(created.room, { ...options });
      return created.room;
    } catch (error) {
      giveUp(room, error);
      throw error;
    }
  };

  /** The server may have taken a request whose answer nobody waits for any more. */
  const giveUp = (room: string | undefined, error: unknown): void => {
    const mayBeIn = codeOf(error) === 'disconnected' || codeOf(error) === 'timeout';
    if (room && mayBeIn) void orNothing(deliver_('room-leave-request', { room }));
  };

  const joinRoom: RoomCommands['joinRoom'] = async (room, options = {}) => {
    if (!room) throw invalid('The name of the room is empty');
    const ticket = tickets.get_(room);
    // It is another tab's if that is connected: this one is a duplicate, and knocks.
    const joined = ticket && (await unless('ticket-in-use', askToJoin(room, options, ticket)));
    return joined || askToJoin(room, options);
  };

  const askToJoin = async (
    room: string,
    options: JoinOptions,
    ticket?: string,
  ): Promise<Joined> => {
    try {
      const { password, signal: abort } = options;
      const asked = ask_('room-join-request', { room, password, ticket }, options);
      const withdraw = () => void orNothing(leaveRoom(room)); // Also where it has been granted by now.
      const joined = await answerToJoin(signal, room, asked, abort, withdraw);
      isIn(room, options);
      return joined;
    } catch (error) {
      giveUp(room, error);
      throw error;
    }
  };

  const enterRoom: RoomCommands['enterRoom'] = async (room, options = {}) => {
    for (let attempt = 1; ; attempt += 1) {
      const joined = await unlessGone(joinRoom(room, options));
      if (joined) return { ...joined, created: false };
      // Somebody else may create it at this time, and may even have left again after that. Or the
      // room waits for its owner to come back, for a while.
      if (attempt > kHastyAttempts) await pause(kPause, options.signal);
      const bearable = attempt < kEnterAttempts ? 'room-taken' : '';
      if (await unless(bearable, createRoom(room, options))) {
        isIn(room, options);
        return { room, peerId: session.id_(), peers: [], peersinfo: {}, created: true };
      }
    }
  };

  /** As when one's own ghost was the last in there. */
  const unlessGone = <Value>(joining: Promise<Value>): Promise<Value | undefined> =>
    joining.catch((error: unknown) => {
      const { code, reason } = error as SignalError;
      if (code !== kNotFound && reason !== kNotFound) throw error;
      return undefined;
    });

  const leaveRoom: RoomCommands['leaveRoom'] = async (room, options) => {
    wanted.delete(room);
    tickets.keep_(room, undefined);
    relays.end_(room, closed());
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

  signal.on('room-create-accept', ({ room, ticket }) => tickets.keep_(room, ticket));
  signal.on('room-join-accept', ({ room, ticket }) => tickets.keep_(room, ticket));
  signal.on('room-kick', ({ room }) => {
    tickets.keep_(room, undefined);
    rooms.delete(room);
    wanted.delete(room);
    relays.end_(room, closed());
  });
  signal.on('state', ({ state }) => {
    if (state === 'reset' || state === 'closed') rooms.clear();
    if (state === 'reset' && rejoins)
      wanted.forEach((how, room) => void orNothing(rejoin(room, how)));
  });
  return { rooms_: rooms, commands_: { createRoom, joinRoom, enterRoom, leaveRoom } };
}
