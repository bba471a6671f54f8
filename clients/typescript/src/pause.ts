import { onAbort } from './abort.js';
import { settled } from './emitter.js';

/** Resolves after so many milliseconds, or when the signal aborts. */
export const pause = (milliseconds: number, abort?: AbortSignal): Promise<void> =>
  settled((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    return [onAbort(abort, resolve), () => clearTimeout(timer)];
  });
