// How long a call may take: the options that say so, and the end of a call whose store does not answer in time.

import { issue, OperationError, TransportError } from '../errors.js';
import { RESERVE } from '../generated/parameters.js';
import { whenAborted } from '../net/abort.js';
import { aborted } from '../net/http.js';
import { LONGEST_TIMER } from '../net/turns.js';
import { isText } from './contents.js';

/** @typedef {import('../message/reply.js').Reply} Reply */

/** @typedef {{ key: string, left?: () => number, signal?: AbortSignal }} Limited a call that may have to end early */
/**
 * Whether it was sent, whether the call has ended before that, and its answer once that is recorded.
 * @typedef {{ isSent: boolean, isOver?: boolean, reply?: Reply }} Progress
 */

/** Milliseconds kept from the store's share of the time that is reserved, to return the answer. */
const LAST = 100;

/**
 * The milliseconds that are left, counted from now.
 * @param {number | (() => number) | undefined} deadline
 */
export function leftOf(deadline) {
  if (deadline === undefined) return undefined;
  // One of the clocks may stand still while the process is frozen.
  const [steady, wall] = [performance.now(), Date.now()];
  const passed = () => Math.max(performance.now() - steady, Date.now() - wall);
  const left = typeof deadline === 'function' ? deadline : () => deadline - passed();
  const read = () => {
    try {
      return Math.min(Math.max(0, Math.floor(Number(left()) || 0)), Number.MAX_SAFE_INTEGER);
    } catch {
      // What cannot be asked is not waited for: the answer to what was sent must be recorded all the same.
      return 0;
    }
  };
  const first = read();
  // A function that always says the same would give that time to each step of the call.
  return () => Math.min(read(), Math.max(0, Math.floor(first - (performance.now() - steady))));
}

/** @param {unknown} despite */
export const listOf = (despite) => (typeof despite === 'string' ? [despite] : /** @type {string[]} */ (despite ?? []));

/** @param {{ wait?: unknown, deadline?: unknown, despite?: unknown }} options */
export function findBadWaits({ wait = 0, deadline = 0, despite }) {
  const issues = [];
  const isDuration = (/** @type {unknown} */ value) =>
    typeof value === 'number' && value >= 0 && value <= LONGEST_TIMER;
  if (!isDuration(wait)) {
    issues.push(issue('wait', 'bad_format', 'wait must be a number of milliseconds, not below 0.'));
  }
  // What is left may be less than nothing.
  const isTime = typeof deadline === 'number' && deadline <= LONGEST_TIMER;
  if (typeof deadline !== 'function' && !isTime) {
    const message = 'deadline must be the milliseconds that are left, or a function that returns them.';
    issues.push(issue('deadline', 'bad_format', message));
  }
  if (!listOf(despite).every?.(isText)) {
    issues.push(issue('despite', 'bad_format', 'despite must be the key of an earlier attempt, or a list of keys.'));
  }
  return issues;
}

/**
 * Ends a call before its deadline, and soon after its caller gives up, although the store may not answer. Its work goes on
 * meanwhile: what was sent is still recorded once the store answers, and what was not sent no longer is: see `isOver`.
 * @template T
 * @param {Limited} limited
 * @param {Progress} progress changed by the work
 * @param {() => Promise<T>} work
 * @returns {Promise<T | Reply>}
 * @throws {OperationError} `deadline`: this call sent nothing
 * @throws {TransportError} `timeout`: it was sent, and its answer is not known to be recorded; `aborted`
 */
export async function endInTime({ key, left, signal }, progress, work) {
  if (left === undefined && signal === undefined) return work();
  /** @type {Set<ReturnType<typeof setTimeout>>} */
  const timers = new Set();
  let takeBack = () => {};
  /** @type {Promise<Reply>} */
  const end = new Promise((resolve, reject) => {
    const endAfter = (/** @type {number} */ most, /** @type {() => Error} */ why) => {
      if (most > LONGEST_TIMER) return;
      const finish = () => {
        progress.isOver = !progress.isSent;
        if (progress.reply) resolve(progress.reply);
        else reject(why());
      };
      timers.add(setTimeout(finish, most));
    };
    const giveUp = () => endAfter(RESERVE, () => aborted(progress.isSent ? 'unknown' : 'no'));
    if (left) endAfter(Math.max(left() - LAST, LAST), () => lateError(progress, key));
    if (signal?.aborted) giveUp();
    else takeBack = whenAborted(signal, giveUp);
  });
  const soon = work();
  // What fails after the end is nobody's to hear.
  soon.catch(() => {});
  try {
    return await Promise.race([soon, end]);
  } finally {
    takeBack();
    for (const timer of timers) clearTimeout(timer);
  }
}

/** @param {Progress} progress @param {string} key */
function lateError({ isSent }, key) {
  if (!isSent) return new OperationError('deadline', key);
  const message = 'It was sent, but the store did not answer before the deadline: call again with the same key.';
  return new TransportError('timeout', 'unknown', message);
}
