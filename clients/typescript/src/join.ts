import { onAbort } from './abort.js';
import { settled } from './emitter.js';
import type { Emitter } from './emitter.js';
import { disconnected, SignalError } from './error.js';
import type { Joined } from './protocol.js';
import type { SignalEvents } from './signal_types.js';

/** What comes of a request to join that was `asked`: yes, no, or the loss of the session. */
export function answerToJoin(
  signal: Emitter<SignalEvents>,
  room: string,
  asked: Promise<unknown>,
  abort: AbortSignal | undefined,
  withdraw: () => void,
): Promise<Joined> {
  return settled((resolve, reject) => {
    asked.catch(reject);
    return [
      onAbort(abort, () => {
        reject(new SignalError('closed', 'The request was withdrawn'));
        withdraw();
      }),
      signal.on('room-join-accept', (joined) => {
        if (joined.room === room) resolve(joined);
      }),
      signal.on('room-join-reject', (rejected) => {
        if (rejected.room !== room) return;
        reject(new SignalError('join-rejected', rejected.message, undefined, rejected.code));
      }),
      signal.on('state', ({ state, error }) => {
        if (state === 'closed') reject(error);
        if (state === 'reset') reject(disconnected());
      }),
    ];
  });
}
