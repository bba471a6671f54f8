import type { Unsubscribe } from './emitter.js';

/** Has `react` called when the signal aborts, and at once where it has. */
export function onAbort(signal: AbortSignal | undefined, react: () => void): Unsubscribe {
  if (signal?.aborted) react();
  signal?.addEventListener('abort', react);
  return () => signal?.removeEventListener('abort', react);
}
