import type { EmitCall } from './call_events.js';
import { Link } from './link.js';
import type { DescriptionPayload, LinkHost } from './link.js';
import { isBinary, readFrame } from './main_channel.js';
import type { Binary, Frame } from './main_channel.js';
import type { Peer } from './peer.js';
import type { Published } from './published.js';
import { StatsMeter } from './stats.js';
import type { PeerStats } from './stats.js';

/** What a peer needs of the mesh it is in. */
export interface PeerHost {
  readonly ownId: string;
  readonly published: Published;
  readonly channels: Readonly<Record<string, RTCDataChannelInit>>;
  readonly status: unknown;
  create(): Promise<RTCPeerConnection>;
  freshConfiguration(): Promise<RTCConfiguration>;
  sendDescription(to: string, description: RTCSessionDescriptionInit, payload: object): void;
  sendCandidate(to: string, candidate: RTCIceCandidateInit): void;
  emit: EmitCall;
  /** The other side has ended the connection, or one that the server forgot is out of reach. */
  onLost(peer: RemotePeer): void;
  onAnnounced(peer: RemotePeer): void;
}

export class RemotePeer implements Peer {
  id: string;
  info: unknown;
  status: unknown;
  readonly streams = new Map<string, MediaStream>();
  /** The server has forgotten this peer; we are still connected, and it may come back. */
  orphaned = false;
  /** The id under which it comes back, as it says itself. */
  nextId: string | undefined;
  readonly #host: PeerHost;
  readonly #meter = new StatsMeter();
  #link: Link;
  #hasSpoken = false;
  readonly #channels = new Map<string, RTCDataChannel>();
  #kinds: Record<string, string> = {};

  constructor(host: PeerHost, id: string, info: unknown, starts: boolean) {
    this.#host = host;
    this.id = id;
    this.info = info;
    this.#link = this.#connect(starts);
  }

  get connection(): RTCPeerConnection | null {
    return this.#link.connection;
  }

  get connectionState(): RTCPeerConnectionState {
    return this.connection?.connectionState ?? 'new';
  }

  /** Whether a description has come from it over this connection. */
  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  send(data: unknown, channel = 'main'): boolean {
    return this.#send(isBinary(data) ? data : JSON.stringify({ message: data }), channel);
  }

  /** Says something of our own over the main channel; false where that is not open. */
  say(frame: Frame): boolean {
    return this.#send(JSON.stringify(frame), 'main');
  }

  openChannel(label: string, init?: RTCDataChannelInit): Promise<RTCDataChannel> {
    return this.#link.openChannel(label, init);
  }

  async stats(): Promise<PeerStats> {
    return this.#meter.read((await this.connection?.getStats()) ?? new Map(), Date.now());
  }

  receiveDescription(description: RTCSessionDescriptionInit, payload: unknown): void {
    const { link, peer, streams } = (payload ?? {}) as Partial<DescriptionPayload>;
    if (peer !== undefined && peer !== this.#link.id) return; // For a connection that is gone.
    if (this.#link.remoteId !== undefined && link !== this.#link.remoteId) this.reconnect(false);
    this.#link.remoteId = link;
    this.#hasSpoken = true;
    this.#link.receiveDescription(description, streams);
  }

  receiveCandidate(candidate: RTCIceCandidateInit): void {
    this.#link.receiveCandidate(candidate);
  }

  updateMedia(): void {
    this.#link.updateMedia();
  }

  /** The same connection, from now on under another id. */
  rename(id: string, info: unknown): void {
    this.id = id;
    this.info = info;
    this.orphaned = false;
    this.nextId = undefined;
    this.#link.repeatOffer();
    if (['disconnected', 'failed'].includes(this.connectionState)) this.#link.restart();
  }

  /** A new connection in the place of one that has ended. */
  reconnect(starts: boolean): void {
    this.close();
    this.#link = this.#connect(starts);
  }

  close(): void {
    this.#link.close();
    this.#channels.clear();
    this.#hasSpoken = false;
    this.#keepStreams({});
  }

  #connect(starts: boolean): Link {
    const host = this.#host;
    const linkHost: LinkHost = {
      polite: host.ownId < this.id,
      published: host.published,
      channels: host.channels,
      create: () => host.create(),
      freshConfiguration: () => host.freshConfiguration(),
      sendDescription: (description, payload) => {
        if (!this.orphaned) host.sendDescription(this.id, description, payload);
      },
      sendCandidate: (candidate) => {
        if (!this.orphaned) host.sendCandidate(this.id, candidate);
      },
      onStreams: (kinds) => this.#keepStreams(kinds),
      onTrack: (track, stream) => this.#onTrack(stream ?? new MediaStream([track])),
      onOwnChannel: (channel) => this.#use(channel),
      onChannel: (channel) => host.emit('channel', { peer: this, channel }),
      onState: (state) => {
        host.emit('connection-state', { peer: this, state });
        if (state === 'failed' && this.orphaned) host.onLost(this);
      },
      onError: (error) => host.emit('error', { peer: this, error }),
    };
    return new Link(linkHost, starts);
  }

  #send(data: string | Binary, label: string): boolean {
    const channel = this.#channels.get(label);
    if (channel?.readyState !== 'open') return false;
    channel.send(data as string); // One of the types that `send` takes.
    return true;
  }

  #use(channel: RTCDataChannel): void {
    const { label } = channel;
    this.#channels.set(label, channel);
    channel.binaryType = 'arraybuffer';
    channel.addEventListener('message', ({ data }) => {
      this.#onFrame(readFrame(data) ?? {}, label);
    });
    if (label !== 'main') return;
    channel.addEventListener('open', () => {
      if (this.#host.status !== undefined) this.say({ status: this.#host.status });
    });
    channel.addEventListener('close', () => {
      if (channel === this.#channels.get(label)) this.#host.onLost(this);
    });
  }

  #onFrame({ message, status, id }: Frame, channel: string): void {
    if (message !== undefined) this.#host.emit('message', { peer: this, data: message, channel });
    if (status !== undefined) {
      this.status = status;
      this.#host.emit('status', { peer: this, status });
    }
    if (typeof id === 'string') {
      this.nextId = id;
      this.#host.onAnnounced(this);
    }
  }

  #onTrack(stream: MediaStream): void {
    const kind = this.#kinds[stream.id] ?? 'camera';
    if (this.streams.get(kind) === stream) return;
    this.streams.set(kind, stream);
    this.#host.emit('stream', { peer: this, stream, kind });
  }

  /** A client of another make names no streams; then all are kept. */
  #keepStreams(kinds: Record<string, string> | undefined): void {
    if (!kinds) return;
    this.#kinds = kinds;
    for (const [kind, stream] of this.streams) {
      if (kinds[stream.id] === kind) continue;
      this.streams.delete(kind);
      this.#host.emit('stream-removed', { peer: this, stream, kind });
    }
  }
}
