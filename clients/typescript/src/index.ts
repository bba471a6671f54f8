export { Call } from './call.js';
export type { CallOptions } from './call.js';
export type { CallEnd, CallEvents } from './call_events.js';
export type { SignalState, StateEvent } from './connection.js';
export { Emitter } from './emitter.js';
export type { Unsubscribe } from './emitter.js';
export { SignalError } from './error.js';
export type { SignalErrorCode } from './error.js';
export type { JoinOptions } from './join.js';
export type { Peer } from './peer.js';
export type {
  Admission,
  Joined,
  PeerEvent,
  Rejected,
  RoomChanges,
  RoomInfo,
  RoomSettings,
  ServerEvents,
  WithPayload,
} from './protocol.js';
export { Signal } from './signal.js';
export type { SignalEvents, SignalOptions } from './signal.js';
export type { PeerStats, Quality } from './stats.js';
