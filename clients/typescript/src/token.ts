import { orIfFails } from './error.js';
import { kLongestTimer, kRenewByWrongClock } from './limits.js';

/** The claims of a token; empty if this package does not know its kind. */
const claimsOf = (token: string): { exp?: unknown; app?: string } =>
  orIfFails(() => {
    const claims = (token.split('.')[1] as string).replaceAll('-', '+').replaceAll('_', '/');
    return JSON.parse(atob(claims)) as object;
  }) ?? {};

/** The end of the session token, in milliseconds since 1970; `Infinity` if it does not say. */
export const expiryOf = (token: string): number => Number(claimsOf(token).exp) * 1000 || Infinity;

/** The app that the token is for. */
export const appOf = (token: string): string => claimsOf(token).app ?? '';

/**
 * Milliseconds to wait before the token is renewed: four fifths of the time for which it is valid.
 * If the clock is wrong, it may seem to have ended already; then it is renewed every half minute.
 */
export function renewalDelay(token: string, now: number): number {
  const left = expiryOf(token) - now;
  return left > 0 ? Math.min(left * 0.8, kLongestTimer) : kRenewByWrongClock;
}
