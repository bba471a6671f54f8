const kLongestTimer = 2 ** 31 - 1;
const kFallback = 30_000;

/** When the session token ends, in milliseconds since 1970; null where it does not say. */
export function expiryOf(token: string): number | null {
  try {
    const claims = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { exp } = JSON.parse(atob(claims)) as { exp?: unknown };
    return typeof exp === 'number' ? exp * 1000 : null;
  } catch {
    return null;
  }
}

/**
 * Milliseconds to wait before the token is renewed: four fifths of the time it is good for. By a
 * clock that is wrong it may seem to have ended already; then it is renewed every half minute.
 */
export function renewalDelay(token: string, now: number): number {
  const expiry = expiryOf(token);
  if (expiry === null) return kLongestTimer;
  return expiry > now ? Math.min((expiry - now) * 0.8, kLongestTimer) : kFallback;
}
