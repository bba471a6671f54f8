import { now } from './clock.js';
import type { Emitter } from './emitter.js';
import { closed, codeOf, disconnected, SignalError } from './error.js';
import { createLane, drop, end, kMessage, putBack, startAgain } from './lane.js';
import type { Lane, Relay } from './lane.js';
import { kDeliveries, kLookAgain, kMostLanes, kMostQueued, kRelayPatience } from './limits.js';
import { createPace } from './pace.js';
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

// Long because its variables are the state (docs/decisions/client-size.md).
export function createRelays(
  session: Session,
  { send_: send }: Pick<Requests, 'send_'>,
  signal: Emitter<SignalEvents>,
): Relays {
  const lanes = new Map<string, Lane>();
  const pace = createPace();
  let count = 0;
  let queued = 0;
  let underWay = 0;
  let timer: ReturnType<typeof setTimeout>;

  const laneTo = (room: string, to: unknown): Lane => {
    const key = JSON.stringify([room, to]);
    let lane = lanes.get(key);
    if (!lane) {
      if (lanes.size >= kMostLanes) forgetIdle();
      lanes.set(key, (lane = createLane(room, to)));
    }
    return lane;
  };

  const forgetIdle = (): void =>
    lanes.forEach(({ waiting_, underWay_ }, key) => {
      if (!waiting_.length && !underWay_.size) lanes.delete(key);
    });

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

  /** Each lane sends one, and again, until none may. */
  const pump = (): void => {
    clearTimeout(timer);
    if (!session.isOnline_()) return; // It goes on when the state changes.
    for (let moves = true; moves;) {
      moves = false;
      for (const lane of lanes.values()) {
        if (!pace.mayGo_(lane, underWay)) continue;
        void go(lane, lane.waiting_.shift() as Relay);
        moves = true;
      }
    }
    const isIdle = [...lanes.values()].every(({ waiting_ }) => !waiting_.length);
    if (!isIdle) timer = setTimeout(lookAgain, kLookAgain);
  };

  const lookAgain = (): void => {
    const late = new SignalError('rate-limited', 'The server took no more for too long');
    for (const lane of lanes.values()) drop(lane, late, ({ endsAt_ }) => endsAt_ < now());
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
    lanes.forEach(startAgain);
    pump();
  });

  return {
    end_: endRoom,
    relay_: async (...request) => {
      const [event, fields, options] = request;
      const isMessage = event === kMessage;
      if (session.state_() === 'closed') throw closed();
      const bytes_ = sizeOf({ ...fields, payload: options?.payload });
      if (queued + bytes_ > kMostQueued) {
        throw new SignalError('queue-full', 'Too much waits for the server');
      }
      queued += bytes_;
      const patience_ = isMessage ? session.timeout_ : kRelayPatience;
      await new Promise<void>((resolve_, reject_) => {
        const lane = laneTo(fields['room'] as string, fields['to']);
        const relay: Relay = {
          request_: request,
          number_: (count += 1),
          bytes_,
          patience_,
          endsAt_: now() + patience_,
          attempts_: 0,
          resolve_,
          reject_,
        };
        lane.waiting_.push(relay);
        pump();
        if (!isMessage) return;
        // It waits at its place in the lane, but not for as long as others do.
        session
          .whenOnlineInTime_()
          .catch((error: Error) => drop(lane, error, (other) => other === relay));
      }).finally(() => (queued -= bytes_));
    },
  };
}
