import type { CallEvents, EmitCall, TellOfPeer } from './call_types.js';
import { sendFramed } from './framed.js';
import type { Framed } from './framed.js';
import type { Frame } from './inbox.js';
import { codeOf } from './error.js';
import { kGrace } from './limits.js';
import { pause } from './pause.js';
import { createIncomingStreams } from './incoming_streams.js';
import type { IncomingStreams } from './incoming_streams.js';
import { openLink } from './link.js';
import type { Link, LinkHost } from './link.js';
import type { Kinds } from './negotiation.js';
import type { Peer } from './peer.js';
import { hasEnded } from './published.js';
import type { Signal } from './signal.js';

/** The payload of each description: the ids of both ends, and the kinds of the streams. */
export interface DescriptionPayload {
  /** The sender's connection. */
  link: string;
  /** The receiver's, as far as the sender knows it. */
  peer: string | undefined;
  streams: Kinds;
}

/** The values and functions of the mesh that a peer needs. */
export interface PeerHost extends Pick<
  LinkHost,
  | 'published_'
  | 'codecs_'
  | 'channels_'
  | 'maxMessageBytes_'
  | 'RTCPeerConnection_'
  | 'configuration_'
> {
  readonly signal_: Signal;
  readonly room_: { readonly name_: string };
  readonly emit_: EmitCall;
  /** Our status, as set by `setStatus`. */
  status_: unknown;
  /** The other side has ended the connection, or one that the server forgot is out of reach. */
  onLost_: (peer: RemotePeer) => void;
  /** It comes back under this id. */
  onAnnounced_: (peer: RemotePeer, nextId: string) => void;
}

/**
 * Errors of a relay that are not reported. The other side or we have gone, and an event says so; or
 * the server is slow, but has the relay.
 */
const kQuiet = /^((peer-)?not-in-room|room-not-found|closed|disconnected|timeout)$/;

/** A peer as the mesh sees it. */
export interface RemotePeer extends Peer {
  id: string;
  info: unknown;
  status: unknown;
  link_: Link;
  /** The server has forgotten this peer; we are still connected, and it may come back. */
  isOrphaned_: boolean;
  /** The id under which it comes back, as it has announced. */
  nextId_?: string | undefined;
  tell_: TellOfPeer;
  /** As `send`, for a message that is encoded already. */
  sendFramed_: (message: Framed, channel: string | undefined) => Promise<boolean>;
  /** Sends a message of this package over the main channel; false if that is not open. */
  say_: (frame: Frame) => boolean;
  receiveDescription_: (description: RTCSessionDescriptionInit, payload: unknown) => void;
  /** Makes a new connection in the place of one that has ended. */
  reconnect_: (starts: boolean) => void;
  close_: () => void;
}

// Long because its variables are the state (docs/decisions/client-size.md).
/** A member of the room, and the connection to it. The later of two `starts`. */
export function createRemotePeer(
  host: PeerHost,
  id: string,
  info: unknown,
  starts: boolean,
): RemotePeer {
  const tell: TellOfPeer = (name, detail) =>
    host.emit_(name, { peer, ...detail } as unknown as CallEvents[typeof name]);
  const streams = createIncomingStreams(tell);
  const connect = (starts: boolean): Link => openLink(linkHost(peer, host, streams), starts);
  let hasLeft = false;

  /** For callers that ignore the promise. If the peer has left, "peer-left" says so. */
  const onLost = async (error: unknown, link: Link): Promise<void> => {
    const isClosed = codeOf(error) === 'closed';
    if (isClosed && peer.link_ === link) await pause(kGrace); // The news may be on its way.
    if (!isClosed || !hasLeft) tell('error', { error });
  };

  const peer = {
    id,
    info,
    streams: streams.streams_,
    isOrphaned_: false,
    tell_: tell,
    get connection() {
      return peer.link_.connection_;
    },
    get connectionState() {
      return peer.connection?.connectionState ?? 'new';
    },
    send: (data, channel) => sendFramed(data, (message) => peer.sendFramed_(message, channel)),
    sendFramed_: (message, channel) => {
      const { link_: link } = peer;
      const sent = link.channels_?.send_(message, channel) ?? Promise.resolve(false);
      sent.catch((error: unknown) => onLost(error, link));
      return sent;
    },
    say_: (frame) => peer.link_.channels_?.say_(frame) ?? false,
    openChannel: (label, init) => peer.link_.openChannel_(label, init),
    receiveDescription_: (description, payload) => receive(peer, description, payload),
    reconnect_: (starts) => {
      peer.close_();
      hasLeft = false;
      peer.link_ = connect(starts);
    },
    close_: () => {
      hasLeft = true;
      peer.link_.close_();
      streams.onStreams_({});
    },
  } as Omit<RemotePeer, 'link_' | 'status'> as RemotePeer; // Its link is made for it.
  peer.link_ = connect(starts);
  return peer;
}

function receive(peer: RemotePeer, description: RTCSessionDescriptionInit, payload: unknown): void {
  const { link, peer: own, streams } = Object(payload) as Partial<DescriptionPayload>;
  const { id_, remoteId_ } = peer.link_;
  if (own !== undefined && own !== id_) return; // For a connection that is gone.
  if (remoteId_ !== undefined && link !== remoteId_) peer.reconnect_(false);
  peer.link_.remoteId_ = link;
  peer.link_.hasSpoken_ = true;
  peer.link_.enqueue_((steps) => steps.takeDescription_(description, streams));
}

/** The host of a link to this peer. */
function linkHost(peer: RemotePeer, host: PeerHost, incoming: IncomingStreams): LinkHost {
  const { signal_: signal, room_: room } = host;
  /** While the peer is orphaned, the server does not know it, so nothing can be relayed. */
  const relay = (send: (room: string, to: string) => Promise<void>): void => {
    if (peer.isOrphaned_) return;
    send(room.name_, peer.id).catch((error: unknown) => {
      if (!kQuiet.test(codeOf(error))) peer.tell_('error', { error });
    });
  };
  return {
    ...host,
    ...incoming,
    polite_: signal.id < peer.id,
    tell_: peer.tell_,
    sendDescription_: (description, link) => {
      const streams: Record<string, string> = {};
      host.published_.forEach((publication, kind) => {
        if (!hasEnded(publication)) streams[publication.stream_.id] = kind;
      });
      const payload: DescriptionPayload = { link: link.id_, peer: link.remoteId_, streams };
      relay((room, to) => signal.sendDescription(room, to, description, { payload }));
    },
    sendCandidate_: (candidate) => relay((room, to) => signal.sendCandidate(room, to, candidate)),
    onOpen_: () => {
      if (host.status_ !== undefined) peer.say_({ status: host.status_ });
    },
    onClose_: () => host.onLost_(peer),
    onFrame_: ({ message, status, id }, channel) => {
      if (message !== undefined) peer.tell_('message', { data: message, channel });
      if (status !== undefined) {
        peer.status = status;
        peer.tell_('status', { status });
      }
      if (typeof id === 'string') host.onAnnounced_(peer, id);
    },
    onState_: (state) => {
      peer.tell_('connection-state', { state });
      if (state === 'failed' && peer.isOrphaned_) host.onLost_(peer);
    },
  };
}
