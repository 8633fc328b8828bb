// What became of an operation whose answer was lost: CHECK_STATUS is asked until its totals have grown by exactly the
// amount, or there is no more time. Presence is evidence, absence is not: nothing here ever says `failed`.
//
// Totals tell how much, not which: of two lost captures of the same amount, one of which took place, it may be the later
// that is credited while the earlier stays uncertain. The sums are right either way, and nothing that APS ever tells of a
// capture says which it was. A refund has a reference of its own: beside another that is open it is asked for by that.

import { totalsOf } from '../money/record.js';
import { whenAborted } from '../net/abort.js';
import { pause } from '../net/http.js';

/** @typedef {import('../message/reply.js').Reply} Reply */

/** @typedef {import('../money/record.js').Totals} Baseline the totals of an order before an operation */

/** @typedef {{ command: string, amount: number }} Operation `amount` in minor units, 0 for a void */

/** @typedef {'succeeded' | 'unchanged' | 'other' | 'unknown'} Verdict */

/** By then twice the timeout is over. Counted, not timed: a busy process must not ask less often. */
const MOST_LOOKUPS = 16;
/** With a shorter timeout there would be no time for a request under way to arrive. */
const LEAST_SPAN = 150;

const PROVABLE = ['AUTHORIZATION', 'PURCHASE', 'CAPTURE', 'VOID_AUTHORIZATION', 'REFUND'];

/**
 * Whether totals can tell of a command at all: of a batch, or of what is newer than this package, they cannot.
 * @param {string} command
 */
export const isProvable = (command) => PROVABLE.includes(command);

/**
 * Whether an answer to CHECK_STATUS proves that the operation took place.
 * @param {Reply} reply
 * @param {Operation} operation
 * @param {Baseline} before
 * @returns {Verdict} `other`: the totals changed, but not by this operation alone
 */
export function judge(reply, { command, amount }, before) {
  const now = totalsOf(reply);
  if (now === null) return 'unknown';
  const last = reply.params.transaction_status;
  // What was refunded has been captured.
  if (command === 'CAPTURE' && Math.max(now.refunded, before.refunded) > 0 && before.captured === 0) return 'unknown';
  switch (command) {
    case 'CAPTURE':
      return grown(now.captured - before.captured, amount);
    case 'REFUND':
      return grown(now.refunded - before.refunded, amount);
    case 'VOID_AUTHORIZATION':
      return now.voided && !before.voided ? 'succeeded' : 'unchanged';
    case 'AUTHORIZATION':
      if (before.authorized !== 0) return 'other';
      return last === '02' ? grown(now.authorized, amount) : 'unchanged';
    case 'PURCHASE':
      if (before.authorized !== 0 || before.captured !== 0) return 'other';
      return last === '14' ? grown(now.captured === 0 ? now.authorized : now.captured, amount) : 'unchanged';
    default:
      return 'unknown';
  }
}

/**
 * @param {number} growth
 * @param {number} amount
 * @returns {Verdict}
 */
function grown(growth, amount) {
  if (growth === amount) return 'succeeded';
  // Totals never fall: those that are below what they were have not been brought up to date yet.
  return growth <= 0 ? 'unchanged' : 'other';
}

/**
 * How long to wait for one lookup, in milliseconds.
 * @param {number} timeout of the client
 */
export function patience(timeout) {
  const span = Math.max(timeout, LEAST_SPAN);
  return Math.max(span / 6, Math.min(span, 250));
}

/**
 * Asks CHECK_STATUS again and again: at once, then ever more slowly, for twice the client's timeout. A lookup does not
 * wait for the one before it, whose answer may be lost as well. With a timeout of a minute these are 16 in two minutes.
 * @param {(options: { timeout: number, signal: AbortSignal }) => Promise<Reply>} lookUp asks once
 * @param {(reply: Reply) => Verdict} verdictOn
 * @param {{ timeout: number, signal?: AbortSignal, once?: boolean }} options `timeout`: of the client, in milliseconds;
 *   `once`: any answer will do, for the operation itself was answered
 * @returns {Promise<Reply | null>} the proof, or null if there is none
 */
export async function recover(lookUp, verdictOn, { timeout, signal, once = false }) {
  const stop = new AbortController();
  if (signal?.aborted) return null;
  const takeBack = whenAborted(signal, () => stop.abort());
  const span = Math.max(timeout, LEAST_SPAN);
  const limit = { timeout: patience(timeout), signal: stop.signal };
  /** @type {Reply | null} */
  let proof = null;

  const ask = async () => {
    let verdict;
    let reply;
    try {
      reply = await lookUp(limit);
      verdict = verdictOn(reply);
    } catch {
      // Lost, or not to be trusted: it says nothing.
      return;
    }
    if (stop.signal.aborted) return;
    if (verdict === 'succeeded') proof = reply;
    if (verdict === 'succeeded' || verdict === 'other' || (once && verdict === 'unchanged')) stop.abort();
  };

  /** @type {Promise<void>[]} */
  const asked = [];
  try {
    for (let step = span / 60; asked.length < MOST_LOOKUPS && !stop.signal.aborted; step *= 2) {
      asked.push(ask());
      await pause(Math.min(step, span / 6), stop.signal);
    }
    await Promise.race([Promise.all(asked), pause(limit.timeout, stop.signal)]);
    return proof;
  } finally {
    stop.abort();
    takeBack();
  }
}
