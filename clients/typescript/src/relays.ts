import { createBudget } from './budget.js';
import type { Emitter } from './emitter.js';
import { closed, codeOf, disconnected, SignalError } from './error.js';
import { createLane, drop, end, kMessage, mayFollow, putBack } from './lane.js';
import type { Lane, Relay } from './lane.js';
import {
  kCalmAfter,
  kDeliveries,
  kLeastPause,
  kLookAgain,
  kMostQueued,
  kMostUnderWay,
  kRelayPatience,
  kTotalRate,
} from './limits.js';
import type { Request, Requests } from './requests.js';
import type { Session } from './session.js';
import type { SignalEvents } from './signal_types.js';
import { sizeOf } from './wire.js';

/** What goes to other members by way of the server: in order, and as fast as the server takes it. */
export interface Relays {
  /** Resolves when the server has acknowledged it. */
  relay_(...request: Request): Promise<void>;
  /** What waits to go there is not sent any more; without `to`: to anybody in the room. */
  end_(room: string, error: SignalError, to?: string): void;
}

const keyOf = (room: string, to: unknown): string => JSON.stringify([room, to]);

// Long because its variables are the state (docs/decisions/client-size.md).
/**
 * Sends at once what the documented budgets allow. Past them, and after a refusal, a relay waits for
 * the acknowledgement of the one before it, so that none overtakes one that is refused.
 */
export function createRelays(
  session: Session,
  { send_: send }: Pick<Requests, 'send_'>,
  signal: Emitter<SignalEvents>,
): Relays {
  const lanes = new Map<string, Lane>();
  const total = createBudget(kTotalRate);
  let count = 0;
  let queued = 0;
  let underWay = 0;
  /** As many may be under way: one after a refusal, more after successes, all when it was long ago. */
  let most = kMostUnderWay;
  let calmAt = 0;
  let freeAt = 0;
  let lastRefused: Lane | undefined;
  let timer: ReturnType<typeof setTimeout>;

  const laneTo = (room: string, to: unknown): Lane => {
    const key = keyOf(room, to);
    const lane = lanes.get(key) ?? createLane(room, to);
    lanes.set(key, lane);
    return lane;
  };

  const mayGo = (lane: Lane): boolean => {
    const isHeldUp = underWay + 1 > most || Math.max(freeAt, lane.freeAt_) > Date.now();
    if (isHeldUp || !lane.waiting_.length) return false;
    if (!lane.underWay_.size) return true;
    return most === kMostUnderWay && !total.isUsedUp_() && mayFollow(lane);
  };

  const go = async (lane: Lane, relay: Relay): Promise<void> => {
    underWay += 1;
    lane.underWay_.add(relay);
    total.take_(1);
    lane.budget_.take_(lane.to_ === undefined ? 1 : relay.bytes_);
    try {
      await send(...relay.request_);
      most = calmAt < Date.now() ? kMostUnderWay : most + 1 / most;
      relay.resolve_();
    } catch (error) {
      onFailure(lane, relay, error as SignalError);
    }
    underWay -= 1;
    lane.underWay_.delete(relay);
    pump();
    // Nobody tells when who is not there leaves.
    if (lane.isVoid_ && !lane.underWay_.size) lanes.delete(keyOf(lane.room_, lane.to_));
  };

  const onFailure = (lane: Lane, relay: Relay, error: SignalError): void => {
    const isLost = codeOf(error) === 'disconnected' && relay.request_[0] !== kMessage;
    if (codeOf(error) === 'rate-limited') onRefusal(lane, error);
    else if (!isLost || (relay.attempts_ += 1) >= kDeliveries) {
      lane.isVoid_ = codeOf(error) === 'peer-not-in-room';
      return relay.reject_(error);
    }
    putBack(lane, relay);
  };

  const onRefusal = (lane: Lane, { retryAfter = 0 }: SignalError): void => {
    const now = Date.now();
    const until = now + Math.max(retryAfter, kLeastPause);
    most = 1;
    calmAt = until + kCalmAfter;
    lane.budget_.empty_();
    // The server does not tell which budget it is. Two receivers at a time: that of everything.
    if (lastRefused && lastRefused !== lane && lastRefused.freeAt_ > now) {
      freeAt = until;
      total.empty_();
    }
    lane.freeAt_ = until;
    lastRefused = lane;
  };

  /** Each lane sends one, and again, until none may. */
  const pump = (): void => {
    clearTimeout(timer);
    if (!session.isOnline_()) return; // It goes on when the state changes.
    for (let moves = true; moves; ) {
      moves = false;
      for (const lane of lanes.values()) {
        if (!mayGo(lane)) continue;
        void go(lane, lane.waiting_.shift() as Relay);
        moves = true;
      }
    }
    const isIdle = [...lanes.values()].every(({ waiting_ }) => !waiting_.length);
    if (!isIdle) timer = setTimeout(lookAgain, kLookAgain);
  };

  const lookAgain = (): void => {
    const late = new SignalError('rate-limited', 'The server took no more for too long');
    for (const lane of lanes.values()) drop(lane, late, ({ endsAt_ }) => endsAt_ < Date.now());
    pump();
  };

  const endAll = (error: SignalError, isMeant: (lane: Lane) => unknown = () => true): void =>
    lanes.forEach((lane, key) => {
      if (!isMeant(lane)) return;
      lanes.delete(key);
      end(lane, error);
    });

  const endRoom: Relays['end_'] = (room, error, to) =>
    endAll(error, ({ room_, to_ }) => room_ === room && (to === undefined || to_ === to));

  signal.on('room-user-leave', ({ room, peerId }) =>
    endRoom(room, new SignalError('peer-not-in-room', 'The peer has left'), peerId),
  );
  signal.on('state', ({ state }) => {
    if (state === 'closed') endAll(closed());
    if (state === 'reset') endAll(disconnected());
    if (state === 'resumed') {
      for (const { waiting_ } of lanes.values()) {
        for (const relay of waiting_) relay.endsAt_ = Date.now() + relay.patience_;
      }
    }
    pump();
  });

  return {
    end_: endRoom,
    relay_: async (...request) => {
      const [event, fields, options] = request;
      const isMessage = event === kMessage;
      if (isMessage) await session.whenOnlineInTime_();
      if (session.state_() === 'closed') throw closed();
      const bytes_ = sizeOf({ ...fields, payload: options?.payload });
      if (queued + bytes_ > kMostQueued) {
        throw new SignalError('queue-full', 'Too much waits for the server');
      }
      queued += bytes_;
      const patience_ = isMessage ? session.timeout_ : kRelayPatience;
      await new Promise<void>((resolve_, reject_) => {
        laneTo(fields['room'] as string, fields['to']).waiting_.push({
          request_: request,
          number_: (count += 1),
          bytes_,
          patience_,
          endsAt_: Date.now() + patience_,
          attempts_: 0,
          resolve_,
          reject_,
        });
        pump();
      }).finally(() => (queued -= bytes_));
    },
  };
}
