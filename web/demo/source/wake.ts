/** Keeps a phone's screen from going dark while somebody is in a call. */
export function stayAwake(over: AbortSignal): void {
  let lock: WakeLockSentinel | null = null;
  // The browser takes the lock back whenever the page is hidden, and may refuse it.
  const acquire = async (): Promise<void> => {
    if (document.visibilityState !== 'visible' || over.aborted) return;
    lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
    if (over.aborted) void lock?.release();
  };
  document.addEventListener('visibilitychange', () => void acquire(), { signal: over });
  over.addEventListener('abort', () => void lock?.release());
  void acquire();
}
