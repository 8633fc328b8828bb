// How long and how often the loop around the engine waits.

/** By then twice the timeout is over. Counted, not timed: a busy process must not ask less often. */
export const MOST_LOOKUPS = 16;
/** With a shorter timeout there would be no time for a request under way to arrive. */
export const LEAST_SPAN = 150;

/** How long to wait for one lookup, in milliseconds. @param {number} timeout of the client */
export const patience = (timeout) => Math.max(timeout / 6, Math.min(Math.max(timeout, LEAST_SPAN), 250));

/** Milliseconds until others may be done. @param {number} round @param {number} [most] */
export const shortWhile = (round, most = 250) =>
  Math.min(10 * 2 ** Math.min(round, 5) * (0.5 + Math.random() / 2), most);
