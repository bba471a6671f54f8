import { takeAnnouncement } from './announcement.js';
import type { CallOptions, EmitCall } from './call_types.js';
import { SignalError } from './error.js';
import { kGrace, kMessageBytes } from './limits.js';
import type { Published } from './published.js';
import { createRemotePeer } from './remote_peer.js';
import type { PeerHost } from './remote_peer.js';
import type { RoomState } from './room_state.js';
import { createRoster } from './roster.js';
import type { Roster } from './roster.js';
import type { Signal } from './signal.js';

/** The connections to everybody else in the room. */
export interface Mesh extends Roster {
  readonly published_: Published;
  /** The server says that the peer is in the room, perhaps again. The later of two `starts`. */
  welcome_: (id: string, info: unknown, starts: boolean) => void;
  setStatus_: (status: unknown) => void;
  /**
   * The server has lost its memory, or our place. Peers that are connected with us stay for now,
   * and are told the id under which we come back.
   */
  orphanAll_: () => void;
  updateMedia_: () => void;
  close_: () => void;
}

// Long because its variables are the state (docs/decisions/client-size.md).
export function createMesh(
  signal: Signal,
  room: RoomState,
  emit: EmitCall,
  options: CallOptions,
): Mesh {
  const host: PeerHost = {
    ...connectionOptions(signal, options),
    room_: room,
    emit_: emit,
    onLost_: (peer) => {
      if (peer.isOrphaned_) return part(peer.id);
      const { link_ } = peer;
      setTimeout(() => {
        if (peers.get(peer.id) === peer && peer.link_ === link_) peer.reconnect_(true);
      }, kGrace);
    },
    onAnnounced_: (peer, id) => {
      if (takeAnnouncement(roster, peer, id)) room.welcomeBack_(id);
    },
  };
  const roster = createRoster((id, info, starts) => createRemotePeer(host, id, info, starts));
  const { peers_: peers, part_: part } = roster;

  return {
    ...roster,
    published_: host.published_,
    welcome_: (id, info, starts) => {
      const peer = roster.meet_(id, info, starts);
      if (!peer?.isOrphaned_) return;
      peer.isOrphaned_ = false; // The server forgot us, not the peer, which closed the connection.
      peer.reconnect_(starts);
    },
    setStatus_: (status) => {
      host.status_ = status;
      peers.forEach((peer) => peer.say_({ status }));
    },
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

/** The options of the connections, and the status that is sent over each of them. */
function connectionOptions(signal: Signal, { rtc, channels, status, ...options }: CallOptions) {
  const constructor = options.RTCPeerConnection ?? globalThis.RTCPeerConnection;
  if (!constructor) {
    const hint = 'There is no RTCPeerConnection: pass the option of that name';
    throw new SignalError('no-webrtc', hint);
  }
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
