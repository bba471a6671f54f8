// What the two ends of the main data channel say to each other: binary messages of the app as they
// are, and everything else as a JSON object with one of these fields.
export interface Frame {
  /** A message of the app. */
  message?: unknown;
  /** What the sender has set by `setStatus`. */
  status?: unknown;
  /** The server does not know the sender by its old id any more: this is the new one. */
  id?: string;
}

export type Binary = ArrayBuffer | ArrayBufferView<ArrayBuffer>;

export const isBinary = (data: unknown): data is Binary =>
  data instanceof ArrayBuffer || ArrayBuffer.isView(data);

/** Null where the other side did not keep to this. */
export function readFrame(data: unknown): Frame | null {
  if (typeof data !== 'string') return { message: data };
  try {
    const frame: unknown = JSON.parse(data);
    return typeof frame === 'object' ? frame : null;
  } catch {
    return null;
  }
}
