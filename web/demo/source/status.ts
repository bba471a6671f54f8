import type { Peer } from '@heliograph/client';
import type { MediaStatus } from './media.js';

/** What everybody tells of themselves, also those who come late. */
export interface Status extends MediaStatus {
  /** Whether they want to speak. */
  hand: boolean;
}

/** What a peer has said of itself; null where it has not, or not sense. */
export function statusOf({ status }: Peer): Status | null {
  const { camera, microphone, hand } = (status ?? {}) as Record<string, unknown>;
  if (typeof camera !== 'boolean' || typeof microphone !== 'boolean') return null;
  return { camera, microphone, hand: hand === true };
}
