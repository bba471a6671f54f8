import type { ServerEvents } from './protocol.js';

/** An event or an acknowledgement as it is on the wire. */
export type Fields = Record<string, unknown>;

/** Whether that is the name of an event of the server, which a signal tells (`ServerEvents`). */
export const isServerEvent = (name: string): name is keyof ServerEvents =>
  /^((auth|room|session|ice)-|unauthorized$|message$)/.test(name);

/** The same with its own names (not those within values) in camelCase. */
export const camelCased = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
