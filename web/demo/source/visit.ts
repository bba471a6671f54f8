import type { Call, Signal } from '@heliograph/client';
import type { Media } from './media.js';
import type { OwnStatus } from './own_status.js';
import type { Speakers } from './speakers.js';

/** One visit to one room, for the parts of the call's view. */
export interface Visit {
  readonly signal: Signal;
  readonly call: Call;
  readonly media: Media;
  readonly speakers: Speakers;
  readonly status: OwnStatus;
  /** One's own name. */
  readonly name: string;
  /** Aborts when the visit is over, for listeners on objects that outlive it. */
  readonly over: AbortSignal;
}

/** Calls `listener` at clicks on the element while the visit lasts. */
export function onClick(visit: Visit, target: HTMLElement, listener: () => void): void {
  target.addEventListener('click', listener, { signal: visit.over });
}

/** Runs `refresh` now and whenever camera, microphone or the list of devices change. */
export function followMedia(visit: Visit, refresh: () => void): void {
  visit.over.addEventListener('abort', visit.media.on('change', refresh));
  refresh();
}
