// How long things take in npm run faults, in milliseconds. Instead of waiting, recovery runs on a clock that is
// ahead.

/** Timeout of one answer. Lookups of an operation go on for twice as long. */
export const TIMEOUT = 200;
/** The latest that a request arrives after the client considered it lost: when all its lookups are over. */
export const LATEST = 1200;
/** How long CHECK_STATUS may lag. */
export const LAG = 500;
/** How old an operation must be before it may be assumed absent, in real time. */
export const REST = 3000;
/** How far the clock is ahead for recovery: an assumption is never made within 15 minutes of the timeout. */
export const AHEAD = 20 * 60_000;
export const ASSUME_ABSENT_AFTER = AHEAD + REST;
/** Outside the assumptions: a request arrives later than assumed, a lookup lags for longer. */
export const TOO_LATE = REST + 3000;
/** How long connecting is retried, since the database restarts. */
export const PATIENCE = 60_000;
