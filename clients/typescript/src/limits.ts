// Fixed times, in milliseconds, and counts.

/** The longest time that `setTimeout` accepts. */
export const kLongestTimer = 2 ** 31 - 1;
/** The pause before a session token is renewed that has already ended by our clock. */
export const kRenewByWrongClock = 30_000;
/** The pause after a renewal that failed. */
export const kRenewAgain = 30_000;

/** How often a relay that must arrive is sent, if the connection breaks each time. */
export const kDeliveries = 8;
/** The longest time that a relay that must arrive waits while the server limits the rate. */
export const kRelayPatience = 120_000;
/** Bytes that may wait for the server. */
export const kMostQueued = 2 ** 24;
/** The number of receivers whose budgets are remembered, unless more are busy. */
export const kMostLanes = 256;
/** Relays that may wait for their acknowledgement. */
export const kMostUnderWay = 128;
/** The pause after a refusal; the server drops those who are refused 1000 times within 10 s. */
export const kLeastPause = 200;
/**
 * The time after a refusal until many relays may be under way again: after one that the documented
 * budgets foresee, and after any other.
 */
export const kCalmAfter = 5000;
export const kWaryFor = 60_000;
/** The interval at which waiting relays are checked. */
export const kLookAgain = 50;
/**
 * Four fifths of the server's default budgets (docs/protocol.md, "Limits"): relays that were sent
 * one by one may arrive all at once.
 */
export const kTotalRate = [3200, 400] as const;
export const kMessageRate = [160, 80] as const;
export const kRelayRate = [200_000, 50_000] as const;
/** The pause if the server limits the rate without a time, or if a room is not there yet. */
export const kPause = 500;
/** How often `enterRoom` tries to join and to create: for longer than ROOM_LINGER. */
export const kEnterAttempts = 30;
/** How many of these attempts have no pause. */
export const kHastyAttempts = 4;

/** How long ICE servers count as fresh, so that many connections at a time ask only once. */
export const kFreshFor = 2000;

/** A connection that is disconnected for longer restarts ICE. */
export const kDisconnectedFor = 3000;
/** ICE candidates that may wait for their description. */
export const kHeldCandidates = 128;
/** The largest message of a call, unless the option `maxMessageBytes` says something else. */
export const kMessageBytes = 2 ** 24;
/** The bytes of a chunk of a large message; every browser takes as much. */
export const kChunk = 2 ** 14;
/** The bytes in a data channel above which messages wait, and below which they continue. */
export const kHighWater = 2 ** 20;
export const kLowWater = 2 ** 18;
/** How long a large message waits for the peer to say that it takes chunks. */
export const kAnnouncedWithin = 5000;
/** How long a connection that the other side ended waits for the news that the peer has left. */
export const kGrace = 1000;
