// The types of the wire protocol (docs/protocol.md), with names in camelCase.

/** The people who may enter: those whom an owner accepts, everybody, or those with the password. */
export type Admission = 'owner' | 'open' | 'password';

export type MediaKind = 'audio' | 'video';

/** The rules of a room. */
export interface RoomSettings {
  /** A locked room takes no new requests to join. */
  locked: boolean;
  /** The largest number of members; null for any number. */
  capacity: number | null;
  admission: Admission;
}

/** The settings that an owner may change. Those that are left out stay as they are. */
export interface RoomChanges extends Partial<RoomSettings> {
  password?: string;
}

/** The description of a room for its members. */
export interface RoomInfo extends RoomSettings {
  room: string;
  owners: string[];
  /** The ids of all members, your own too, in the order in which they came. */
  peers: string[];
}

/** The fields that most events have: the room, and the peer that did something. */
export interface PeerEvent {
  room: string;
  peerId: string;
  /** The peer's description of itself. */
  peerinfo?: unknown;
  /** The payload of the event that led to this one. */
  payload?: unknown;
}

/** You are in the room: `peers` are the other members, in the order in which they came. */
export interface Joined {
  room: string;
  /** Your own id. */
  peerId: string;
  peers: string[];
  /** The others' descriptions of themselves, by id. */
  peersinfo: Record<string, unknown>;
  /** True if you own the room, because you came back to it. */
  owner?: boolean;
  /** Lets you come back without knocking. `Signal` keeps it for you. */
  ticket?: string;
  payload?: unknown;
}

/** A refusal of the server. */
export interface Rejected {
  message: string;
  /** The error's code, for a request to join. Servers before 0.3 send none. */
  code?: string;
  room?: string;
  peerId?: string;
  payload?: unknown;
}

/** The events of the server. */
export interface ServerEvents {
  'auth-accept': { token: string; iceServers?: RTCIceServer[]; payload?: unknown };
  'auth-reject': Rejected;
  unauthorized: { message: string };
  'room-create-accept': { room: string; ticket?: string; payload?: unknown };
  'room-create-reject': Rejected;
  /** To owners: a peer asks to be let in. */
  'room-join-request': PeerEvent;
  /** To owners: the number of wrong passwords since the previous event. */
  'room-password-failures': { room: string; failures: number };
  /** To owners: the peer has withdrawn its request or gone, or its time is over. */
  'room-join-cancel': PeerEvent;
  'room-join-accept': Joined;
  'room-join-reject': Rejected;
  /** `owner` is true if the peer owns the room, perhaps beside others. */
  'room-user-join': PeerEvent & { owner?: boolean };
  'room-user-leave': PeerEvent;
  /** `peerId` is the new owner. */
  'room-owner-change': PeerEvent;
  'room-update': RoomSettings & { room: string; payload?: unknown };
  /** You are no longer in the room: an owner removed you. */
  'room-kick': PeerEvent & { message: string };
  /** An owner, `peerId`, asks you to mute your `kind`. You decide. */
  'room-mute': PeerEvent & { kind: MediaKind };
  'session-description': PeerEvent & { sessionDescription: RTCSessionDescriptionInit };
  'ice-candidate': PeerEvent & { iceCandidate: RTCIceCandidateInit };
  /** Another member's `sendMessage`. */
  message: PeerEvent & { data: unknown };
}

/** An option of most commands: the events that follow from it have the same payload. */
export interface WithPayload {
  payload?: unknown;
}
