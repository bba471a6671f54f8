import { kHeldCandidates } from './limits.js';

/** The ICE candidates of the other side. */
export interface IceCandidates {
  take_: (candidate: RTCIceCandidateInit) => Promise<void>;
  /** A description was applied: the candidates that belong to it are no longer held back. */
  takeHeld_: () => Promise<void>;
}

/** A candidate that comes before the description that it belongs to is kept until then. */
export function createCandidates(connection: RTCPeerConnection): IceCandidates {
  const held: RTCIceCandidateInit[] = [];

  const take = async (candidate: RTCIceCandidateInit): Promise<void> => {
    const { usernameFragment: fragment } = candidate;
    const description = connection.remoteDescription;
    // The user fragment tells to which description a candidate belongs: ICE restarts change it.
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
