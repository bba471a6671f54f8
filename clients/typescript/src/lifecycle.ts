import { SignalError } from './error.js';
import type { SignalErrorCode } from './error.js';
import type { EmitSignal } from './session.js';
import type { SignalState } from './signal_types.js';

/** The state of the connection. Emits every change, and the error of an attempt that failed. */
export interface Lifecycle {
  state_: SignalState;
  /** Whether the first connection is tried again if it fails. */
  isPatient_: boolean;
  become_: (next: SignalState, error?: SignalError) => void;
  /** Closes the signal for good. */
  end_: (error: SignalError) => void;
  /** An attempt has failed: another one follows, or the signal is closed. */
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
