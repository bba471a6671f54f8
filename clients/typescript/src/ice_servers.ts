const kFreshFor = 60_000;
const kSpare = 10_000;

/** When the first of these time-limited credentials ends: coturn's user names begin with it. */
function earliestExpiry(servers: RTCIceServer[]): number {
  const expiries = servers.map(({ username }) => /^(\d+)(:|$)/.exec(username ?? '')?.[1]);
  return Math.min(...expiries.map((seconds) => (seconds ? Number(seconds) * 1000 : Infinity)));
}

/** The server's list of STUN and TURN servers, asked for again when it may be stale. */
export class IceServers {
  #servers: RTCIceServer[] = [];
  #freshUntil = Infinity;
  #asking: Promise<RTCIceServer[]> | null = null;
  readonly #ask: () => Promise<RTCIceServer[]>;

  /** `ask` gets them from the server. */
  constructor(ask: () => Promise<RTCIceServer[]>) {
    this.#ask = ask;
  }

  /** What came with the sign-in. A server that has none sends no list, and is not asked for one. */
  keep(servers: RTCIceServer[] | undefined): void {
    this.#servers = servers ?? [];
    this.#freshUntil = servers
      ? Math.min(Date.now() + kFreshFor, earliestExpiry(servers) - kSpare)
      : Infinity;
  }

  /** Fresh ones; those known before where the server cannot be asked. */
  async get(): Promise<RTCIceServer[]> {
    if (Date.now() < this.#freshUntil) return this.#servers;
    this.#asking ??= this.#ask().finally(() => (this.#asking = null));
    try {
      this.keep(await this.#asking);
    } catch {
      // An old credential may still do; and a call in one network needs none.
    }
    return this.#servers;
  }
}
