import { SignalError } from '@heliograph/client';

/** What a refusal means to the person before the screen, by the code of the error. */
const kRefusals: Record<string, string> = {
  'room-taken': 'That room is open already. Choose another name, or ask to join it.',
  'room-not-found': 'There is no such room. Check its name, or open it yourself.',
  'room-locked': 'That room is locked at the moment.',
  'room-full': 'That room is full at the moment.',
  'wrong-password': 'That is not the password of this room.',
  banned: 'The owner of that room does not let you in.',
  'join-rejected': 'The owner of the room did not let you in.',
  'room-name-too-long': 'That name is too long for a room.',
  'rate-limited': 'That was too much at once. Wait a moment and try again.',
  unauthorized: 'The server refused this page. Reload it and try again.',
  'peer-not-in-room': 'That person is not in the room any more.',
  'not-owner': 'The room belongs to somebody else by now.',
  timeout: 'The server did not answer in time. Try again.',
};

/** The same of requests to be let in that were refused while they waited, by the error's reason. */
const kEndsOfWaiting: Record<string, string> = {
  'join-request-timeout': 'Nobody answered. Ask again, or ask the owner of the room to look.',
  'room-not-found': 'The room has closed.',
  'too-many-requests': 'Too many people are waiting to enter that room. Try again later.',
};

/** Why it did not work, in a sentence. */
export function explain(error: unknown): string {
  if (error instanceof SignalError) {
    const waited = error.code === 'join-rejected' && kEndsOfWaiting[error.reason ?? ''];
    return waited || (kRefusals[error.code] ?? error.message);
  }
  return error instanceof Error ? error.message : String(error);
}

export const codeOf = (error: unknown): string | null =>
  error instanceof SignalError ? error.code : null;
