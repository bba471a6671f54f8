import type { CallOptions, EmitCall } from './call_types.js';
import { codeOf, orNothing } from './error.js';
import { kGrace } from './limits.js';
import type { Published } from './published.js';
import { createRemotePeer } from './remote_peer.js';
import type { PeerHost, RemotePeer } from './remote_peer.js';
import type { RoomState } from './room_state.js';
import type { Signal } from './signal.js';

/** The connections to everybody else in the room. */
export interface Mesh {
  readonly peers_: ReadonlyMap<string, RemotePeer>;
  readonly published_: Published;
  setStatus_(status: unknown): void;
  /** We are in a room with these: each hears from us first. */
  enter_(ids: string[], peersinfo: Readonly<Record<string, unknown>>): void;
  /** Somebody has joined, perhaps not for the first time, and will speak to us. */
  welcome_(id: string, info: unknown): void;
  /** Somebody is in the room. Of two, the one that has come later `starts`. */
  meet_(id: string, info: unknown, starts?: boolean): RemotePeer | undefined;
  part_(id: string): void;
  /** Whether somebody known under another id has said that it comes back under this one. */
  expects_(id: string): boolean;
  /**
   * The server knows nobody any more, or not us. Those with whom we are connected stay for now, and
   * are told under which id we come back.
   */
  orphanAll_(): void;
  updateMedia_(): void;
  /** Tells of every peer how it does. */
  measure_(): void;
  close_(): void;
}

/**
 * Errors that need no word: the other one is no longer there, or we are not, and news of it follow;
 * or the server is slow, but has the relay.
 */
const kQuiet = [
  'peer-not-in-room',
  'not-in-room',
  'room-not-found',
  'closed',
  'disconnected',
  'timeout',
];

export function createMesh(
  signal: Signal,
  room: RoomState,
  emit: EmitCall,
  options: CallOptions,
): Mesh {
  const peers = new Map<string, RemotePeer>();
  /** Who has left: what it sent before may arrive after. */
  const departed = new Set<string>();

  const host: PeerHost = {
    ...surroundings(signal, options),
    room_: room,
    emit_: emit,
    relayed_: (to, relay) => {
      relay.catch((error: unknown) => {
        if (!kQuiet.includes(codeOf(error) ?? '')) peers.get(to)?.tell_('error', { error });
      });
    },
    onLost_: (peer) => {
      if (peer.isOrphaned_) return part(peer.id);
      const { link_ } = peer;
      setTimeout(() => {
        if (peers.get(peer.id) === peer && peer.link_ === link_) peer.reconnect_(true);
      }, kGrace);
    },
    /** Believed only of those who need another id: nobody takes the place of somebody else. */
    onAnnounced_: (peer) => {
      if (!peer.isOrphaned_) return;
      const id = peer.nextId_ ?? '';
      const twin = peers.get(id);
      if (!twin) return room.welcomeBack_(id);
      // It is here already under its new id. The connection that has been at work stays.
      if (twin.link_.hasSpoken_) return part(peer.id);
      drop(twin);
      rename(peer, id, twin.info);
    },
  };

  const returning = (id: string): RemotePeer | undefined =>
    [...peers.values()].find(({ isOrphaned_, nextId_ }) => isOrphaned_ && nextId_ === id);

  const meet: Mesh['meet_'] = (id, info, starts = false) => {
    let peer = peers.get(id);
    if (peer) {
      if (info !== undefined) peer.info = info;
    } else if (!departed.has(id)) {
      peer = returning(id);
      if (peer) {
        rename(peer, id, info);
      } else {
        peer = createRemotePeer(host, id, info, starts);
        peers.set(id, peer);
        peer.tell_('peer-joined', {});
      }
    }
    return peer;
  };

  const part = (id: string): void => {
    departed.add(id);
    const peer = peers.get(id);
    if (peer) drop(peer);
  };

  const drop = (peer: RemotePeer): void => {
    peers.delete(peer.id);
    peer.close_();
    peer.tell_('peer-left', {});
  };

  const rename = (peer: RemotePeer, id: string, info: unknown): void => {
    const previousId = peer.id;
    peers.delete(previousId);
    departed.add(previousId);
    peers.set(id, peer);
    Object.assign(peer, { id, info, isOrphaned_: false, nextId_: undefined });
    peer.link_.enqueue_((steps) => steps.repeatOffer_());
    if (['disconnected', 'failed'].includes(peer.connectionState)) {
      peer.link_.enqueue_((steps) => steps.restart_());
    }
    peer.tell_('peer-renamed', { previousId });
  };

  return {
    peers_: peers,
    published_: host.published_,
    setStatus_: (status) => {
      host.status_ = status;
      peers.forEach((peer) => peer.say_({ status }));
    },
    enter_: (ids, peersinfo) => {
      ids.forEach((id) => {
        departed.delete(id);
        const known = peers.get(id);
        if (known?.isOrphaned_) {
          known.isOrphaned_ = false; // We were forgotten, it was not; it has closed the connection.
          known.reconnect_(true);
        }
        meet(id, peersinfo[id], true);
      });
    },
    welcome_: (id, info) => {
      departed.delete(id);
      meet(id, info);
    },
    meet_: meet,
    part_: part,
    expects_: (id) => returning(id) !== undefined,
    orphanAll_: () => {
      peers.forEach((peer, id) => {
        peer.isOrphaned_ = true;
        if (!peer.say_({ id: signal.id })) part(id);
      });
    },
    updateMedia_: () => {
      peers.forEach(({ link_ }) => link_.enqueue_((steps) => steps.sendPublished_()));
    },
    measure_: () => {
      peers.forEach((peer) => {
        // It may be closed meanwhile.
        void orNothing(peer.stats().then((stats) => peer.tell_('stats', { stats })));
      });
    },
    close_: () => peers.forEach((_, id) => part(id)),
  };
}

/** What connections are made with, and what goes over each of them. */
function surroundings(signal: Signal, { rtc, channels, status, ...options }: CallOptions) {
  const constructor = options.RTCPeerConnection ?? globalThis.RTCPeerConnection;
  if (!constructor) throw new Error('There is no RTCPeerConnection here: give one as an option');
  return {
    signal_: signal,
    RTCPeerConnection_: constructor,
    configuration_: async () => ({
      ...rtc,
      iceServers: [...(rtc?.iceServers ?? []), ...(await signal.iceServers())],
    }),
    channels_: { main: {}, ...channels },
    published_: new Map(),
    status_: status,
  };
}
