// Times in milliseconds, and counts, that no option changes.

/** `setTimeout` takes no more. */
export const kLongestTimer = 2 ** 31 - 1;
/** Until a session token is renewed that by our clock has ended already. */
export const kRenewByWrongClock = 30_000;
/** Until a renewal that has failed is tried again. */
export const kRenewAgain = 30_000;

/** How often something that must arrive is sent, if the connection breaks each time. */
export const kDeliveries = 8;
/** What must arrive waits for so long while the server limits the rate. */
export const kRelayPatience = 120_000;
/** Bytes that may wait for the server. */
export const kMostQueued = 2 ** 24;
/** Receivers whose budgets are kept, unless more are busy. */
export const kMostLanes = 256;
/** Relays that may wait for their acknowledgement. */
export const kMostUnderWay = 128;
/** The pause after a refusal; the server drops those who are refused 1000 times within 10 s. */
export const kLeastPause = 200;
/** How long after a refusal many may be under way again: one by the documented budgets, or another. */
export const kCalmAfter = 5000;
export const kWaryFor = 60_000;
/** How often relays that wait are looked at. */
export const kLookAgain = 50;
/**
 * The server's default budgets (docs/protocol.md, "Limits"): four fifths of them, as what was sent
 * bit by bit may arrive all at once.
 */
export const kTotalRate = [3200, 400] as const;
export const kMessageRate = [160, 80] as const;
export const kRelayRate = [200_000, 50_000] as const;
/** The pause if the server limits the rate and does not say for how long, or a room is not there yet. */
export const kPause = 500;
/** How often a room is joined or, if there is none, created: for longer than ROOM_LINGER. */
export const kEnterAttempts = 30;
/** How often without a pause. */
export const kHastyAttempts = 4;

/** How long ICE servers are taken for fresh: many connections at a time ask only once. */
export const kFreshFor = 2000;

/** A connection that is disconnected for longer restarts ICE. */
export const kDisconnectedFor = 3000;
/** ICE candidates that may wait for their description. */
export const kHeldCandidates = 128;
/** The largest message of a call, unless the option `maxMessageBytes` says something else. */
export const kMessageBytes = 2 ** 24;
/** Bytes of a large message that are sent at a time; so much every browser takes. */
export const kChunk = 2 ** 14;
/** What a data channel may hold before others wait, and how little for them to go on. */
export const kHighWater = 2 ** 20;
export const kLowWater = 2 ** 18;
/** How long a large message waits for the peer to say that it takes chunks. */
export const kAnnouncedWithin = 5000;
/** How long a connection that the other side ended may wait for the news that it has left. */
export const kGrace = 1000;
