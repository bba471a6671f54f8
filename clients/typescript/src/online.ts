import { closed, SignalError } from './error.js';
import { settled } from './emitter.js';
import type { Emitter } from './emitter.js';
import type { Session } from './session.js';
import type { SignalEvents } from './signal_types.js';

/** Resolves when the session is signed in; rejects when it is closed, or after `limit` ms. */
export async function untilOnline(
  session: Session,
  signal: Emitter<SignalEvents>,
  limit: number,
): Promise<void> {
  if (session.isOnline_()) return;
  if (session.state_ === 'closed') throw closed();
  await settled<undefined>((resolve, reject) => {
    const expire = (): void => reject(new SignalError('timeout', 'The server cannot be reached'));
    const timer = setTimeout(expire, limit);
    const off = signal.on('state', ({ state, error }) => {
      if (state === 'closed') reject(error);
      if (session.isOnline_()) resolve(undefined);
    });
    return [off, () => clearTimeout(timer)];
  });
}
