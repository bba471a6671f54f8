import { sendFramed } from './framed.js';
import type { RemotePeer } from './remote_peer.js';

/** Resolves when every peer with an open channel has it; rejects if one of them did not get it. */
export const sendToAll = (
  peers: ReadonlyMap<string, RemotePeer>,
  data: unknown,
  channel: string | undefined,
): Promise<void> =>
  sendFramed(data, (message) => {
    const all = Array.from(peers.values(), (peer) => peer.sendFramed_(message, channel));
    const sent = Promise.allSettled(all).then(async () => {
      await Promise.all(all);
    });
    sent.catch(() => {}); // The call has emitted "error".
    return sent;
  });
