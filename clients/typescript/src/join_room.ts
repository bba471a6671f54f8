import { onAbort } from './abort.js';
import { settled } from './emitter.js';
import { disconnected, invalid, orNothing, SignalError, unless } from './error.js';
import { comeIn, leaveRoom } from './memberships.js';
import type { Memberships } from './memberships.js';
import type { Joined } from './protocol.js';
import type { JoinOptions } from './signal_types.js';

/** Joins with our ticket, or by asking. */
export async function joinRoom(
  memberships: Memberships,
  room: string,
  options: JoinOptions = {},
): Promise<Joined> {
  if (!room) throw invalid('The name of the room is empty');
  const ask = (ticket?: string): Promise<Joined> => askToJoin(memberships, room, options, ticket);
  const ticket = memberships.tickets_.get_(room);
  // If the ticket is in use, this tab is a duplicate of another one, and has to knock.
  const joined = ticket && (await unless('ticket-in-use', ask(ticket)));
  return joined || ask();
}

function askToJoin(
  memberships: Memberships,
  room: string,
  options: JoinOptions,
  ticket: string | undefined,
): Promise<Joined> {
  const request = { room, password: options.password, ticket };
  const asked = memberships.requests_.ask_('room-join-request', request, options);
  const answer = answerToJoin(memberships, room, asked, options.signal);
  return comeIn(memberships, room, options, answer);
}

/** Waits for the answer to the request `asked`, or for the loss of the session. */
function answerToJoin(
  memberships: Memberships,
  room: string,
  asked: Promise<unknown>,
  abort: AbortSignal | undefined,
): Promise<Joined> {
  const { signal_: signal } = memberships;
  return settled((resolve, reject) => {
    asked.catch(reject);
    return [
      onAbort(abort, () => {
        reject(new SignalError('closed', 'The request was withdrawn'));
        void orNothing(leaveRoom(memberships, room)); // Also if it has been granted by now.
      }),
      signal.on('room-join-accept', (joined) => {
        if (joined.room === room) resolve(joined);
      }),
      signal.on('room-join-reject', (rejected) => {
        if (rejected.room !== room) return;
        reject(new SignalError('join-rejected', rejected.message, undefined, rejected.code));
      }),
      signal.on('state', ({ state, error }) => {
        if (state === 'closed') reject(error);
        if (state === 'reset') reject(disconnected());
      }),
    ];
  });
}
