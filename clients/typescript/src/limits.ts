// Times in milliseconds, and counts, that no option changes.

/** `setTimeout` takes no more. */
export const kLongestTimer = 2 ** 31 - 1;
/** Until a session token is renewed that by our clock has ended already. */
export const kRenewByWrongClock = 30_000;
/** Until a renewal that has failed is tried again. */
export const kRenewAgain = 30_000;

/** How often something that must arrive is sent: in all, and if the server limits the rate. */
export const kDeliveries = 8;
export const kLimitedDeliveries = 64;
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
/** How long a connection that the other side ended may wait for the news that it has left. */
export const kGrace = 1000;
