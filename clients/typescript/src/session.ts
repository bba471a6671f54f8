import { io } from 'socket.io-client';
import { onAbort } from './abort.js';
import { addressOf } from './address.js';
import { settled } from './emitter.js';
import type { Emitter } from './emitter.js';
import { closed, codeOf, disconnected, SignalError } from './error.js';
import type { SignalErrorCode } from './error.js';
import { sayGoodbyeWhenLeaving } from './goodbye.js';
import { createHandshakes } from './handshakes.js';
import { createIceServers, fetchIceServers } from './ice_servers.js';
import { kLongestTimer, kRenewAgain } from './limits.js';
import type { OpenOptions, SignalEvents, SignalOptions, SignalState } from './signal_types.js';
import { renewalDelay } from './token.js';
import { camelCased, isServerEvent } from './wire.js';
import type { Fields } from './wire.js';

/** A socket that signs in by itself, stays signed in, and says what became of it. */
export interface Session {
  /** Milliseconds that a command may take. */
  readonly timeout_: number;
  state_(): SignalState;
  isOnline_(): boolean;
  id_(): string;
  /** The session token; empty while not signed in. */
  token_(): string;
  open_(options?: OpenOptions): Promise<void>;
  close_(): void;
  /** Resolves when signed in; rejects when closed. */
  whenOnline_(): Promise<void>;
  /** Rejects also when the time is over that a command may take. */
  whenOnlineInTime_(): Promise<void>;
  /** Gets a new session token, and tells others something else from now on, where that is given. */
  signIn_(peerinfo?: unknown): Promise<void>;
  /** The server's, fresh. */
  iceServers_(): Promise<RTCIceServer[]>;
  /** Sends the event as it is and returns the acknowledgement, if it is a yes. */
  ask_<Answer>(event: string, fields: Fields): Promise<Answer>;
}

/**
 * In Node there is nothing that WebSockets do not get through, and a handshake by polling could not be
 * given up: it would keep the program running.
 */
const kNodeOptions = { transports: ['websocket'] };
const isNode = 'process' in globalThis && !('document' in globalThis);

/** How the parts of a signal tell its events. */
export type EmitSignal = <Name extends keyof SignalEvents>(
  name: Name,
  event: SignalEvents[Name],
) => void;

/** What is none of the protocol's: from a back end, by the Redis emitter. */
export type EmitOther = (name: string, event: unknown) => void;

type SignIn = { token: string; iceServers?: RTCIceServer[] };
/** Milliseconds as a timer takes them; undefined if the server says no number. */
const waitOf = (time: unknown): number | undefined =>
  Number.isFinite(time) ? Math.min(Math.max(time as number, 0), kLongestTimer) : undefined;

type Refusal = { code?: string; message?: string; retry_after_ms?: number };
type Ack = Fields & { ok?: boolean; error?: Refusal };

// Long because its variables are the state (docs/decisions/client-size.md).
export function createSession(
  url: string,
  options: SignalOptions,
  signal: Emitter<SignalEvents>,
  emit: EmitSignal,
  emitOther: EmitOther,
): Session {
  const { timeout = 10_000 } = options;
  let { peerinfo } = options;
  let state: SignalState = 'connecting';
  let id = '';
  let sessionToken = '';
  let lastToken = '';
  let renewal: ReturnType<typeof setTimeout>;
  let isPatient = true;

  const become = (next: SignalState, error?: SignalError): void => {
    state = next;
    emit('state', { state, error });
  };

  const end = (error: SignalError): void => {
    if (state === 'closed') return;
    clearTimeout(renewal);
    stopWatchingPage();
    sessionToken = '';
    become('closed', error);
    socket.disconnect();
  };

  /** The socket tries again after a while. */
  const breakOff = () => socket.io.engine.close();

  const isOnline = (): boolean => socket.connected && sessionToken !== '';

  const whenOnline = async (limit = kLongestTimer): Promise<void> => {
    if (isOnline()) return;
    if (state === 'closed') throw closed();
    await settled<void>((resolve, reject) => {
      const expire = (): void => reject(new SignalError('timeout', 'The server is out of reach'));
      const timer = setTimeout(expire, limit);
      const off = signal.on('state', ({ error }) => {
        if (state === 'closed') reject(error);
        if (isOnline()) resolve();
      });
      return [off, () => clearTimeout(timer)];
    });
  };

  const ask = async <Answer>(event: string, fields: Fields): Promise<Answer> => {
    const answer = socket.timeout(timeout).emitWithAck(event, fields);
    const { ok, error, ...others } = Object(
      await answer.catch(() => {
        if (socket.connected) throw new SignalError('timeout', `No answer to ${event}`);
        throw disconnected();
      }),
    ) as Ack;
    if (ok) return camelCased(others) as Answer;
    const { code = 'unknown', message = event, retry_after_ms } = error ?? {};
    throw new SignalError(code, message, waitOf(retry_after_ms));
  };

  const signIn: Session['signIn_'] = async (other = peerinfo) => {
    const answer = await ask<SignIn>('auth-request', {
      token: handshakes.token_,
      peerinfo: other,
      // The server may take the peer that we were before for connected still.
      replaces: sessionToken ? undefined : lastToken || undefined,
    });
    peerinfo = other;
    keep(answer);
  };

  const keep = (signIn: SignIn): void => {
    sessionToken = lastToken = String(signIn.token);
    renewIn(renewalDelay(sessionToken, Date.now()));
    iceServers.keep_(signIn.iceServers);
  };

  const renewIn = (delay: number): void => {
    clearTimeout(renewal);
    renewal = setTimeout(async () => {
      try {
        await whenOnline();
        await handshakes.renew_();
        await signIn();
      } catch {
        if (state !== 'closed') renewIn(kRenewAgain);
      }
    }, delay);
  };

  /** It is tried again, unless it is the first attempt and nobody wants that. */
  const failFor = (code: SignalErrorCode, cause: unknown): void => {
    const { message = String(cause) } = Object(cause) as Partial<Error>;
    const error = new SignalError(code, message, undefined, undefined, cause);
    if (state === 'connecting' && !isPatient) end(error);
    else become(state, error);
  };

  const handshakes = createHandshakes(options.token, (error) => {
    if (error instanceof SignalError) return end(error);
    failFor('no-token', error);
    breakOff();
  });

  const onConnect = async (): Promise<void> => {
    id = socket.id ?? '';
    if (socket.recovered && sessionToken) return become('resumed');
    sessionToken = '';
    try {
      await signIn();
      become(state === 'connecting' ? 'connected' : 'reset');
    } catch (error) {
      if (codeOf(error) === 'timeout') breakOff();
      else if (codeOf(error) !== 'disconnected') end(error as SignalError);
    }
  };

  const [server, ownPath] = addressOf(url);
  const path = options.socket?.path ?? ownPath;
  const iceServers = createIceServers(() => fetchIceServers(server, path, sessionToken));

  const socket = io(server, {
    forceNew: true,
    ...(isNode && kNodeOptions),
    ...options.socket,
    path,
    autoConnect: false,
    auth: handshakes.begin_,
  });
  const stopWatchingPage = sayGoodbyeWhenLeaving(socket, server, path);
  socket.on('connect', onConnect);
  socket.on('disconnect', (reason) => {
    handshakes.end_();
    if (reason === 'io server disconnect') end(disconnected());
    if (state !== 'closed') become(state === 'connecting' ? state : 'reconnecting');
  });
  socket.on('connect_error', (error) => {
    if (!socket.active) end(new SignalError('unauthorized', error.message));
    else failFor('unreachable', error);
  });
  // The server sends a new token after a return. The old one stays valid for a minute.
  socket.on('auth-accept', (fields: Fields) => {
    if (sessionToken && fields?.['token']) keep(camelCased(fields) as SignIn);
  });
  socket.onAny((name: string, fields: unknown) => {
    if (!isServerEvent(name)) return emitOther(name, fields);
    if (Object(fields) === fields) emit(name, camelCased(fields as Fields) as never);
  });

  return {
    timeout_: timeout,
    state_: () => state,
    isOnline_: isOnline,
    id_: () => id,
    token_: () => sessionToken,
    open_: async ({ keepTrying = false, signal: abort } = {}) => {
      isPatient = keepTrying;
      const off = onAbort(abort, () => end(closed()));
      if (state !== 'closed') socket.connect();
      try {
        await whenOnline(keepTrying ? kLongestTimer : timeout);
      } catch (error) {
        end(error as SignalError); // Nothing runs on.
        throw error;
      } finally {
        off();
      }
    },
    close_: () => end(closed()),
    whenOnline_: whenOnline,
    whenOnlineInTime_: () => whenOnline(timeout),
    signIn_: signIn,
    iceServers_: iceServers.get_,
    ask_: ask,
  };
}
