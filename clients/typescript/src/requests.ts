import { unless } from './error.js';
import type { WithPayload } from './protocol.js';
import type { Session } from './session.js';
import type { Fields } from './wire.js';

/** What who is signed in may ask the server, and tell it. Of `options`, the payload is sent. */
export interface Requests {
  /** Resolves to what the acknowledgement holds, if that is a yes. */
  ask_: <Answer>(event: string, fields: Fields, options?: WithPayload) => Promise<Answer>;
  /** Like `ask_`, for callers that have checked that we are online. */
  send_: <Answer>(event: string, fields: Fields, options?: WithPayload) => Promise<Answer>;
}

export type Request = [event: string, fields: Fields, options?: WithPayload];

export function createRequests(session: Session): Requests {
  const send = async <Answer>(...[event, fields, options]: Request): Promise<Answer> => {
    const ask = () => {
      const request = { ...fields, payload: options?.payload, auth: session.token_ };
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

  return { ask_: ask, send_: send };
}
