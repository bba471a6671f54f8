import { SignalError } from '@heliograph/client';
import { texts } from './texts/index.js';

/** Each error, by its code, in words for the person at the screen. */
const kRefusals: Record<string, string> = {
  'room-taken': texts.roomTaken,
  'room-not-found': texts.roomNotFound,
  'room-locked': texts.roomLocked,
  'room-full': texts.roomFull,
  'wrong-password': texts.wrongPassword,
  banned: texts.banned,
  'join-rejected': texts.joinRejected,
  'room-name-too-long': texts.roomNameTooLong,
  'invalid-arguments': texts.invalidArguments,
  'too-many-requests': texts.tooManyWait,
  'rate-limited': texts.rateLimited,
  unauthorized: texts.unauthorized,
  'peer-not-in-room': texts.peerNotInRoom,
  'not-in-room': texts.notInRoom,
  'not-owner': texts.notOwner,
  'cluster-unavailable': texts.clusterUnavailable,
  timeout: texts.timeout,
  disconnected: texts.disconnected,
  unreachable: texts.unreachable,
};

/** The same for requests to join that were refused while they waited, by the error's reason. */
const kEndsOfWaiting: Record<string, string> = {
  'join-request-timeout': texts.nobodyAnswered,
  'room-not-found': texts.roomClosed,
  'too-many-requests': texts.tooManyWait,
};

/** The reason of a failure, in a sentence. */
export function explain(error: unknown): string {
  if (error instanceof SignalError) {
    const waited = error.code === 'join-rejected' && kEndsOfWaiting[error.reason ?? ''];
    return waited || (kRefusals[error.code] ?? texts.failed(error.message));
  }
  return error instanceof Error ? error.message : String(error);
}

export const codeOf = (error: unknown): string | null =>
  error instanceof SignalError ? error.code : null;
