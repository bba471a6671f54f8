import { orNothing, SignalError } from './error.js';
import { kFreshFor, kSpare } from './limits.js';

/** When this time-limited credential ends: coturn's user names begin with it. */
function expiryOf({ username }: RTCIceServer): number {
  const seconds = /^(\d+)(:|$)/.exec(username ?? '')?.[1];
  return seconds ? Number(seconds) * 1000 : Infinity;
}

/** The server's list of STUN and TURN servers. */
export interface IceServers {
  /** Those that came with the sign-in. A server that has none sends no list. */
  keep_(servers: unknown): void;
  /** Fresh ones; those known before where the server cannot be asked. */
  get_(): Promise<RTCIceServer[]>;
}

/** The server's list of STUN and TURN servers; `ask` gets it again when it may be stale. */
export function createIceServers(ask: () => Promise<RTCIceServer[]>): IceServers {
  let known: RTCIceServer[] = [];
  let freshUntil = Infinity;
  let asking: Promise<void> | null = null;

  const keep = (servers: unknown): void => {
    const isList = Array.isArray(servers);
    known = isList ? servers : [];
    const expiries = known.map((server) => expiryOf(server) - kSpare);
    freshUntil = isList ? Math.min(Date.now() + kFreshFor, ...expiries) : Infinity;
  };

  return {
    keep_: keep,
    get_: async () => {
      if (Date.now() >= freshUntil) {
        // An old credential may still do; and a call in one network needs none.
        asking ??= orNothing(ask().then(keep)).finally(() => (asking = null));
        await asking;
      }
      return known;
    },
  };
}

/** Asks the server whose Socket.IO has this path. */
export async function fetchIceServers(
  server: string,
  path: string,
  sessionToken: string,
): Promise<RTCIceServer[]> {
  const url = new URL(path.replace(/[^/]*\/?$/, 'ice-servers'), server);
  const headers = { Authorization: `Bearer ${sessionToken}` };
  const answer = await fetch(url, { headers, cache: 'no-store' });
  if (!answer.ok) throw new SignalError('unreachable', `GET ${url.pathname}: ${answer.status}`);
  const { response } = (await answer.json()) as { response: { ice_servers: RTCIceServer[] } };
  return response.ice_servers;
}
