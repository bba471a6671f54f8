import { kLongestTimer, kRenewByWrongClock } from './limits.js';

/** When the session token ends, in milliseconds since 1970; `Infinity` where it does not say. */
export function expiryOf(token: string): number {
  try {
    const claims = (token.split('.')[1] as string).replaceAll('-', '+').replaceAll('_', '/');
    const { exp } = JSON.parse(atob(claims)) as { exp?: unknown };
    return Number(exp) * 1000 || Infinity;
  } catch {
    return Infinity; // It is none of those that this package knows.
  }
}

/**
 * Milliseconds to wait before the token is renewed: four fifths of the time it is good for. By a
 * clock that is wrong it may seem to have ended already; then it is renewed every half minute.
 */
export function renewalDelay(token: string, now: number): number {
  const left = expiryOf(token) - now;
  return left > 0 ? Math.min(left * 0.8, kLongestTimer) : kRenewByWrongClock;
}
