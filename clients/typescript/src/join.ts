import { disconnected, SignalError } from './error.js';
import type { Joined, ServerEvents, WithPayload } from './protocol.js';
import type { StateEvent } from './connection.js';
import type { Emitter } from './emitter.js';

export interface JoinOptions extends WithPayload {
  /** For rooms whose admission is "password". */
  password?: string;
  /** Withdraws the request when it aborts. */
  signal?: AbortSignal;
}

/** What an answer to a request to join takes of a signal. */
interface Door {
  on: Emitter<ServerEvents & { state: StateEvent }>['on'];
  leaveRoom(room: string): Promise<void>;
}

interface Answer {
  promise: Promise<Joined>;
  /** Listens no more. */
  forget(): void;
}

/** What comes of a request to join that is about to be sent: yes, no, or a lost session. */
export function answerToJoin(signal: Door, room: string, abort: AbortSignal | undefined): Answer {
  const offs: (() => void)[] = [];
  const promise = new Promise<Joined>((resolve, reject) => {
    const withdraw = (): void => {
      reject(new SignalError('closed', 'The request to join was withdrawn'));
      signal.leaveRoom(room).catch(() => {}); // Also where it has been granted by now.
    };
    if (abort?.aborted) withdraw();
    abort?.addEventListener('abort', withdraw);
    offs.push(
      () => abort?.removeEventListener('abort', withdraw),
      signal.on('room-join-accept', (joined) => {
        if (joined.room === room) resolve(joined);
      }),
      signal.on('room-join-reject', (rejected) => {
        if (rejected.room === room) reject(new SignalError('join-rejected', rejected.message));
      }),
      signal.on('state', ({ state, error }) => {
        if (state === 'closed') reject(error);
        if (state === 'reset') reject(disconnected());
      }),
    );
  });
  promise.catch(() => {}); // Looked at only when the server has taken the request.
  return { promise, forget: () => offs.forEach((off) => off()) };
}
