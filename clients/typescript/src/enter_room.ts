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
    // Somebody else may create it at this time, and may even have left again after that. Or the
    // room waits for its owner to come back, for a while.
    if (attempt > kHastyAttempts) await pause(kPause, options.signal);
    const bearable = attempt < kEnterAttempts ? 'room-taken' : '';
    if (await unless(bearable, createRoom(memberships, room, options))) {
      const peerId = memberships.session_.id_;
      return { room, peerId, peers: [], peersinfo: {}, created: true };
    }
  }
}

/** As when one's own ghost was the last in there. */
const unlessGone = <Value>(joining: Promise<Value>): Promise<Value | undefined> =>
  joining.catch((error: unknown) => {
    const { code, reason } = error as SignalError;
    if (code !== kNotFound && reason !== kNotFound) throw error;
    return undefined;
  });
