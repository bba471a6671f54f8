import { SignalError } from '@heliograph/client';
import { texts } from './texts/index.js';

/** What a refusal means to the person before the screen, by the code of the error. */
const kRefusals: Record<string, string> = {
  'room-taken': texts.roomTaken,
  'room-not-found': texts.roomNotFound,
  'room-locked': texts.roomLocked,
  'room-full': texts.roomFull,
  'wrong-password': texts.wrongPassword,
  banned: texts.banned,
  'join-rejected': texts.joinRejected,
  'room-name-too-long': texts.roomNameTooLong,
  'rate-limited': texts.rateLimited,
  unauthorized: texts.unauthorized,
  'peer-not-in-room': texts.peerNotInRoom,
  'not-owner': texts.notOwner,
  timeout: texts.timeout,
};

/** The same of requests to be let in that were refused while they waited, by the error's reason. */
const kEndsOfWaiting: Record<string, string> = {
  'join-request-timeout': texts.nobodyAnswered,
  'room-not-found': texts.roomClosed,
  'too-many-requests': texts.tooManyWait,
};

/** Why it did not work, in a sentence. */
export function explain(error: unknown): string {
  if (error instanceof SignalError) {
    const waited = error.code === 'join-rejected' && kEndsOfWaiting[error.reason ?? ''];
    return waited || (kRefusals[error.code] ?? texts.failed(error.message));
  }
  return error instanceof Error ? error.message : String(error);
}

export const codeOf = (error: unknown): string | null =>
  error instanceof SignalError ? error.code : null;
