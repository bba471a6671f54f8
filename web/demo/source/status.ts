import type { Peer } from '@heliograph/client';
import type { MediaStatus } from './media.js';

/** What a peer has said of its camera and microphone; null where it has not, or not sense. */
export function statusOf({ status }: Peer): MediaStatus | null {
  const { camera, microphone } = (status ?? {}) as Record<string, unknown>;
  if (typeof camera !== 'boolean' || typeof microphone !== 'boolean') return null;
  return { camera, microphone };
}
