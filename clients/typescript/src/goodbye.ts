import type { Socket } from 'socket.io-client';
import type { Unsubscribe } from './emitter.js';

/** A Socket.IO DISCONNECT and an Engine.IO close (docs/protocol.md, "When a connection breaks"). */
const kGoodbye = '41\x1e1';

/** Where the engine polls. */
function pollingUrl(server: string, path: string, sid: string): URL {
  const url = new URL(server.includes('//') ? server : `//${server}`, globalThis.location.href);
  url.protocol = url.protocol.replace('ws', 'http');
  url.pathname = path;
  url.search = `EIO=4&transport=polling&sid=${sid}`;
  return url;
}

/**
 * Says goodbye when the page goes and polls, which leaves no time for a POST; otherwise the others
 * would see it for as long as the server waits for its return. A page that comes back out of the
 * browser's cache connects again.
 */
export function sayGoodbyeWhenLeaving(socket: Socket, server: string, path: string): Unsubscribe {
  let hasGone = false;
  const watch = new AbortController();
  const on = (name: string, listener: () => void): void =>
    globalThis.addEventListener?.(name, listener, watch);
  on('pagehide', () => {
    const engine = (socket.io as Partial<Socket['io']>).engine;
    if (!engine?.id || engine.transport.name !== 'polling') return;
    hasGone = navigator.sendBeacon(pollingUrl(server, path, engine.id), kGoodbye);
  });
  on('pageshow', () => {
    if (hasGone) socket.io.engine.close();
    hasGone = false;
  });
  return () => watch.abort();
}
