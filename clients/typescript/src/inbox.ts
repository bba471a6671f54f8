import { orIfFails, SignalError } from './error.js';
import { isBinary } from './wire.js';

/** What is sent over a channel as JSON, and what an app's message is read as. */
export interface Frame {
  /** A message of the app. */
  message?: unknown;
  /** What the sender has set by `setStatus`. */
  status?: unknown;
  /** The server does not know the sender by its old id any more: this is the new one. */
  id?: string;
  /** The sender takes messages in chunks, of so many bytes at most. */
  maxMessageBytes?: number;
  /** As many bytes follow in binary messages: a message like this one, or a binary one. */
  text?: number;
  binary?: number;
}

// Long because its variables are the state (docs/decisions/client-size.md).
/** Reads what comes over one channel, whatever that is. It holds one unfinished message at most. */
export function createInbox(
  most: number,
  onFrame: (frame: Frame) => void,
  onError: (error: SignalError) => void,
): (data: unknown) => void {
  /** The unfinished message; undefined if it is too large: then what belongs to it is skipped. */
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
      return fail('invalid-message', 'The peer sends more than it said');
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

/** Empty where the other side did not keep to this. */
function readFrame(data: unknown): Frame {
  if (typeof data !== 'string') return { message: data };
  return orIfFails(() => Object(JSON.parse(data)) as Frame) ?? {};
}
