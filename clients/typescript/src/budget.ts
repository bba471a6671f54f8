import { now } from './clock.js';

/** The amount that the server takes at once, and in each second after that. */
export type Rate = readonly [burst: number, perSecond: number];

/** A budget of the server: its documented default, because the server does not tell its own. */
export interface Budget {
  /** Whether the server may refuse what comes next. */
  isUsedUp_: () => boolean;
  take_: (amount: number) => void;
  /** The server has just refused something. */
  empty_: () => void;
}

export function createBudget([burst, perSecond]: Rate): Budget {
  let level = burst;
  let filledAt = now();
  let isLarger = false;
  return {
    isUsedUp_: () => {
      const time = now();
      level = Math.min(burst, level + ((time - filledAt) * perSecond) / 1000);
      filledAt = time;
      // The server has taken so much that its budget must be larger than the default.
      isLarger ||= level < -burst;
      return level <= 0 && !isLarger;
    },
    take_: (amount) => {
      level -= amount;
    },
    empty_: () => {
      level = 0;
      isLarger = false;
    },
  };
}
