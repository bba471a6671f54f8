import type { Socket } from 'socket.io-client';
import type { Unsubscribe } from './emitter.js';

/** A Socket.IO DISCONNECT and an Engine.IO close (docs/protocol.md, "When a connection breaks"). */
const kGoodbye = '41\x1e1';

/** The address that the engine polls. */
function pollingUrl(server: string, path: string, sid: string): URL {
  const url = new URL(server.includes('//') ? server : `//${server}`, globalThis.location.href);
  url.protocol = url.protocol.replace('ws', 'http');
  url.pathname = path;
  url.search = `EIO=4&transport=polling&sid=${sid}`;
  return url;
}

/**
 * Says goodbye when a page that polls is closed, which leaves no time for a POST. Otherwise the
 * others would see the peer until the server stops waiting for its return. A page that comes back
 * from the browser's cache connects again.
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
