import type { ServerEvents } from './protocol.js';

/** An event or an acknowledgement as it is on the wire. */
export type Fields = Record<string, unknown>;

/** The names of the server's events. */
export const kServerEvents: ReadonlySet<string> = new Set<keyof ServerEvents>([
  'auth-accept',
  'auth-reject',
  'unauthorized',
  'room-create-accept',
  'room-create-reject',
  'room-join-request',
  'room-join-cancel',
  'room-join-accept',
  'room-join-reject',
  'room-user-join',
  'room-user-leave',
  'room-owner-change',
  'room-update',
  'room-kick',
  'session-description',
  'ice-candidate',
  'message',
]);

/** The same with its own names (not those within values) in camelCase. */
export function camelCased(fields: Fields): Fields {
  const camel = (name: string): string =>
    name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [camel(name), value]));
}
