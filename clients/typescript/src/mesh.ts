import type { EmitCall } from './call_events.js';
import { codeOf } from './error.js';
import { Published } from './published.js';
import { RemotePeer } from './remote_peer.js';
import type { PeerHost } from './remote_peer.js';
import type { Signal } from './signal.js';

export interface MeshOptions {
  rtc: RTCConfiguration;
  channels: Readonly<Record<string, RTCDataChannelInit>>;
  RTCPeerConnection: typeof RTCPeerConnection;
  emit: EmitCall;
  /** A peer that the server has forgotten says under which id it comes back. */
  onReturn(id: string): void;
}

/** How long a connection that the other side ended may wait for the news that it has left. */
const kGrace = 1000;

/**
 * Errors that need no word: the other one is no longer there, or we are not, and news of it follow;
 * or the server is slow, but has the relay.
 */
const kQuiet = new Set([
  'peer-not-in-room',
  'not-in-room',
  'room-not-found',
  'closed',
  'disconnected',
  'timeout',
]);

/** The connections to everybody else in the room. */
export class Mesh {
  readonly peers = new Map<string, RemotePeer>();
  readonly published = new Published();
  #status: unknown;
  readonly #signal: Signal;
  readonly #room: { readonly name: string };
  readonly #options: MeshOptions;
  /** Who has left: what it sent before may arrive after. */
  readonly #departed = new Set<string>();

  constructor(signal: Signal, room: { readonly name: string }, options: MeshOptions) {
    this.#signal = signal;
    this.#room = room;
    this.#options = options;
  }

  get status(): unknown {
    return this.#status;
  }

  set status(status: unknown) {
    this.#status = status;
    for (const peer of this.peers.values()) peer.say({ status });
  }

  /** We are in a room with these: each hears from us first. */
  enter(ids: string[], peersinfo: Readonly<Record<string, unknown>>): void {
    for (const id of ids) {
      this.#departed.delete(id);
      const known = this.peers.get(id);
      if (known?.orphaned) {
        known.orphaned = false; // We were forgotten, it was not; it has closed the connection.
        known.reconnect(true);
      }
      this.meet(id, peersinfo[id], true);
    }
  }

  /** Somebody has joined, perhaps not for the first time, and will speak to us. */
  welcome(id: string, info: unknown): void {
    this.#departed.delete(id);
    this.meet(id, info, false);
  }

  /** Somebody is in the room. Of two, the one that has come later `starts`. */
  meet(id: string, info: unknown, starts: boolean): RemotePeer | null {
    const known = this.peers.get(id);
    if (known) {
      if (info !== undefined) known.info = info;
      return known;
    }
    if (this.#departed.has(id)) return null;
    const returned = this.returning(id);
    if (returned) {
      this.#rename(returned, id, info);
      return returned;
    }
    const peer = new RemotePeer(this.#host(), id, info, starts);
    this.peers.set(id, peer);
    this.#options.emit('peer-joined', { peer });
    return peer;
  }

  part(id: string): void {
    this.#departed.add(id);
    const peer = this.peers.get(id);
    if (!peer) return;
    this.peers.delete(id);
    peer.close();
    this.#options.emit('peer-left', { peer });
  }

  /** The peer, known under another id, that has said that it comes back under this one. */
  returning(id: string): RemotePeer | undefined {
    return [...this.peers.values()].find(({ orphaned, nextId }) => orphaned && nextId === id);
  }

  /**
   * The server knows nobody any more, or not us. Those with whom we are connected stay for now, and
   * are told under which id we come back.
   */
  orphanAll(): void {
    for (const peer of [...this.peers.values()]) {
      peer.orphaned = true;
      if (!peer.say({ id: this.#signal.id })) this.part(peer.id);
    }
  }

  updateMedia(): void {
    for (const peer of this.peers.values()) peer.updateMedia();
  }

  /** Tells of every peer how it does. */
  measure(): void {
    for (const peer of this.peers.values()) {
      peer.stats().then(
        (stats) => this.#options.emit('stats', { peer, stats }),
        () => {}, // Closed meanwhile.
      );
    }
  }

  close(): void {
    for (const id of [...this.peers.keys()]) this.part(id);
  }

  #rename(peer: RemotePeer, id: string, info: unknown): void {
    const previousId = peer.id;
    this.peers.delete(previousId);
    this.#departed.add(previousId);
    this.peers.set(id, peer);
    peer.rename(id, info);
    this.#options.emit('peer-renamed', { peer, previousId });
  }

  #host(): PeerHost {
    const mesh = this;
    const signal = this.#signal;
    const sent = (to: string, relay: Promise<void>): void => {
      relay.catch((error: unknown) => {
        const peer = this.peers.get(to);
        if (peer && !kQuiet.has(codeOf(error) ?? '')) this.#options.emit('error', { peer, error });
      });
    };
    return {
      get ownId() {
        return signal.id;
      },
      get status() {
        return mesh.status;
      },
      published: this.published,
      channels: { main: {}, ...this.#options.channels },
      create: async () => new this.#options.RTCPeerConnection(await this.#configuration()),
      freshConfiguration: () => this.#configuration(),
      sendDescription: (to, description, payload) =>
        sent(to, signal.sendDescription(this.#room.name, to, description, { payload })),
      sendCandidate: (to, candidate) =>
        sent(to, signal.sendCandidate(this.#room.name, to, candidate)),
      emit: this.#options.emit,
      onLost: (peer) => this.#onLost(peer),
      onAnnounced: (peer) => this.#onAnnounced(peer),
    };
  }

  async #configuration(): Promise<RTCConfiguration> {
    const { rtc } = this.#options;
    const iceServers = [...(rtc.iceServers ?? []), ...(await this.#signal.iceServers())];
    return { ...rtc, iceServers };
  }

  #onLost(peer: RemotePeer): void {
    if (peer.orphaned) return this.part(peer.id);
    const { connection } = peer;
    setTimeout(() => {
      const isStill = this.peers.get(peer.id) === peer && peer.connection === connection;
      if (isStill) peer.reconnect(true);
    }, kGrace);
  }

  /** Believed only of those who need another id: nobody takes the place of somebody else. */
  #onAnnounced(peer: RemotePeer): void {
    if (!peer.orphaned) return;
    const id = peer.nextId ?? '';
    const twin = this.peers.get(id);
    if (!twin) return this.#options.onReturn(id);
    // It is here already under its new id. The connection that has been at work stays.
    if (twin.hasSpoken) return this.part(peer.id);
    this.peers.delete(id);
    twin.close();
    this.#options.emit('peer-left', { peer: twin });
    this.#rename(peer, id, twin.info);
  }
}
