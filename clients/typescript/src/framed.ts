import { invalid } from './error.js';
import { kChunk } from './limits.js';
import { isBinary } from './wire.js';

/** A message of the app, encoded once for all peers and channels. */
export interface Framed {
  /** As it goes over a channel in one piece. */
  readonly whole_: string | ArrayBuffer;
  readonly type_: 'text' | 'binary';
  /** The bytes of its chunks; undefined if it is small and needs none. */
  readonly bytes_: Uint8Array | undefined;
  readonly size_: number;
}

/** JSON would turn these into `{}`, or into an object of numbers. */
const kLostInJson = /(Array|Buffer|Blob|DataView|File|Map|Set)\]$/;

function toJson(message: unknown): string {
  const text = JSON.stringify({ message }, function (this: Record<string, unknown>, key, value) {
    const own = this[key]; // Before `toJSON`, which Node's Buffer has.
    const tag = typeof own === 'object' && !Array.isArray(own) && {}.toString.call(own);
    if (!tag || !kLostInJson.test(tag)) return value as unknown;
    throw new TypeError(`JSON has no ${tag}; an ArrayBuffer can be sent by itself`);
  });
  if (text === '{}') throw new TypeError(`JSON has no ${typeof message}`);
  return text;
}

/** Encodes a message for `send`. Rejects if it is neither binary nor JSON. */
export function sendFramed<Result>(
  message: unknown,
  send: (message: Framed) => Promise<Result>,
): Promise<Result> {
  try {
    return send(framed(message));
  } catch (error) {
    return Promise.reject(invalid((error as Error).message));
  }
}

/** Binary messages go as they are, and everything else as JSON. */
export function framed(message: unknown): Framed {
  if (isBinary(message)) {
    const bytes = ArrayBuffer.isView(message)
      ? new Uint8Array(message.buffer, message.byteOffset, message.byteLength)
      : new Uint8Array(message);
    return { whole_: message as ArrayBuffer, type_: 'binary', bytes_: bytes, size_: bytes.length };
  }
  const text = toJson(message);
  // No character has more than three bytes for each of its UTF-16 units.
  const bytes = text.length * 3 > kChunk ? new TextEncoder().encode(text) : undefined;
  return { whole_: text, type_: 'text', bytes_: bytes, size_: bytes?.length ?? text.length };
}
