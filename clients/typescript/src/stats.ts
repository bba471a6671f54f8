/** `unknown` as long as nothing was measured. */
export type Quality = 'good' | 'fair' | 'poor' | 'unknown';

export interface PeerStats {
  /** Bits a second. */
  bitrateIn: number;
  bitrateOut: number;
  /** Milliseconds there and back; null until it was measured. */
  roundTripTime: number | null;
  /** The share of packets lost, 0 to 1. */
  lossIn: number;
  lossOut: number;
  /** Whether a TURN server stands between the two. */
  relayed: boolean;
  quality: Quality;
}
