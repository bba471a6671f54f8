import type { ServerEvents } from './protocol.js';

/** An event or an acknowledgement, as on the wire. */
export type Fields = Record<string, unknown>;

/** Whether the server has an event of this name (`ServerEvents`). */
export const isServerEvent = (name: string): name is keyof ServerEvents => kServerEvents.test(name);

const kServerEvents =
  /^(auth-(accept|reject)|unauthorized|request-error|room-(create-(accept|reject)|join-(request|cancel|accept|reject)|user-(join|leave)|owner-change|update|kick|mute|password-failures)|session-description|ice-candidate|message)$/;

/** The same object with its own names (not those within values) in camelCase. */
export const camelCased = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );

export const isBinary = (value: unknown): value is ArrayBuffer | ArrayBufferView =>
  value instanceof ArrayBuffer || ArrayBuffer.isView(value);

/** Its approximate size on the wire, in bytes, with the packet around it. */
export function sizeOf(fields: Fields): number {
  let binary = 256;
  const json = JSON.stringify(fields, function (this: Fields, name, value) {
    const own = this[name]; // Before `toJSON`, which Node's Buffer has.
    if (!isBinary(own)) return value as unknown;
    binary += own.byteLength;
    return null;
  });
  return binary + new TextEncoder().encode(json).length;
}
