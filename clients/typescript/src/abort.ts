import type { Unsubscribe } from './emitter.js';

/** Calls `react` when the signal aborts, or at once if it has aborted. */
export function onAbort(signal: AbortSignal | undefined, react: () => void): Unsubscribe {
  if (signal?.aborted) react();
  signal?.addEventListener('abort', react);
  return () => signal?.removeEventListener('abort', react);
}
