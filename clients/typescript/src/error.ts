/** The codes of the server (docs/protocol.md), and after them those of this package. */
export type SignalErrorCode =
  | 'unauthorized'
  | 'invalid-arguments'
  | 'unknown-event'
  | 'room-taken'
  | 'room-not-found'
  | 'room-locked'
  | 'room-full'
  | 'wrong-password'
  | 'banned'
  | 'not-owner'
  | 'not-in-room'
  | 'peer-not-in-room'
  | 'no-join-request'
  | 'event-too-large'
  | 'peerinfo-too-large'
  | 'room-name-too-long'
  | 'too-many-rooms'
  | 'too-many-requests'
  | 'ticket-in-use'
  | 'json-too-deep'
  | 'rate-limited'
  /** A node got no answer in time. Whether the server has acted is not known: ask again. */
  | 'cluster-unavailable'
  /** A request to join was refused while it waited: `reason` says why. */
  | 'join-rejected'
  /** No answer within the time that `timeout` allows. */
  | 'timeout'
  /** The connection broke before the answer came: whether the server has acted is not known. */
  | 'disconnected'
  /** The message is larger than this side or the peer accepts on a data channel. */
  | 'message-too-large'
  /** The peer broke off a message, or sent more than it announced. */
  | 'invalid-message'
  /** Too much waits to be sent already. */
  | 'queue-full'
  /** There is no app token: the option is empty, or its function failed (`cause`). */
  | 'no-token'
  /** Another call of the same signal is in the room. */
  | 'already-in-room'
  /** The URL is not the address of a server. */
  | 'invalid-url'
  /** Neither the browser nor the option `RTCPeerConnection` has WebRTC. */
  | 'no-webrtc'
  /** The server cannot be reached at the moment. With `keepTrying` the signal tries again. */
  | 'unreachable'
  /** `close`, `leave` or an abort ended the operation. */
  | 'closed';

/** The error of this package: `code` is for programs, `message` for people. */
export class SignalError extends Error {
  override readonly name = 'SignalError';
  /** One of `SignalErrorCode`; a newer server may know more. */
  declare readonly code: SignalErrorCode | (string & {});
  /** With `rate-limited`: the milliseconds to wait. */
  declare readonly retryAfter: number | undefined;
  /**
   * With `join-rejected`: `rejected-by-owner`, `join-request-timeout` if nobody answered,
   * `room-not-found` if the room has closed meanwhile, or another code of the server.
   */
  declare readonly reason: string | undefined;

  constructor(
    code: SignalErrorCode | (string & {}),
    message: string,
    retryAfter?: number,
    reason?: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? cause : { cause });
    Object.assign(this, { code, retryAfter, reason });
  }
}

/** The code of a `SignalError`; empty for any other error. */
export const codeOf = (error: unknown): string => (error instanceof SignalError ? error.code : '');

export const closed = (): SignalError => new SignalError('closed', 'The connection is closed');

/** An argument or option of the caller is not valid. */
export const invalid = (message: string): SignalError =>
  new SignalError('invalid-arguments', message);

export const disconnected = (): SignalError =>
  new SignalError('disconnected', 'The connection broke');

/** The promise's outcome, or undefined if it fails with this code. */
export const unless = <Value>(code: string, promise: Promise<Value>): Promise<Value | undefined> =>
  promise.catch((error: unknown): undefined => {
    if (codeOf(error) !== code) throw error;
  });

/** The result of `get`, or undefined if it throws. */
export const orIfFails = <Value>(get: () => Value): Value | undefined => {
  try {
    return get();
  } catch {
    return undefined;
  }
};

/** The promise's outcome, or undefined if it fails. */
export const orNothing = <Value>(promise: Promise<Value>): Promise<Value | undefined> =>
  promise.catch(() => undefined);
