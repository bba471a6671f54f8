import { createBudget } from './budget.js';
import { now } from './clock.js';
import type { Lane } from './lane.js';
import { mayFollow } from './lane.js';
import { kCalmAfter, kLeastPause, kMostUnderWay, kTotalRate, kWaryFor } from './limits.js';

/** Decides how fast relays are sent. It learns from the server's refusals. */
export interface Pace {
  /** Whether the lane's next relay may be sent while so many are under way in all lanes. */
  mayGo_: (lane: Lane, underWay: number) => boolean;
  /** A relay of so many bytes is sent. */
  onSent_: (lane: Lane, bytes: number) => void;
  onTaken_: () => void;
  /** `retryAfter`: the milliseconds to wait, as the server says. */
  onRefused_: (lane: Lane, retryAfter: number | undefined) => void;
}

/**
 * Within the documented budgets many relays are under way. Beyond them, and after a refusal, there
 * is one in each lane, so that none overtakes one that is refused.
 */
export function createPace(): Pace {
  const total = createBudget(kTotalRate);
  /** How many may be under way: one after a refusal, later more, and all if it was long ago. */
  let most = kMostUnderWay;
  let calmAt = 0;
  /** The time from which the server may accept something in any lane. */
  let freeAt = 0;
  let lastRefused: Lane | undefined;
  return {
    mayGo_: (lane, underWay) => {
      const isHeldUp = underWay + 1 > most || Math.max(freeAt, lane.freeAt_) > now();
      if (isHeldUp || !lane.waiting_.length) return false;
      if (!lane.underWay_.size) return true;
      return most === kMostUnderWay && !total.isUsedUp_() && mayFollow(lane);
    },
    onSent_: (lane, bytes) => {
      total.take_(1);
      lane.budget_.take_(lane.to_ === undefined ? 1 : bytes);
    },
    onTaken_: () => {
      most = calmAt < now() ? kMostUnderWay : most + 1 / most;
    },
    onRefused_: (lane, retryAfter = 0) => {
      const time = now();
      const until = time + Math.max(retryAfter, kLeastPause);
      // A refusal within the documented budgets shows that this server has smaller ones.
      const isExpected = lane.budget_.isUsedUp_() || total.isUsedUp_();
      calmAt = Math.max(calmAt, until + (isExpected ? kCalmAfter : kWaryFor));
      most = 1;
      lane.budget_.empty_();
      // The server does not say which budget it is. If two receivers meet it, it is the total one.
      if (lastRefused && lastRefused !== lane && lastRefused.freeAt_ > time) {
        freeAt = until;
        total.empty_();
      }
      lane.freeAt_ = until;
      lastRefused = lane;
    },
  };
}
