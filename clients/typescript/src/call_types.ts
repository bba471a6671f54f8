import type { SignalError } from './error.js';
import type { Peer } from './peer.js';
import type { MediaKind, PeerEvent, RoomSettings } from './protocol.js';

/** What a call is made with. */
export interface CallOptions {
  /** Published as "camera" from the start. */
  media?: MediaStream;
  /**
   * The most that the video of each kind may take, in bits a second, for each peer: `{ camera:
   * 600_000, screen: 1_500_000 }`.
   */
  maxBitrate?: Record<string, number>;
  /**
   * The codecs to send in, by MIME type, best first: `['video/AV1', 'video/VP9']`, or in short
   * `['AV1', 'VP9']`. The first that both browsers have is used; if there is none, any other.
   */
  codecs?: readonly string[];
  /** As for `setStatus`, from the start. */
  status?: unknown;
  /** What each connection is made with, besides `iceServers`, which come from the server. */
  rtc?: RTCConfiguration;
  /**
   * Data channels besides "main", by name: the same on both sides. `{ cursor: { ordered: false,
   * maxRetransmits: 0 } }` makes one for what is soon out of date.
   */
  channels?: Record<string, RTCDataChannelInit>;
  /**
   * The largest message that is sent or taken over a data channel, in bytes; 16 MiB by default. For
   * each channel of each peer, one unfinished message is held.
   */
  maxMessageBytes?: number;
  /** Where there is none of its own, as in Node: the constructor of some implementation. */
  RTCPeerConnection?: typeof RTCPeerConnection;
}

/** Why a call is over. */
export type CallEnd = 'left' | 'kicked' | 'closed' | 'lost';

/** What a call tells. */
export interface CallEvents {
  /** Somebody is in the room; the connection is about to be made. */
  'peer-joined': { peer: Peer };
  /** After "stream-removed" for each of its streams. */
  'peer-left': { peer: Peer };
  /** The same peer under another id: it, or the server, came back without its memory. */
  'peer-renamed': { peer: Peer; previousId: string };
  'connection-state': { peer: Peer; state: RTCPeerConnectionState };
  /** The other side publishes something, and it has arrived; tracks may come and go in it. */
  stream: { peer: Peer; stream: MediaStream; kind: string };
  'stream-removed': { peer: Peer; stream: MediaStream; kind: string };
  /** What the other side gave to `send`; binary as an ArrayBuffer. */
  message: { peer: Peer; data: unknown; channel: string };
  status: { peer: Peer; status: unknown };
  /** The other side has opened a data channel by `peer.openChannel`. */
  channel: { peer: Peer; channel: RTCDataChannel };
  'owner-changed': { owners: ReadonlySet<string>; isOwner: boolean };
  'room-updated': { settings: RoomSettings };
  /** To owners: decide by `accept` or `reject`. Who asks again is told again. */
  'join-request': PeerEvent;
  /** To owners: the request is answered, withdrawn or too old; take its card away. */
  'join-cancel': { peerId: string };
  /** An owner, `peerId`, asks you to mute that: ask the person, and do it, or not. */
  'mute-request': { peerId: string; kind: MediaKind; payload?: unknown };
  /** An owner sent you out; "ended" follows. */
  kicked: { message: string; payload?: unknown };
  /**
   * The call is over: `left` by yourself, `kicked`, `closed` as the signal was, or `lost` as the
   * room could not be entered again after a "reset" (`error` says why).
   */
  ended: { reason: CallEnd; error?: SignalError | undefined };
  /** Something went wrong with one connection; the others are untouched. */
  error: { peer: Peer; error: unknown };
}

/** How the parts of a call tell its events. */
export type EmitCall = <Name extends keyof CallEvents>(name: Name, event: CallEvents[Name]) => void;

type EventOfPeer = {
  [Name in keyof CallEvents]: CallEvents[Name] extends { peer: Peer } ? Name : never;
}[keyof CallEvents];

/** Emits an event about one peer, which is added to it. */
export type TellOfPeer = <Name extends EventOfPeer>(
  name: Name,
  detail: Omit<CallEvents[Name], 'peer'>,
) => void;
