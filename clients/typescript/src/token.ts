import { orIfFails } from './error.js';
import { kLongestTimer, kRenewByWrongClock } from './limits.js';

/** Empty if it is a token of a kind that this package does not know. */
const claimsOf = (token: string): { exp?: unknown; app?: string } =>
  orIfFails(() => {
    const claims = (token.split('.')[1] as string).replaceAll('-', '+').replaceAll('_', '/');
    return JSON.parse(atob(claims)) as object;
  }) ?? {};

/** When the session token ends, in milliseconds since 1970; `Infinity` where it does not say. */
export const expiryOf = (token: string): number => Number(claimsOf(token).exp) * 1000 || Infinity;

/** The app that it is for. */
export const appOf = (token: string): string => claimsOf(token).app ?? '';

/**
 * Milliseconds to wait before the token is renewed: four fifths of the time it is good for. By a
 * clock that is wrong it may seem to have ended already; then it is renewed every half minute.
 */
export function renewalDelay(token: string, now: number): number {
  const left = expiryOf(token) - now;
  return left > 0 ? Math.min(left * 0.8, kLongestTimer) : kRenewByWrongClock;
}
