import { now } from './clock.js';
import { codeOf, disconnected, unless } from './error.js';
import type { SignalError } from './error.js';
import { kDeliveries, kLeastPause, kPause, kRelayPatience } from './limits.js';
import { pause } from './pause.js';
import type { WithPayload } from './protocol.js';
import type { Session } from './session.js';
import type { Fields } from './wire.js';

/** What who is signed in may ask the server, and tell it. Of `options`, the payload is sent. */
export interface Requests {
  /** Resolves to what the acknowledgement holds, if that is a yes. */
  ask_<Answer>(event: string, fields: Fields, options?: WithPayload): Promise<Answer>;
  /** Like `ask_`, for callers that have checked that we are online. */
  send_<Answer>(event: string, fields: Fields, options?: WithPayload): Promise<Answer>;
  /** For what may come twice, but must come: somebody waits for it. */
  deliver_(event: string, fields: Fields, options?: WithPayload): Promise<void>;
}

export type Request = [event: string, fields: Fields, options?: WithPayload];

// Long because its variables are the state (docs/decisions/client-size.md).
export function createRequests(session: Session): Requests {
  const send = async <Answer>(...[event, fields, options]: Request): Promise<Answer> => {
    const ask = () => {
      const request = { ...fields, payload: options?.payload, auth: session.token_() };
      return session.ask_<Answer>(event, request);
    };
    const answer = await unless('unauthorized', ask());
    if (answer) return answer;
    await session.signIn_(); // The session has ended before its time by our clock.
    return ask();
  };

  const ask = async <Answer>(...request: Request): Promise<Answer> => {
    await session.whenOnlineInTime_();
    return send(...request);
  };

  const deliver = async (...request: Request): Promise<void> => {
    const id = session.id_();
    const endsAt = now() + kRelayPatience;
    for (let attempt = 1; ;) {
      try {
        await session.whenOnline_();
        if (id !== session.id_()) throw disconnected();
        await send(...request);
        return;
      } catch (error) {
        if (codeOf(error) === 'rate-limited' && now() < endsAt) {
          await pause(Math.max((error as SignalError).retryAfter ?? kPause, kLeastPause));
        } else if (codeOf(error) !== 'disconnected' || (attempt += 1) > kDeliveries) {
          throw error;
        }
      }
    }
  };

  return { ask_: ask, send_: send, deliver_: deliver };
}
