import { kHeldCandidates } from './limits.js';

/** The candidates of the other side. */
export interface IceCandidates {
  take_: (candidate: RTCIceCandidateInit) => Promise<void>;
  /** A description was taken: theirs are no longer held back. */
  takeHeld_: () => Promise<void>;
}

/** A candidate may come before the description that it belongs to; it is kept until then. */
export function createCandidates(connection: RTCPeerConnection): IceCandidates {
  const held: RTCIceCandidateInit[] = [];

  const take = async (candidate: RTCIceCandidateInit): Promise<void> => {
    const { usernameFragment: fragment } = candidate;
    const description = connection.remoteDescription;
    // ICE restarts change the fragment: by it a candidate is told to belong to a description.
    if (description && (!fragment || description.sdp.includes(`a=ice-ufrag:${fragment}\r\n`))) {
      await connection.addIceCandidate(candidate);
    } else if (held.push(candidate) > kHeldCandidates) {
      held.shift();
    }
  };

  return {
    take_: take,
    takeHeld_: async () => {
      for (const candidate of held.splice(0)) await take(candidate);
    },
  };
}
