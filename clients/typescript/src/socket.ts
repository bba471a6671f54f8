import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { addressOf } from './address.js';
import type { Handshakes } from './handshakes.js';
import type { SignalOptions } from './signal_types.js';

/**
 * In Node nothing stops WebSockets, and a handshake by polling could not be given up: it would keep
 * the program running.
 */
const kNodeOptions = { transports: ['websocket'] };
const isNode = 'process' in globalThis && !('document' in globalThis);

/** A socket that is not connected yet, and the address of its server. */
export interface Line {
  readonly socket_: Socket;
  readonly server_: string;
  readonly path_: string;
}

export function createLine(
  url: string,
  options: SignalOptions['socket'],
  handshakes: Handshakes,
): Line {
  const [server, ownPath] = addressOf(url);
  const path = options?.path ?? ownPath;
  const socket = io(server, {
    forceNew: true,
    ...(isNode && kNodeOptions),
    ...options,
    path,
    autoConnect: false,
    auth: (send) => void handshakes.begin_(send),
  });
  return { socket_: socket, server_: server, path_: path };
}
