import { unless } from './error.js';
import type { WithPayload } from './protocol.js';
import type { Session } from './session.js';
import type { Fields } from './wire.js';

/** Requests to the server, which need a session. The payload of `options` is sent with them. */
export interface Requests {
  /** Resolves to the fields of the acknowledgement, or rejects if it refuses. */
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
    await session.signIn_(); // The session ended earlier than our clock says.
    return ask();
  };

  const ask = async <Answer>(...request: Request): Promise<Answer> => {
    await session.whenOnlineInTime_();
    return send(...request);
  };

  return { ask_: ask, send_: send };
}
