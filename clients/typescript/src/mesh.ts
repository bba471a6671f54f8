import type { CallOptions, EmitCall } from './call_types.js';
import { SignalError } from './error.js';
import { kGrace, kMessageBytes } from './limits.js';
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
  /** Says the server: it is in the room, perhaps again. Of two, the later one `starts` to speak. */
  welcome_(id: string, info: unknown, starts: boolean): void;
  /** Somebody speaks to us. */
  meet_(id: string, info: unknown): RemotePeer | undefined;
  part_(id: string): void;
  /** Somebody known under another id, who has said that it comes back under this one. */
  expects_(id: string): RemotePeer | undefined;
  /**
   * The server knows nobody any more, or not us. Those with whom we are connected stay for now, and
   * are told under which id we come back.
   */
  orphanAll_(): void;
  updateMedia_(): void;
  close_(): void;
}

// Long because its variables are the state (docs/decisions/client-size.md).
export function createMesh(
  signal: Signal,
  room: RoomState,
  emit: EmitCall,
  options: CallOptions,
): Mesh {
  const peers = new Map<string, RemotePeer>();
  /** Peers that have left: what they sent before may arrive after. */
  const departed = new Set<string>();

  const host: PeerHost = {
    ...surroundings(signal, options),
    room_: room,
    emit_: emit,
    onLost_: (peer) => {
      if (peer.isOrphaned_) return part(peer.id);
      const { link_ } = peer;
      setTimeout(() => {
        if (peers.get(peer.id) === peer && peer.link_ === link_) peer.reconnect_(true);
      }, kGrace);
    },
    /** Believed only of those who need another id: nobody takes the place of somebody else. */
    onAnnounced_: (peer, id) => {
      // Nobody speaks for more than one newcomer.
      if (peer.isOrphaned_ && peer.nextId_ && peer.nextId_ !== id) return;
      peer.nextId_ = id;
      if (!peer.isOrphaned_) return;
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

  const meet = (id: string, info: unknown, starts = false): RemotePeer | undefined => {
    let peer = peers.get(id);
    if (peer) {
      peer.info = info;
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
    peer.link_.enqueue_((steps) => steps.resume_());
    peer.tell_('peer-renamed', { previousId });
  };

  return {
    peers_: peers,
    published_: host.published_,
    setStatus_: (status) => {
      host.status_ = status;
      peers.forEach((peer) => peer.say_({ status }));
    },
    welcome_: (id, info, starts) => {
      departed.delete(id);
      const peer = meet(id, info, starts);
      if (!peer?.isOrphaned_) return;
      peer.isOrphaned_ = false; // We were forgotten, it was not; it has closed the connection.
      peer.reconnect_(starts);
    },
    meet_: meet,
    part_: part,
    expects_: returning,
    orphanAll_: () =>
      peers.forEach((peer, id) => {
        peer.isOrphaned_ = true;
        if (!peer.say_({ id: signal.id })) part(id);
      }),
    updateMedia_: () =>
      peers.forEach(({ link_ }) => link_.enqueue_((steps) => steps.sendPublished_())),
    close_: () => peers.forEach((_, id) => part(id)),
  };
}

/** What connections are made with, and what goes over each of them. */
function surroundings(signal: Signal, { rtc, channels, status, ...options }: CallOptions) {
  const constructor = options.RTCPeerConnection ?? globalThis.RTCPeerConnection;
  if (!constructor)
    throw new SignalError(
      'no-webrtc',
      'There is no RTCPeerConnection here: give the option of that name',
    );
  return {
    signal_: signal,
    RTCPeerConnection_: constructor,
    configuration_: async () => ({
      ...rtc,
      iceServers: [...(rtc?.iceServers ?? []), ...(await signal.iceServers())],
    }),
    channels_: { main: {}, ...channels },
    published_: new Map(),
    codecs_: options.codecs ?? [],
    maxMessageBytes_: options.maxMessageBytes ?? kMessageBytes,
    status_: status,
  };
}
