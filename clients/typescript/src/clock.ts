/** Milliseconds by a clock that nobody sets: for how long something waits. */
export const now = (): number => performance.now();
