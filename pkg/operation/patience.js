// How long and how often the loop around the engine waits.

import { RESERVE } from '../generated/parameters.js';
import { whenAborted } from '../net/abort.js';
import { LONGEST_TIMER } from '../net/turns.js';

/** The number of lookups in twice the timeout. Counted, not timed: a busy process must not look up less often. */
export const MOST_LOOKUPS = 16;
/** A lower limit, in milliseconds: a request under way needs time to arrive, however short the timeout is. */
export const LEAST_SPAN = 150;

/** How long to wait for one lookup, in milliseconds. @param {number} timeout of the client */
export const patience = (timeout) => Math.max(timeout / 6, Math.min(Math.max(timeout, LEAST_SPAN), 250));

/** Milliseconds to wait for others. @param {number} round @param {number} [most] */
export const shortWhile = (round, most = 250) =>
  Math.min(10 * 2 ** Math.min(round, 5) * (0.5 + Math.random() / 2), most);

/**
 * Milliseconds that the process can wait, and still record and return the answer.
 * @param {(() => number) | undefined} left
 */
export const roomIn = (left) => (left === undefined ? Number.POSITIVE_INFINITY : Math.max(left() - RESERVE, 0));

/**
 * Stops waiting when the caller aborts, and in time for the process to record and return the answer.
 * @param {Pick<import('./wish.js').Wish, 'signal' | 'left'>} wish
 */
export function stopInTime({ signal, left }) {
  const stop = new AbortController();
  if (signal?.aborted) stop.abort();
  const takeBack = whenAborted(signal, () => stop.abort());
  const most = left && Math.min(Math.max(roomIn(left), 1), LONGEST_TIMER);
  const timer = most && setTimeout(() => stop.abort(), most);
  const release = () => {
    clearTimeout(timer);
    takeBack();
  };
  return { stop, release };
}
