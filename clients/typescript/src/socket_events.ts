import type { Socket } from 'socket.io-client';
import { codeOf, disconnected, SignalError } from './error.js';
import type { Handshakes } from './handshakes.js';
import type { EmitOther, EmitSignal, Session } from './session.js';
import type { Accepted, SignIn } from './sign_in.js';
import { camelCased, isServerEvent } from './wire.js';
import type { Fields } from './wire.js';

/** Signs in whenever the socket connects, and reports the state of the connection. */
export function followSocket(
  socket: Socket,
  session: Session,
  handshakes: Handshakes,
  signIn: SignIn,
): void {
  const isFirst = (): boolean => session.state_ === 'connecting';

  const onConnect = async (): Promise<void> => {
    session.id_ = socket.id ?? '';
    if (socket.recovered && session.token_) {
      session.become_('resumed');
      return;
    }
    session.token_ = '';
    try {
      await signIn.signIn_();
      session.become_(isFirst() ? 'connected' : 'reset');
    } catch (error) {
      if (codeOf(error) === 'timeout') breakOff(socket);
      else if (codeOf(error) !== 'disconnected') session.end_(error as SignalError);
    }
  };

  socket.on('connect', () => void onConnect());
  socket.on('disconnect', (reason) => {
    handshakes.end_();
    if (reason === 'io server disconnect') session.end_(disconnected());
    if (session.state_ === 'closed') return;
    session.become_(isFirst() ? 'connecting' : 'reconnecting');
  });
  socket.on('connect_error', (error) => {
    if (socket.active) session.fail_('unreachable', error);
    else session.end_(new SignalError('unauthorized', error.message));
  });
  // The server sends a new token after a return. The old one stays valid for a minute.
  socket.on('auth-accept', (fields?: Fields) => {
    if (session.token_ && fields?.['token'])
      signIn.keep_(camelCased(fields) as unknown as Accepted);
  });
}

/** The socket tries again after a while. */
export const breakOff = (socket: Socket): unknown => socket.io.engine.close();

/** Emits the server's events: its own with names in camelCase, and others as they are. */
export function tellEvents(socket: Socket, emit: EmitSignal, emitOther: EmitOther): void {
  socket.onAny((name: string, fields: unknown) => {
    if (!isServerEvent(name)) return emitOther(name, fields);
    if (Object(fields) === fields) emit(name, camelCased(fields as Fields) as never);
  });
}
