import type { Peer } from '@heliograph/client';
import type { MediaStatus } from './media.js';

/** The status that everybody sends to everybody, latecomers included. */
export interface Status extends MediaStatus {
  /** Whether they want to speak. */
  hand: boolean;
}

/** The status of a peer; null if it has sent none, or nonsense. */
export function statusOf({ status }: Peer): Status | null {
  const { camera, microphone, hand } = (status ?? {}) as Record<string, unknown>;
  if (typeof camera !== 'boolean' || typeof microphone !== 'boolean') return null;
  return { camera, microphone, hand: hand === true };
}
