import { settled } from './emitter.js';
import type { Emitter } from './emitter.js';
import { onAbort } from './abort.js';
import { codeOf, disconnected, ignoreErrors, SignalError, unless } from './error.js';
import type { Joined, WithPayload } from './protocol.js';
import type { Requests } from './requests.js';
import type { Session, SessionHost } from './session.js';
import type { JoinOptions, SignalEvents } from './signal_types.js';

/** The rooms we are in, and the ways in and out; with `rejoins` also after a reset. */
export interface Memberships {
  readonly rooms_: ReadonlySet<string>;
  create_(room: string | undefined, options?: WithPayload): Promise<string>;
  join_(room: string, options?: JoinOptions): Promise<Joined>;
  enter_(room: string, options?: JoinOptions): Promise<Joined & { created: boolean }>;
  leave_(room: string, options?: WithPayload): Promise<void>;
}

const kEnterAttempts = 5;

export function createMemberships(
  session: Session,
  { ask_, deliver_ }: Requests,
  signal: Emitter<SignalEvents>,
  { emit_ }: SessionHost,
  rejoins: boolean,
): Memberships {
  const on: typeof signal.on = (name, listener) => signal.on(name, listener);
  const rooms = new Set<string>();
  /** The rooms to enter again after a reset, and how. */
  const wanted = new Map<string, JoinOptions>();

  const isIn = (room: string, { signal, ...how }: JoinOptions): void => {
    rooms.add(room);
    wanted.set(room, how);
  };

  const create: Memberships['create_'] = async (room, options) => {
    const answer = await ask_<{ room: string }>('room-create-request', { room }, options);
    isIn(answer.room, { payload: options?.payload });
    return answer.room;
  };

  /** Asks, and waits for a yes, a no, or the loss of the session. */
  const askToJoin = (room: string, options: JoinOptions): Promise<Joined> =>
    settled((resolve, reject) => {
      ask_('room-join-request', { room, password: options.password }, options).catch(reject);
      return [
        onAbort(options.signal, () => {
          reject(new SignalError('closed', 'The request to join was withdrawn'));
          ignoreErrors(leave(room)); // Also where it has been granted by now.
        }),
        on('room-join-accept', (joined) => {
          if (joined.room === room) resolve(joined);
        }),
        on('room-join-reject', (rejected) => {
          if (rejected.room === room) reject(new SignalError('join-rejected', rejected.message));
        }),
        on('state', ({ state, error }) => {
          if (state === 'closed') reject(error);
          if (state === 'reset') reject(disconnected());
        }),
      ];
    });

  const join: Memberships['join_'] = async (room, options = {}) => {
    try {
      const joined = await askToJoin(room, options);
      isIn(room, options);
      return joined;
    } catch (error) {
      // The server may have taken the request; who has given up waiting withdraws it.
      if (codeOf(error) === 'disconnected' || codeOf(error) === 'timeout') {
        ignoreErrors(deliver_('room-leave-request', { room }));
      }
      throw error;
    }
  };

  const enter: Memberships['enter_'] = async (room, options = {}) => {
    for (let attempt = 1; ; attempt += 1) {
      const joined = await unless('room-not-found', join(room, options));
      if (joined) return { ...joined, created: false };
      // Somebody else may create it at this time, and may even have left again after that.
      const bearable = attempt < kEnterAttempts ? 'room-taken' : '';
      if (await unless(bearable, create(room, options))) {
        isIn(room, options);
        return { room, peerId: session.id_(), peers: [], peersinfo: {}, created: true };
      }
    }
  };

  const leave: Memberships['leave_'] = async (room, options) => {
    wanted.delete(room);
    // Where it is lost we have left.
    await unless('disconnected', deliver_('room-leave-request', { room }, options));
    rooms.delete(room);
  };

  const rejoin = async (room: string, how: JoinOptions): Promise<void> => {
    const id = session.id_();
    try {
      const { created, ...joined } = await enter(room, how);
      emit_('rejoin', { room, joined, created });
    } catch (error) {
      if (codeOf(error) !== 'disconnected') {
        wanted.delete(room);
        return emit_('rejoin', { room, error: error as SignalError });
      }
      await session.whenOnline_().catch(() => {});
      // After another reset there is nothing to do: that one has the rooms entered again by itself.
      if (session.isOnline_() && session.id_() === id) await rejoin(room, how);
    }
  };

  on('room-kick', ({ room }) => {
    rooms.delete(room);
    wanted.delete(room);
  });
  on('state', ({ state }) => {
    if (state === 'reset' || state === 'closed') rooms.clear();
    if (state === 'reset' && rejoins) wanted.forEach((how, room) => void rejoin(room, how));
  });
  return { rooms_: rooms, create_: create, join_: join, enter_: enter, leave_: leave };
}
