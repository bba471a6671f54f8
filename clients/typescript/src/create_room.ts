import { settled } from './emitter.js';
import { unless } from './error.js';
import { comeIn } from './memberships.js';
import type { Memberships } from './memberships.js';
import type { WithPayload } from './protocol.js';
import { newRoomName } from './room_name.js';

interface Created {
  room: string;
}

/** Waits for either answer, as the other may be lost. The server accepts the request twice. */
export async function createRoom(
  memberships: Memberships,
  name?: string,
  options?: WithPayload,
): Promise<string> {
  const { requests_: requests, signal_: signal } = memberships;
  const room = name || newRoomName();
  const ask = () => requests.ask_<Created>('room-create-request', { room }, options);
  const answer = settled<Created>((resolve, reject) => {
    const accepted = signal.on('room-create-accept', (event) => {
      if (event.room === room) resolve(event);
    });
    // The answer may be lost with a connection that comes back.
    unless('disconnected', ask())
      .then((answer) => answer ?? ask())
      .then(resolve, reject);
    return [accepted];
  });
  return (await comeIn(memberships, room, { ...options }, answer)).room;
}
