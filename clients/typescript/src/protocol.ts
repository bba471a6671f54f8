// The wire protocol as this package shows it: docs/protocol.md with names in camelCase.

/** Who may come in: who an owner accepts, everybody, or who knows the password. */
export type Admission = 'owner' | 'open' | 'password';

export type MediaKind = 'audio' | 'video';

/** The rules of a room. */
export interface RoomSettings {
  /** A locked room takes no new requests to join. */
  locked: boolean;
  /** How many members it takes; null for any number. */
  capacity: number | null;
  admission: Admission;
}

/** What an owner may change; what is left out stays as it is. */
export interface RoomChanges extends Partial<RoomSettings> {
  password?: string;
}

/** What the members of a room may know of it. */
export interface RoomInfo extends RoomSettings {
  room: string;
  owners: string[];
  /** The ids of all members in the order of joining, your own too. */
  peers: string[];
}

/** What most events have in common: who did something, and where. */
export interface PeerEvent {
  room: string;
  peerId: string;
  /** What that peer says of itself. */
  peerinfo?: unknown;
  /** What the event that led to this one carried. */
  payload?: unknown;
}

/** You are in the room: `peers` are the other members in the order of joining. */
export interface Joined {
  room: string;
  /** Your own id. */
  peerId: string;
  peers: string[];
  /** What the others say of themselves, by id. */
  peersinfo: Record<string, unknown>;
  /** You own the room: you have come back to it. */
  owner?: boolean;
  /** With which you come back without knocking; `Signal` sees to that. */
  ticket?: string;
  payload?: unknown;
}

/** A no of the server, and why. */
export interface Rejected {
  message: string;
  /** Of a join request: the error's code. Servers before 0.3 send none. */
  code?: string;
  room?: string;
  peerId?: string;
  payload?: unknown;
}

/** Every event of the server. */
export interface ServerEvents {
  'auth-accept': { token: string; iceServers?: RTCIceServer[]; payload?: unknown };
  'auth-reject': Rejected;
  unauthorized: { message: string };
  'room-create-accept': { room: string; ticket?: string; payload?: unknown };
  'room-create-reject': Rejected;
  /** To owners: somebody asks to be let in. */
  'room-join-request': PeerEvent;
  /** To owners: so many wrong passwords were given since the last time. */
  'room-password-failures': { room: string; failures: number };
  /** To owners: who asked has gone, or its time is over. */
  'room-join-cancel': PeerEvent;
  'room-join-accept': Joined;
  'room-join-reject': Rejected;
  /** `owner`: it owns the room, perhaps beside others. */
  'room-user-join': PeerEvent & { owner?: boolean };
  'room-user-leave': PeerEvent;
  /** `peerId` is the new owner. */
  'room-owner-change': PeerEvent;
  'room-update': RoomSettings & { room: string; payload?: unknown };
  /** You are no longer in the room: an owner sent you out. */
  'room-kick': PeerEvent & { message: string };
  /** An owner, `peerId`, asks you to mute that. You decide. */
  'room-mute': PeerEvent & { kind: MediaKind };
  'session-description': PeerEvent & { sessionDescription: RTCSessionDescriptionInit };
  'ice-candidate': PeerEvent & { iceCandidate: RTCIceCandidateInit };
  /** What another member sent by `sendMessage`. */
  message: PeerEvent & { data: unknown };
}

/** Said by every command: comes out on the events that follow from it. */
export interface WithPayload {
  payload?: unknown;
}
