import { orIfFails } from './error.js';
import { appOf } from './token.js';
import type { TicketStore } from './signal_types.js';

/** The tickets for entering the rooms of one server and app again without knocking. */
export interface Tickets {
  get_: (room: string) => string | undefined;
  keep_: (room: string, ticket: string | undefined) => void;
}

/** Anything else in a store is no ticket: the server would refuse a request with it. */
const kTicket = /^[\w-]{1,64}$/;

/** Keeps tickets as long as this page or program runs. */
const inMemory = (): TicketStore => {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
};

/** Some browsers do not let a page use its storage. */
const ownStorage = (): TicketStore | undefined => orIfFails(() => globalThis.sessionStorage);

/** `token`: a token of the app, as soon as there is one. */
export function createTickets(
  server: string,
  token: () => string,
  store: TicketStore = ownStorage() ?? inMemory(),
): Tickets {
  const keyOf = (room: string): string => `heliograph ticket ${server} ${appOf(token())} ${room}`;
  return {
    get_: (room) => {
      const ticket: unknown = orIfFails(() => store.getItem(keyOf(room)));
      return typeof ticket === 'string' && kTicket.test(ticket) ? ticket : undefined;
    },
    keep_: (room, ticket) =>
      orIfFails(() => {
        if (ticket) store.setItem(keyOf(room), ticket);
        else store.removeItem(keyOf(room));
      }),
  };
}
