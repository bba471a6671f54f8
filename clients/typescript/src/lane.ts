import { createBudget } from './budget.js';
import type { Budget } from './budget.js';
import { now } from './clock.js';
import { kMessageRate, kRelayRate } from './limits.js';
import type { Request } from './requests.js';

/** A relay that waits to be sent or to be acknowledged. */
export interface Relay {
  readonly request_: Request;
  /** Rises from each relay to the next. */
  readonly number_: number;
  readonly bytes_: number;
  /** How long it may wait, and until when. */
  readonly patience_: number;
  endsAt_: number;
  attempts_: number;
  resolve_: () => void;
  reject_: (error: unknown) => void;
}

/** Our relays to one receiver, or to everybody in the room. */
export interface Lane {
  readonly room_: string;
  readonly to_: unknown;
  readonly budget_: Budget;
  waiting_: Relay[];
  readonly underWay_: Set<Relay>;
  /** The time from which the server may accept something again. */
  freeAt_: number;
  /** The reason why the lane accepts nothing any more. */
  end_?: Error;
}

const kDescription = 'relay-session-description';
export const kMessage = 'relay-message';

export const createLane = (room_: string, to_: unknown): Lane => ({
  room_,
  to_,
  budget_: createBudget(to_ === undefined ? kMessageRate : kRelayRate),
  waiting_: [],
  underWay_: new Set(),
  freeAt_: 0,
});

const isDescription = ({ request_: [event] }: Relay): boolean => event === kDescription;

/**
 * Whether the next one may go while others are under way. An offer must not overtake an answer that
 * was refused, as the other side would ignore it.
 */
export const mayFollow = ({ waiting_: [next], underWay_, budget_ }: Lane): boolean =>
  !budget_.isUsedUp_() && !(next && isDescription(next) && [...underWay_].some(isDescription));

export function putBack({ waiting_, end_ }: Lane, relay: Relay): void {
  if (end_) {
    relay.reject_(end_);
    return;
  }
  waiting_.push(relay);
  waiting_.sort((one, other) => one.number_ - other.number_);
}

/** Removes the relays that are meant, and lets each fail with this error. */
export function drop(lane: Lane, error: Error, isMeant: (relay: Relay) => boolean): void {
  const meant = lane.waiting_.filter(isMeant);
  lane.waiting_ = lane.waiting_.filter((relay) => !meant.includes(relay));
  for (const relay of meant) relay.reject_(error);
}

/** The connection was away, so the time that each relay may wait begins again. */
export function startAgain({ waiting_ }: Lane): void {
  for (const relay of waiting_) relay.endsAt_ = now() + relay.patience_;
}

/** Ends the lane: each relay that waits fails with this error, and so does each later one. */
export function end(lane: Lane, error: Error): void {
  lane.end_ = error;
  drop(lane, error, () => true);
}
