import { createRoom } from './create_room.js';
import { unless } from './error.js';
import type { SignalError } from './error.js';
import { joinRoom } from './join_room.js';
import { kEnterAttempts, kHastyAttempts, kPause } from './limits.js';
import type { Memberships } from './memberships.js';
import { pause } from './pause.js';
import type { Joined } from './protocol.js';
import type { JoinOptions } from './signal_types.js';

const kNotFound = 'room-not-found';

/** Joins the room or, if there is none, creates it. */
export async function enterRoom(
  memberships: Memberships,
  room: string,
  options: JoinOptions = {},
): Promise<Joined & { created: boolean }> {
  for (let attempt = 1; ; attempt += 1) {
    const joined = await unlessGone(joinRoom(memberships, room, options));
    if (joined) return { ...joined, created: false };
    // Somebody else may be creating it, and may even have left it again. Or the room waits for a
    // while for its owner to come back.
    if (attempt > kHastyAttempts) await pause(kPause, options.signal);
    const bearable = attempt < kEnterAttempts ? 'room-taken' : '';
    if (await unless(bearable, createRoom(memberships, room, options))) {
      const peerId = memberships.session_.id_;
      return { room, peerId, peers: [], peersinfo: {}, created: true };
    }
  }
}

/** For example, because our own former peer was the last member. */
const unlessGone = <Value>(joining: Promise<Value>): Promise<Value | undefined> =>
  joining.catch((error: unknown) => {
    const { code, reason } = error as SignalError;
    if (code !== kNotFound && reason !== kNotFound) throw error;
    return undefined;
  });
