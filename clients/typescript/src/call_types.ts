import type { SignalError } from './error.js';
import type { Peer } from './peer.js';
import type { MediaKind, PeerEvent, RoomSettings } from './protocol.js';

/** The options of a call. */
export interface CallOptions {
  /** A stream to publish as "camera" from the start. */
  media?: MediaStream;
  /**
   * The bits per second that the video of each kind may take, for each peer: `{ camera: 600_000,
   * screen: 1_500_000 }`.
   */
  maxBitrate?: Record<string, number>;
  /**
   * The codecs to send in, by MIME type, best first: `['video/AV1', 'video/VP9']`, or in short
   * `['AV1', 'VP9']`. The first that both browsers have is used; if there is none, any other.
   */
  codecs?: readonly string[];
  /** The status at the start, as for `setStatus`. */
  status?: unknown;
  /** The configuration of each connection. Its `iceServers` are added to those of the server. */
  rtc?: RTCConfiguration;
  /**
   * Data channels besides "main", by name; both sides must name the same ones. `{ cursor: {
   * ordered: false, maxRetransmits: 0 } }` makes one for messages that are soon out of date.
   */
  channels?: Record<string, RTCDataChannelInit>;
  /**
   * The largest message that is sent or taken over a data channel, in bytes; 16 MiB by default. For
   * each channel of each peer, one unfinished message is held.
   */
  maxMessageBytes?: number;
  /** The constructor of an implementation, if the runtime has none, as in Node. */
  RTCPeerConnection?: typeof RTCPeerConnection;
}

/** The reason why a call is over. */
export type CallEnd = 'left' | 'kicked' | 'closed' | 'lost';

/** The events of a call. */
export interface CallEvents {
  /** Somebody is in the room. The connection is about to be made. */
  'peer-joined': { peer: Peer };
  /** The peer has left. "stream-removed" comes before, for each of its streams. */
  'peer-left': { peer: Peer };
  /** The same peer has another id, because it or the server lost its memory. */
  'peer-renamed': { peer: Peer; previousId: string };
  'connection-state': { peer: Peer; state: RTCPeerConnectionState };
  /** A stream of the other side has arrived. Tracks may be added to it and removed from it. */
  stream: { peer: Peer; stream: MediaStream; kind: string };
  'stream-removed': { peer: Peer; stream: MediaStream; kind: string };
  /** The other side's `send`. Binary data arrives as an ArrayBuffer. */
  message: { peer: Peer; data: unknown; channel: string };
  status: { peer: Peer; status: unknown };
  /** The other side has opened a data channel by `peer.openChannel`. */
  channel: { peer: Peer; channel: RTCDataChannel };
  'owner-changed': { owners: ReadonlySet<string>; isOwner: boolean };
  'room-updated': { settings: RoomSettings };
  /** To owners: decide with `accept` or `reject`. If the peer asks again, the event comes again. */
  'join-request': PeerEvent;
  /** To owners: the request is answered, withdrawn or too old. Stop showing it. */
  'join-cancel': { peerId: string };
  /** An owner, `peerId`, asks you to mute your `kind`. Let the person decide. */
  'mute-request': { peerId: string; kind: MediaKind; payload?: unknown };
  /** An owner removed you. "ended" follows. */
  kicked: { message: string; payload?: unknown };
  /**
   * The call is over: you `left`, were `kicked`, the signal was `closed`, or your place is `lost`,
   * because the room could not be entered again after a "reset" (`error` says why).
   */
  ended: { reason: CallEnd; error?: SignalError | undefined };
  /** One connection had an error. The others are not affected. */
  error: { peer: Peer; error: unknown };
}

/** Emits an event of the call. */
export type EmitCall = <Name extends keyof CallEvents>(name: Name, event: CallEvents[Name]) => void;

type EventOfPeer = {
  [Name in keyof CallEvents]: CallEvents[Name] extends { peer: Peer } ? Name : never;
}[keyof CallEvents];

/** Emits an event about one peer, which is added to it. */
export type TellOfPeer = <Name extends EventOfPeer>(
  name: Name,
  detail: Omit<CallEvents[Name], 'peer'>,
) => void;
