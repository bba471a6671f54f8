import type { Socket } from 'socket.io-client';
import { onAbort } from './abort.js';
import { askServer } from './acknowledgement.js';
import type { Emitter } from './emitter.js';
import { closed, SignalError } from './error.js';
import { sayGoodbyeWhenLeaving } from './goodbye.js';
import { createHandshakes } from './handshakes.js';
import { createIceServers, fetchIceServers } from './ice_servers.js';
import { createLifecycle } from './lifecycle.js';
import type { Lifecycle } from './lifecycle.js';
import { kLongestTimer } from './limits.js';
import { untilOnline } from './online.js';
import { createSignIn } from './sign_in.js';
import type { OpenOptions, SignalEvents, SignalOptions } from './signal_types.js';
import { createLine } from './socket.js';
import { breakOff, followSocket, tellEvents } from './socket_events.js';
import type { Fields } from './wire.js';

/** A socket that signs in, stays signed in, and reports its state. */
export interface Session extends Lifecycle {
  /** The milliseconds that a command may take. */
  readonly timeout_: number;
  id_: string;
  /** The session token; empty while not signed in. */
  token_: string;
  isOnline_: () => boolean;
  open_: (options?: OpenOptions) => Promise<void>;
  /** Resolves when signed in; rejects when closed. */
  whenOnline_: () => Promise<void>;
  /** Also rejects when the time for a command is over. */
  whenOnlineInTime_: () => Promise<void>;
  /** Gets a new session token, with another `peerinfo` if one is given. */
  signIn_: (peerinfo?: unknown) => Promise<void>;
  /** The server's STUN and TURN servers, fresh. */
  iceServers_: () => Promise<RTCIceServer[]>;
  /** Sends the event as it is. Resolves to the acknowledgement, or rejects if it refuses. */
  ask_: <Answer>(event: string, fields: Fields) => Promise<Answer>;
}

/** Emits an event of the signal. */
export type EmitSignal = <Name extends keyof SignalEvents>(
  name: Name,
  event: SignalEvents[Name],
) => void;

/** Emits an event that the protocol does not have: a back end sent it by the Redis emitter. */
export type EmitOther = (name: string, event: unknown) => void;

// Long because its variables are the state (docs/decisions/client-size.md).
export function createSession(
  url: string,
  options: SignalOptions,
  signal: Emitter<SignalEvents>,
  emit: EmitSignal,
  emitOther: EmitOther,
): Session {
  const { timeout = 10_000 } = options;
  const lifecycle = createLifecycle(emit, () => {
    signIn.end_();
    stopWatchingPage();
    socket.disconnect();
  });
  const handshakes = createHandshakes(options.token, (error) => {
    if (error instanceof SignalError) return session.end_(error);
    session.fail_('no-token', error);
    breakOff(socket);
  });
  const line = createLine(url, options.socket, handshakes);
  const { socket_: socket, server_: server, path_: path } = line;
  const stopWatchingPage = sayGoodbyeWhenLeaving(socket, server, path);
  const iceServers = createIceServers(() => fetchIceServers(server, path, session.token_));
  const until = (limit: number): Promise<void> => untilOnline(session, signal, limit);

  const session: Session = Object.assign(lifecycle, {
    timeout_: timeout,
    id_: '',
    token_: '',
    isOnline_: () => socket.connected && session.token_ !== '',
    open_: (how?: OpenOptions) => open(session, socket, how),
    whenOnline_: () => until(kLongestTimer),
    whenOnlineInTime_: () => until(timeout),
    signIn_: (peerinfo?: unknown) => signIn.signIn_(peerinfo),
    iceServers_: iceServers.get_,
    ask_: <Answer>(event: string, fields: Fields) =>
      askServer<Answer>(socket, timeout, event, fields),
  });
  const signIn = createSignIn(session, handshakes, iceServers, options.peerinfo);
  followSocket(socket, session, handshakes, signIn);
  tellEvents(socket, emit, emitOther);
  return session;
}

async function open(
  session: Session,
  socket: Socket,
  { keepTrying = false, signal: abort }: OpenOptions = {},
): Promise<void> {
  session.isPatient_ = keepTrying;
  const off = onAbort(abort, () => session.end_(closed()));
  if (session.state_ !== 'closed') socket.connect();
  try {
    await (keepTrying ? session.whenOnline_() : session.whenOnlineInTime_());
  } catch (error) {
    session.end_(error as SignalError); // Nothing keeps running.
    throw error;
  } finally {
    off();
  }
}
