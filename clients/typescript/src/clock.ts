/** Milliseconds of a monotonic clock, to measure how long something waits. */
export const now = (): number => performance.now();
