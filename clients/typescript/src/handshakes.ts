import { orNothing, SignalError } from './error.js';
import type { SignalOptions } from './signal_types.js';

type Send = (auth: object) => void;

/** Gets the app token for each handshake. */
export interface Handshakes {
  /** The latest token. */
  token_: string;
  /** Gets another token for the present connection, if possible. */
  renew_: () => Promise<void>;
  begin_: (send: Send) => Promise<void>;
  /** The server no longer waits for the token. */
  end_: () => void;
}

/** A token that comes too late for one handshake is used for the next; it is fetched only once. */
export function createHandshakes(
  token: SignalOptions['token'],
  onFailure: (error: unknown) => void,
): Handshakes {
  const ask = async (): Promise<string> => {
    const isFunction = typeof token === 'function';
    const found: unknown = await (isFunction ? token() : token);
    if (found && typeof found === 'string') return found;
    if (isFunction) throw new Error('The function `token` gave no text');
    throw new SignalError('no-token', 'The option `token` is empty');
  };
  let asked: Promise<string> | null = null;
  let current: Send | null = null;
  const handshakes: Handshakes = {
    token_: '',
    renew_: async () => {
      handshakes.token_ = (await orNothing(ask())) ?? handshakes.token_;
    },
    begin_: async (send) => {
      current = send;
      asked ??= ask();
      try {
        const found = await asked;
        if (send !== current) return;
        asked = null;
        handshakes.token_ = found;
        send({ token: found, recovery: true });
      } catch (error) {
        asked = null;
        if (send === current || error instanceof SignalError) onFailure(error);
      }
    },
    end_: () => {
      current = null;
    },
  };
  return handshakes;
}
