import { kChunk } from './limits.js';
import { isBinary } from './wire.js';

/** A message of the app, made ready once for all peers and channels. */
export interface Framed {
  /** As it goes over a channel in one piece. */
  readonly whole_: string | ArrayBuffer;
  readonly type_: 'text' | 'binary';
  /** What its chunks are made of; undefined if it needs none, as it is small. */
  readonly bytes_: Uint8Array | undefined;
  readonly size_: number;
}

/** Binary messages go as they are, and everything else as JSON. */
export function framed(message: unknown): Framed {
  if (isBinary(message)) {
    const bytes = ArrayBuffer.isView(message)
      ? new Uint8Array(message.buffer, message.byteOffset, message.byteLength)
      : new Uint8Array(message);
    return { whole_: message as ArrayBuffer, type_: 'binary', bytes_: bytes, size_: bytes.length };
  }
  const text = JSON.stringify({ message });
  // No character has more than three bytes for each of its UTF-16 units.
  const bytes = text.length * 3 > kChunk ? new TextEncoder().encode(text) : undefined;
  return { whole_: text, type_: 'text', bytes_: bytes, size_: bytes?.length ?? text.length };
}
