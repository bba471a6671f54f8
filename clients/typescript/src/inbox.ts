import { orIfFails, SignalError } from './error.js';
import { isBinary } from './wire.js';

/** A message over a channel: JSON on the wire. A binary message of the app is read as one, too. */
export interface Frame {
  /** A message of the app. */
  message?: unknown;
  /** The sender's status, as set by `setStatus`. */
  status?: unknown;
  /** The sender's new id. The server no longer knows the old one. */
  id?: string;
  /** The sender accepts messages in chunks, of at most this many bytes. */
  maxMessageBytes?: number;
  /** This many bytes follow in binary messages; together they are one message. */
  text?: number;
  binary?: number;
}

// Long because its variables are the state (docs/decisions/client-size.md).
/** Reads the messages of a channel, which may be anything. Holds one unfinished message at most. */
export function createInbox(
  most: number,
  onFrame: (frame: Frame) => void,
  onError: (error: SignalError) => void,
): (data: unknown) => void {
  /** The unfinished message; undefined if it is too large: then its chunks are skipped. */
  let bytes: Uint8Array | undefined;
  let left = 0;
  let isText = false;

  const fail = (code: string, message: string): void => {
    bytes = undefined;
    onError(new SignalError(code, message));
  };

  const failLarge = (size: number): void =>
    fail('message-too-large', `The peer sends a message of ${size} bytes`);

  const begin = (size: number, type: boolean): void => {
    if (left) fail('invalid-message', 'The peer did not finish a message');
    left = size;
    isText = type;
    bytes = size > most ? undefined : orIfFails(() => new Uint8Array(size));
    if (!bytes) failLarge(size);
  };

  const onChunk = (chunk: Uint8Array): void => {
    if (chunk.length > left) {
      left = 0;
      return fail('invalid-message', 'The peer sends more than it announced');
    }
    bytes?.set(chunk, bytes.length - left);
    left -= chunk.length;
    const all = bytes;
    if (left || !all) return;
    bytes = undefined;
    onFrame(isText ? readFrame(new TextDecoder().decode(all)) : { message: all.buffer });
  };

  return (data) => {
    if (left && isBinary(data)) return onChunk(new Uint8Array(data as ArrayBuffer));
    const size = typeof data === 'string' ? data.length : isBinary(data) ? data.byteLength : 0;
    if (size > most) return failLarge(size);
    const frame = readFrame(data);
    const announced = frame.text ?? frame.binary;
    if (typeof announced !== 'number' || !(announced > 0)) return onFrame(frame);
    begin(announced, frame.text !== undefined);
  };
}

/** Empty if the other side sent something else. */
function readFrame(data: unknown): Frame {
  if (typeof data !== 'string') return { message: data };
  return orIfFails(() => Object(JSON.parse(data)) as Frame) ?? {};
}
