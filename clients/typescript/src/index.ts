export { Call } from './call.js';
export type { CallEnd, CallEvents, CallOptions } from './call_types.js';
export { Emitter } from './emitter.js';
export type { Unsubscribe } from './emitter.js';
export { SignalError } from './error.js';
export type { SignalErrorCode } from './error.js';
export type { Peer } from './peer.js';
export type {
  Admission,
  Joined,
  MediaKind,
  PeerEvent,
  Rejected,
  RoomChanges,
  RoomInfo,
  RoomSettings,
  ServerEvents,
  WithPayload,
} from './protocol.js';
export { Signal } from './signal.js';
export type {
  JoinOptions,
  OpenOptions,
  SignalEvents,
  SignalOptions,
  SignalState,
  StateEvent,
  TicketStore,
} from './signal_types.js';
