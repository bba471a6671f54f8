import { now } from './clock.js';
import { orNothing } from './error.js';
import { kFreshFor } from './limits.js';

/** The server's list of STUN and TURN servers. */
export interface IceServers {
  /** Keeps those that came with the sign-in. A server that has none sends no list. */
  keep_: (servers: unknown) => void;
  /** Fresh ones, or the previous ones if the server cannot be asked. */
  get_: () => Promise<RTCIceServer[]>;
}

/** Keeps the list; `ask` gets it again when it may be stale. */
export function createIceServers(ask: () => Promise<unknown>): IceServers {
  let known: RTCIceServer[] = [];
  let freshUntil = Infinity;
  let asking: Promise<void> | null = null;

  const keep = (servers: unknown): void => {
    if (!Array.isArray(servers)) return;
    known = servers as RTCIceServer[];
    freshUntil = now() + kFreshFor;
  };

  return {
    keep_: keep,
    get_: async () => {
      if (now() >= freshUntil) {
        // An old credential may still work, and a call within one network needs none.
        asking ??= orNothing(ask().then(keep)).finally(() => (asking = null));
        await asking;
      }
      return known;
    },
  };
}

/** Asks the server whose Socket.IO has this path; undefined if it refuses. */
export async function fetchIceServers(
  server: string,
  path: string,
  sessionToken: string,
): Promise<unknown> {
  const answer = await fetch(new URL(path.replace(/[^/]*\/?$/, 'ice-servers'), server), {
    headers: { Authorization: `Bearer ${sessionToken}` },
  });
  const { response } = (await answer.json()) as { response: { ice_servers?: unknown } };
  return response.ice_servers;
}
