import { closed } from './error.js';
import type { Published } from './published.js';

/** What goes with each description: between which connections it is, and what streams there are. */
export interface DescriptionPayload {
  /** The sender's connection. */
  link: string;
  /** The receiver's, as far as the sender knows it. */
  peer?: string;
  /** The kind of each stream that the sender publishes, by the stream's id. */
  streams: Record<string, string>;
}

/** What a link needs of its surroundings, and tells them. */
export interface LinkHost {
  /** Gives way when two offers meet; of two peers exactly one does. */
  readonly polite: boolean;
  readonly published: Published;
  readonly channels: Readonly<Record<string, RTCDataChannelInit>>;
  create(): Promise<RTCPeerConnection>;
  /** For the next ICE restart. */
  freshConfiguration(): Promise<RTCConfiguration>;
  sendDescription(description: RTCSessionDescriptionInit, payload: DescriptionPayload): void;
  sendCandidate(candidate: RTCIceCandidateInit): void;
  /** A description was taken: these are the streams that there are from now on. */
  onStreams(kinds: Record<string, string> | undefined): void;
  onTrack(track: MediaStreamTrack, stream: MediaStream | undefined): void;
  /** One that both sides open alike: "main", and those of `channels`. */
  onOwnChannel(channel: RTCDataChannel): void;
  onChannel(channel: RTCDataChannel): void;
  onState(state: RTCPeerConnectionState): void;
  onError(error: unknown): void;
}

const kDisconnectedFor = 3000;
const kHeldCandidates = 128;

/**
 * One RTCPeerConnection under "perfect negotiation" (W3C WebRTC, 10.7): either side may change
 * what it sends at any time. Every step (an offer, a description, a candidate) goes through one
 * queue and ends before the next begins, so `signalingState` alone tells whether two offers met.
 */
export class Link {
  readonly id = Math.random().toString(36).slice(2);
  /** The other side's `id`, once it has said. */
  remoteId: string | undefined;
  connection: RTCPeerConnection | null = null;
  readonly #host: LinkHost;
  readonly #starts: boolean;
  readonly #transceivers = new Map<string, RTCRtpTransceiver>();
  readonly #opened: Promise<void>;
  #queue: Promise<void>;
  #held: RTCIceCandidateInit[] = [];
  #patience: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** `starts`: makes the first offer; the other side waits for it. */
  constructor(host: LinkHost, starts: boolean) {
    this.#host = host;
    this.#starts = starts;
    this.#opened = this.#open();
    this.#queue = this.#opened;
  }

  receiveDescription(
    description: RTCSessionDescriptionInit,
    kinds: Record<string, string> | undefined,
  ): void {
    this.#enqueue((connection) => this.#takeDescription(connection, description, kinds));
  }

  receiveCandidate(candidate: RTCIceCandidateInit): void {
    this.#enqueue((connection) => this.#takeCandidate(connection, candidate));
  }

  /** Sends what is published now. */
  updateMedia(): void {
    this.#enqueue((connection) => this.#sendPublished(connection));
  }

  /** Looks for another way through the network, with fresh TURN credentials. */
  restart(): void {
    this.#enqueue(async (connection) => {
      connection.setConfiguration(await this.#host.freshConfiguration());
      connection.restartIce();
    });
  }

  /** The offer that waits for its answer may not have arrived: says it again. */
  repeatOffer(): void {
    this.#enqueue((connection) => {
      if (connection.signalingState === 'have-local-offer') this.#sendDescription(connection);
    });
  }

  async openChannel(label: string, init?: RTCDataChannelInit): Promise<RTCDataChannel> {
    await this.#opened;
    if (!this.connection) throw closed();
    return this.connection.createDataChannel(label, init);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#patience);
    this.connection?.close();
  }

  async #open(): Promise<void> {
    try {
      const connection = await this.#host.create();
      if (this.#closed) return connection.close();
      this.connection = connection;
      this.#listen(connection);
      for (const [id, [label, init]] of Object.entries(this.#host.channels).entries()) {
        this.#host.onOwnChannel(
          connection.createDataChannel(label, { ...init, negotiated: true, id }),
        );
      }
      await this.#sendPublished(connection);
    } catch (error) {
      if (!this.#closed) this.#host.onError(error);
    }
  }

  #listen(connection: RTCPeerConnection): void {
    connection.addEventListener('negotiationneeded', () => {
      this.#enqueue(() => this.#offer(connection));
    });
    let last: RTCIceCandidateInit | undefined;
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate) last = candidate.toJSON();
      else if (last) last = { ...last, candidate: '' }; // The end of candidates (RFC 8838, 8.2).
      if (last) this.#host.sendCandidate(last);
    });
    connection.addEventListener('track', ({ track, streams }) => {
      this.#host.onTrack(track, streams[0]);
    });
    connection.addEventListener('datachannel', ({ channel }) => this.#host.onChannel(channel));
    connection.addEventListener('connectionstatechange', () => {
      this.#healIfNeeded(connection.connectionState);
      this.#host.onState(connection.connectionState);
    });
  }

  /** A short disturbance often passes by itself; a longer one asks for a restart. */
  #healIfNeeded(state: RTCPeerConnectionState): void {
    clearTimeout(this.#patience);
    if (state === 'failed') this.restart();
    if (state === 'disconnected') {
      this.#patience = setTimeout(() => this.restart(), kDisconnectedFor);
    }
  }

  async #offer(connection: RTCPeerConnection): Promise<void> {
    if (connection.signalingState !== 'stable') return; // The event comes again when it is.
    if (!this.#starts && !connection.remoteDescription) return; // Likewise after the first answer.
    await connection.setLocalDescription();
    this.#sendDescription(connection);
  }

  async #takeDescription(
    connection: RTCPeerConnection,
    description: RTCSessionDescriptionInit,
    kinds: Record<string, string> | undefined,
  ): Promise<void> {
    const isOffer = description.type === 'offer';
    const collides = connection.signalingState !== (isOffer ? 'stable' : 'have-local-offer');
    if (collides && !(isOffer && this.#host.polite)) return; // It gives way, or its answer is late.
    this.#host.onStreams(kinds);
    await connection.setRemoteDescription(description); // Takes our own offer back where need be.
    await this.#addHeldCandidates(connection);
    if (!isOffer) return;
    await connection.setLocalDescription();
    this.#sendDescription(connection);
  }

  /** A candidate may come before the description that it belongs to; it is kept until then. */
  async #takeCandidate(
    connection: RTCPeerConnection,
    candidate: RTCIceCandidateInit,
  ): Promise<void> {
    if (belongsTo(candidate, connection.remoteDescription)) {
      await connection.addIceCandidate(candidate);
    } else if (this.#held.push(candidate) > kHeldCandidates) {
      this.#held.shift();
    }
  }

  async #addHeldCandidates(connection: RTCPeerConnection): Promise<void> {
    for (const candidate of this.#held.splice(0)) await this.#takeCandidate(connection, candidate);
  }

  /**
   * Each track goes out through a transceiver of its own, which only sends: so it can be stopped,
   * and its m-line used again, without regard to what the other side sends.
   */
  async #sendPublished(connection: RTCPeerConnection): Promise<void> {
    const tracks = this.#host.published.tracks();
    for (const [key, transceiver] of this.#transceivers) {
      if (tracks.has(key)) continue;
      transceiver.stop();
      this.#transceivers.delete(key);
    }
    for (const [key, { media, track, stream }] of tracks) {
      const transceiver = this.#transceivers.get(key);
      if (transceiver) {
        await transceiver.sender.replaceTrack(track);
      } else {
        const init: RTCRtpTransceiverInit = { direction: 'sendonly', streams: [stream] };
        this.#transceivers.set(key, connection.addTransceiver(track ?? media, init));
      }
    }
  }

  #sendDescription({ localDescription }: RTCPeerConnection): void {
    if (!localDescription) return;
    const { type, sdp } = localDescription;
    const streams = this.#host.published.kinds();
    const peer = this.remoteId === undefined ? {} : { peer: this.remoteId };
    this.#host.sendDescription({ type, sdp }, { link: this.id, ...peer, streams });
  }

  #enqueue(step: (connection: RTCPeerConnection) => Promise<void> | void): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#closed || !this.connection) return;
      try {
        await step(this.connection);
      } catch (error) {
        if (!this.#closed) this.#host.onError(error);
      }
    });
  }
}

/** ICE restarts change the fragment: by it a candidate is told to belong to a description. */
function belongsTo(
  { usernameFragment }: RTCIceCandidateInit,
  description: RTCSessionDescription | null,
): boolean {
  if (!description) return false;
  return !usernameFragment || description.sdp.includes(`a=ice-ufrag:${usernameFragment}\r\n`);
}
