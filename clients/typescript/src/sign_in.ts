import type { Handshakes } from './handshakes.js';
import type { IceServers } from './ice_servers.js';
import { kRenewAgain } from './limits.js';
import type { Session } from './session.js';
import { renewalDelay } from './token.js';

/** The server's answer to a sign-in. */
export interface Accepted {
  token: string;
  iceServers?: unknown;
}

/** Gets session tokens, and renews them before they expire. */
export interface SignIn {
  /** Gets a token, with another `peerinfo` if one is given. */
  signIn_: (peerinfo?: unknown) => Promise<void>;
  keep_: (accepted: Accepted) => void;
  end_: () => void;
}

// Long because its variables are the state (docs/decisions/client-size.md).
export function createSignIn(
  session: Session,
  handshakes: Handshakes,
  iceServers: IceServers,
  peerinfo: unknown,
): SignIn {
  let lastToken = '';
  let renewal: ReturnType<typeof setTimeout> | undefined;

  const signIn: SignIn['signIn_'] = async (other = peerinfo) => {
    const accepted = await session.ask_<Accepted>('auth-request', {
      token: handshakes.token_,
      peerinfo: other,
      // The server may not have noticed yet that our former peer is gone.
      replaces: session.token_ ? undefined : lastToken || undefined,
    });
    peerinfo = other;
    keep(accepted);
  };

  const keep = ({ token, iceServers: servers }: Accepted): void => {
    session.token_ = lastToken = token;
    renewIn(renewalDelay(token, Date.now()));
    iceServers.keep_(servers);
  };

  const renewIn = (delay: number): void => {
    clearTimeout(renewal);
    renewal = setTimeout(() => void renew(), delay);
  };

  const renew = async (): Promise<void> => {
    try {
      await session.whenOnline_();
      await handshakes.renew_();
      await signIn();
    } catch {
      if (session.state_ !== 'closed') renewIn(kRenewAgain);
    }
  };

  return {
    signIn_: signIn,
    keep_: keep,
    end_: () => {
      clearTimeout(renewal);
      session.token_ = '';
    },
  };
}
