import { SignalError } from './error.js';
import type { SignalErrorCode } from './error.js';
import type { EmitSignal } from './session.js';
import type { SignalState } from './signal_types.js';

/** How the connection is doing. Every change is told, and so is why an attempt has failed. */
export interface Lifecycle {
  state_: SignalState;
  /** Whether the first connection is tried again if it fails. */
  isPatient_: boolean;
  become_: (next: SignalState, error?: SignalError) => void;
  /** For good. */
  end_: (error: SignalError) => void;
  /** An attempt has failed: there will be another one, or this was the end. */
  fail_: (code: SignalErrorCode, cause: unknown) => void;
}

export function createLifecycle(emit: EmitSignal, onEnd: () => void): Lifecycle {
  const lifecycle: Lifecycle = {
    state_: 'connecting',
    isPatient_: true,
    become_: (state, error) => {
      lifecycle.state_ = state;
      emit('state', { state, error });
    },
    end_: (error) => {
      if (lifecycle.state_ === 'closed') return;
      lifecycle.state_ = 'closed';
      onEnd();
      lifecycle.become_('closed', error);
    },
    fail_: (code, cause) => {
      const { message = String(cause) } = Object(cause) as Partial<Error>;
      const error = new SignalError(code, message, undefined, undefined, cause);
      const { state_: state, isPatient_: isPatient } = lifecycle;
      if (state === 'connecting' && !isPatient) lifecycle.end_(error);
      else lifecycle.become_(state, error);
    },
  };
  return lifecycle;
}
