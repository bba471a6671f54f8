import { now } from './clock.js';
import { codeOf, SignalError } from './error.js';
import { drop, kMessage, putBack } from './lane.js';
import type { Lane, Relay } from './lane.js';
import type { Lanes } from './lanes.js';
import { kDeliveries, kLookAgain } from './limits.js';
import { createPace } from './pace.js';
import type { Requests } from './requests.js';
import type { Session } from './session.js';

// Long because its variables are the state (docs/decisions/client-size.md).
/** Makes a function that sends what may be sent now. The rest is sent later, by itself. */
export function createPump(
  session: Session,
  { send_: send }: Pick<Requests, 'send_'>,
  lanes: Lanes,
): () => void {
  const pace = createPace();
  let underWay = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const go = async (lane: Lane, relay: Relay): Promise<void> => {
    underWay += 1;
    lane.underWay_.add(relay);
    pace.onSent_(lane, relay.bytes_);
    try {
      await send(...relay.request_);
      pace.onTaken_();
      relay.resolve_();
    } catch (error) {
      onFailure(lane, relay, error as SignalError);
    }
    underWay -= 1;
    lane.underWay_.delete(relay);
    pump();
  };

  const onFailure = (lane: Lane, relay: Relay, error: SignalError): void => {
    const isLost = codeOf(error) === 'disconnected' && relay.request_[0] !== kMessage;
    if (codeOf(error) === 'rate-limited') pace.onRefused_(lane, error.retryAfter);
    else if (!isLost || (relay.attempts_ += 1) >= kDeliveries) return relay.reject_(error);
    putBack(lane, relay);
  };

  /** Sends one relay of each lane, again and again, until none may be sent. */
  const pump = (): void => {
    clearTimeout(timer);
    if (!session.isOnline_()) return; // It continues when the state changes.
    for (let moves = true; moves;) {
      moves = false;
      for (const lane of lanes.all_()) {
        if (!pace.mayGo_(lane, underWay)) continue;
        void go(lane, lane.waiting_.shift() as Relay);
        moves = true;
      }
    }
    const isIdle = lanes.all_().every(({ waiting_ }) => !waiting_.length);
    if (!isIdle) timer = setTimeout(lookAgain, kLookAgain);
  };

  const lookAgain = (): void => {
    const late = new SignalError('rate-limited', 'The server accepted nothing for too long');
    for (const lane of lanes.all_()) drop(lane, late, ({ endsAt_ }) => endsAt_ < now());
    pump();
  };

  return pump;
}
