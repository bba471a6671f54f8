import { now } from './clock.js';
import type { Emitter } from './emitter.js';
import { closed, disconnected, SignalError } from './error.js';
import { drop, kMessage, startAgain } from './lane.js';
import type { Relay } from './lane.js';
import { createLanes } from './lanes.js';
import type { Lanes } from './lanes.js';
import { kMostQueued, kRelayPatience } from './limits.js';
import { createPump } from './pump.js';
import type { Request, Requests } from './requests.js';
import type { Session } from './session.js';
import type { SignalEvents } from './signal_types.js';
import { sizeOf } from './wire.js';

/** Relays to other members by way of the server: in order, and as fast as the server accepts. */
export interface Relays {
  /** Resolves when the server has acknowledged it. */
  relay_: (...request: Request) => Promise<void>;
  /** The same for a relay that must arrive and may arrive twice. `end_` does not end its lane. */
  deliver_: (...request: Request) => Promise<void>;
  /** Drops all relays that wait to go to anybody in the room. */
  end_: (room: string, error: SignalError) => void;
}

// Long because its variables are the state (docs/decisions/client-size.md).
export function createRelays(
  session: Session,
  requests: Pick<Requests, 'send_'>,
  signal: Emitter<SignalEvents>,
): Relays {
  const lanes = createLanes();
  const pump = createPump(session, requests, lanes);
  let count = 0;
  let queued = 0;

  const wait = (request: Request, bytes_: number, room: string, to?: unknown): Promise<void> =>
    new Promise((resolve_, reject_) => {
      if (session.state_ === 'closed') throw closed();
      const isMessage = request[0] === kMessage;
      const patience_ = isMessage ? session.timeout_ : kRelayPatience;
      const lane = lanes.to_(room, to);
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
      // It waits at its place in the lane, but for a shorter time than others.
      session.whenOnlineInTime_().catch((error: unknown) => {
        drop(lane, error as Error, (other) => other === relay);
      });
    });

  follow(signal, lanes, pump);
  return {
    end_: (room, error) => lanes.end_(error, room),
    deliver_: async (...request) => {
      const id = session.id_;
      await session.whenOnline_(); // So it does not overtake what was asked before.
      if (id !== session.id_) throw disconnected();
      await wait(request, 0, '');
    },
    relay_: async (...request) => {
      const [, fields, options] = request;
      const bytes = sizeOf({ ...fields, payload: options?.payload });
      if (queued + bytes > kMostQueued) {
        throw new SignalError('queue-full', 'Too much waits for the server');
      }
      queued += bytes;
      const { room, to } = fields;
      await wait(request, bytes, room as string, to).finally(() => (queued -= bytes));
    },
  };
}

/** Ends the lanes of peers that have gone, and continues when the connection is back. */
function follow(signal: Emitter<SignalEvents>, lanes: Lanes, pump: () => void): void {
  signal.on('room-user-leave', ({ room, peerId }) =>
    lanes.end_(new SignalError('peer-not-in-room', 'The peer has left'), room, peerId),
  );
  signal.on('state', ({ state }) => {
    if (state === 'closed') lanes.end_(closed());
    if (state === 'reset') lanes.end_(disconnected());
    lanes.all_().forEach(startAgain);
    pump();
  });
}
