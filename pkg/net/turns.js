// Within a process, calls that work on the same thing take turns.

import { whenAborted } from './abort.js';

/** The longest that a timer can wait, in milliseconds; a longer wait never ends. */
export const LONGEST_TIMER = 2 ** 31 - 1;

export class Turns {
  /** The end of all work so far, by name. @type {Map<string, Promise<void>>} */
  #tails = new Map();

  /**
   * Waits until all earlier work is done.
   * @param {() => string} name of the thing; it may change when two names turn out to be of the same thing
   * @param {number} wait milliseconds at most
   * @param {AbortSignal} [signal]
   * @returns {Promise<(() => void) | null>} call it when the work is done; null if the wait is over or the signal aborted
   */
  async take(name, wait, signal) {
    for (;;) {
      const taken = name();
      const before = this.#tails.get(taken);
      let done = () => {};
      const own = new Promise((resolve) => {
        done = () => resolve(undefined);
      });
      const tail = before === undefined ? own : before.then(() => own);
      this.#tails.set(taken, tail);
      // Not only when its own work is done: others may still be at work after one that gave up.
      tail.then(() => this.#tails.get(taken) === tail && this.#tails.delete(taken));
      if (before !== undefined && !(await isInTime(before, wait, signal))) {
        done();
        return null;
      }
      if (name() === taken) return done;
      done();
    }
  }
}

/**
 * @param {Promise<void>} end
 * @param {number} wait milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<boolean>}
 */
async function isInTime(end, wait, signal) {
  if (signal?.aborted) return false;
  let takeBack = () => {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const gaveUp = new Promise((resolve) => {
    takeBack = whenAborted(signal, () => resolve(false));
    if (wait <= LONGEST_TIMER) timer = setTimeout(() => resolve(false), wait);
  });
  const isDone = await Promise.race([end.then(() => true), gaveUp]);
  clearTimeout(timer);
  takeBack();
  return isDone && !signal?.aborted;
}
