// How long things take in npm run faults, in milliseconds. The journal’s instants are moved, not waited for: recovery runs on
// a clock that is ahead.

/** For one answer. An operation is found out about for twice as long. */
export const TIMEOUT = 200;
/** The latest that a request arrives after the client was told that it was lost: when all its lookups are over. */
export const LATEST = 1200;
/** How long CHECK_STATUS may lag. */
export const LAG = 500;
/** How old an operation must be before it may be taken for absent, by real time. */
export const REST = 3000;
/** How far the clock is ahead for those that recover: an assumption is never made within 15 minutes of the timeout. */
export const AHEAD = 20 * 60_000;
export const ASSUME_ABSENT_AFTER = AHEAD + REST;
/** Outside the assumptions: a request arrives later than it is said to, a lookup lags for longer. */
export const TOO_LATE = REST + 3000;
/** How long a connection is tried for, since the database restarts. */
export const PATIENCE = 60_000;
