import type { Socket } from 'socket.io-client';
import { disconnected, SignalError } from './error.js';
import { kLongestTimer } from './limits.js';
import { camelCased } from './wire.js';
import type { Fields } from './wire.js';

interface Refusal {
  code?: string;
  message?: string;
  retry_after_ms?: number;
}
type Ack = Fields & { ok?: boolean; error?: Refusal };

/** Milliseconds as a timer takes them; undefined if the server says no number. */
const waitOf = (time: unknown): number | undefined =>
  Number.isFinite(time) ? Math.min(Math.max(time as number, 0), kLongestTimer) : undefined;

/** Sends the event as it is. Resolves to the fields of the acknowledgement, or rejects. */
export async function askServer<Answer>(
  socket: Socket,
  timeout: number,
  event: string,
  fields: Fields,
): Promise<Answer> {
  const answer: Promise<unknown> = socket.timeout(timeout).emitWithAck(event, fields);
  const { ok, error, ...others } = Object(
    await answer.catch(() => {
      if (socket.connected) throw new SignalError('timeout', `No answer to ${event}`);
      throw disconnected();
    }),
  ) as Ack;
  if (ok) return camelCased(others) as Answer;
  const { code = 'unknown', message = event, retry_after_ms } = error ?? {};
  throw new SignalError(code, message, waitOf(retry_after_ms));
}
