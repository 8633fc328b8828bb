// How long and how often the loop around the engine waits.

/** The number of lookups in twice the timeout. Counted, not timed: a busy process must not look up less often. */
export const MOST_LOOKUPS = 16;
/** A lower limit, in milliseconds: a request under way needs time to arrive, however short the timeout is. */
export const LEAST_SPAN = 150;

/** The longest that `setTimeout` can wait, in milliseconds. */
export const LONGEST_WAIT = 2 ** 31 - 1;

/** How long to wait for one lookup, in milliseconds. @param {number} timeout of the client */
export const patience = (timeout) => Math.max(timeout / 6, Math.min(Math.max(timeout, LEAST_SPAN), 250));

/** Milliseconds to wait for others. @param {number} round @param {number} [most] */
export const shortWhile = (round, most = 250) =>
  Math.min(10 * 2 ** Math.min(round, 5) * (0.5 + Math.random() / 2), most);
