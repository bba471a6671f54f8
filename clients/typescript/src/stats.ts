// Entry point "@heliograph/client/stats": pages that measure nothing do not load it.
import type { Call } from './call.js';
import { report } from './emitter.js';
import type { Unsubscribe } from './emitter.js';
import { orNothing } from './error.js';
import type { Peer } from './peer.js';
import { createRates } from './rates.js';
import type { PeerStats } from './rates.js';

export type { PeerStats, Quality } from './rates.js';

/** Returns a function that measures the connection to this peer since its previous call. */
export function createStatsMeter(peer: Peer): () => Promise<PeerStats> {
  const rate = createRates();
  return async () => rate(new Map(await peer.connection?.getStats()), Date.now());
}

/**
 * Measures the connection to every peer of the call each `interval` milliseconds, until the
 * returned function is called or the call has ended.
 */
export function watchStats(
  call: Call,
  interval: number,
  listener: (reading: { peer: Peer; stats: PeerStats }) => void,
): Unsubscribe {
  const meters = new WeakMap<Peer, () => Promise<PeerStats>>();
  const measure = async (peer: Peer): Promise<void> => {
    const meter = meters.get(peer) ?? createStatsMeter(peer);
    meters.set(peer, meter);
    const stats = await orNothing(meter()); // A connection that is closed meanwhile has none.
    if (stats && isWatching) report(() => listener({ peer, stats }));
  };
  let isWatching = true;
  const timer = setInterval(() => call.peers.forEach((peer) => void measure(peer)), interval);
  const stop = (): void => {
    isWatching = false;
    clearInterval(timer);
    off();
  };
  const off = call.on('ended', stop);
  return stop;
}
