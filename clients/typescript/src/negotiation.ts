import type { TellOfPeer } from './call_types.js';
import { createCandidates } from './ice_candidates.js';
import { kDisconnectedFor } from './limits.js';
import type { Published } from './published.js';
import { createSender } from './sender.js';

/** Both ends of a link, and the order of its steps. */
export interface LinkEnds {
  readonly id_: string;
  /** The other side's `id_`, once it is known. */
  remoteId_?: string | undefined;
  /** Every step ends before the next begins; there are none after the link has closed. */
  enqueue_: (step: (negotiation: Negotiation) => unknown) => void;
}

/** The values that a negotiation needs, and the functions that it calls. */
export interface NegotiationHost {
  /** Whether we give way when two offers meet; exactly one of two peers does. */
  readonly polite_: boolean;
  readonly published_: Published;
  /** MIME types, best first. */
  readonly codecs_: readonly string[];
  /** Gets the configuration for an ICE restart. */
  configuration_: () => Promise<RTCConfiguration>;
  /** Sends a description of this link. */
  sendDescription_: (description: RTCSessionDescriptionInit, link: LinkEnds) => void;
  sendCandidate_: (candidate: RTCIceCandidateInit) => void;
  /** A description was applied: from now on these are the other side's streams. */
  onStreams_: (kinds: Kinds | undefined) => void;
  onTrack_: (track: MediaStreamTrack, stream: MediaStream | undefined) => void;
  onState_: (state: RTCPeerConnectionState) => void;
  tell_: TellOfPeer;
}

/** The kind of each stream that is published, by the stream's id. */
export type Kinds = Readonly<Record<string, string>>;

/** Steps, each of which ends before the next begins. */
export interface Negotiation {
  takeDescription_: (
    description: RTCSessionDescriptionInit,
    kinds: Kinds | undefined,
  ) => Promise<void>;
  takeCandidate_: (candidate: RTCIceCandidateInit) => Promise<void>;
  sendPublished_: () => Promise<void>;
  /** The other side can be reached again: our last message may not have arrived. */
  resume_: () => Promise<void>;
}

// Long because its variables are the state (docs/decisions/client-size.md).
/**
 * "Perfect negotiation" (W3C WebRTC, 10.7): either side may change what it sends at any time. As
 * each step ends before the next begins, `signalingState` alone tells whether two offers met.
 */
export function createNegotiation(
  connection: RTCPeerConnection,
  host: NegotiationHost,
  link: LinkEnds,
  starts: boolean,
): Negotiation {
  const candidates = createCandidates(connection);

  const sendDescription = (): void => {
    host.sendDescription_(connection.localDescription as RTCSessionDescription, link);
  };

  const describe = async (): Promise<void> => {
    await connection.setLocalDescription();
    sendDescription();
  };

  const offer = async (): Promise<void> => {
    if (connection.signalingState !== 'stable') return; // The event comes again when it is stable.
    if (starts || connection.remoteDescription) await describe(); // Else after the first answer.
  };

  const takeDescription: Negotiation['takeDescription_'] = async (description, kinds) => {
    const isOffer = description.type === 'offer';
    const collides = connection.signalingState !== (isOffer ? 'stable' : 'have-local-offer');
    if (collides && !(isOffer && host.polite_)) return; // The other side gives way, or is late.
    host.onStreams_(kinds);
    await connection.setRemoteDescription(description); // Takes our own offer back if there is one.
    await candidates.takeHeld_();
    if (isOffer) await describe();
  };

  /** Restarts ICE with fresh TURN credentials. */
  const restart = async (): Promise<void> => {
    connection.setConfiguration(await host.configuration_());
    connection.restartIce();
  };

  const { enqueue_ } = link;
  listen(
    connection,
    host,
    () => enqueue_(offer),
    () => enqueue_(restart),
  );
  return {
    takeDescription_: takeDescription,
    takeCandidate_: candidates.take_,
    sendPublished_: createSender(connection, host.published_, host.codecs_),
    resume_: async () => {
      if (connection.signalingState === 'have-local-offer') sendDescription();
      if (/^(disconnected|failed)$/.test(connection.connectionState)) await restart();
    },
  };
}

function listen(
  connection: RTCPeerConnection,
  host: NegotiationHost,
  offer: () => void,
  restart: () => void,
): void {
  let last: RTCIceCandidateInit | undefined;
  let patience: ReturnType<typeof setTimeout> | undefined;
  const on: RTCPeerConnection['addEventListener'] = connection.addEventListener.bind(connection);
  on('negotiationneeded', offer);
  on('icecandidate', ({ candidate }) => {
    if (candidate) last = candidate.toJSON();
    else if (last) last = { ...last, candidate: '' }; // The end of candidates (RFC 8838, 8.2).
    if (last) host.sendCandidate_(last);
  });
  on('track', ({ track, streams }) => host.onTrack_(track, streams[0]));
  on('datachannel', ({ channel }) => host.tell_('channel', { channel }));
  on('connectionstatechange', () => {
    const { connectionState } = connection;
    // A short disturbance often passes by itself; a longer one needs a restart.
    clearTimeout(patience);
    if (connectionState === 'failed') restart();
    if (connectionState === 'disconnected') patience = setTimeout(restart, kDisconnectedFor);
    host.onState_(connectionState);
  });
}
