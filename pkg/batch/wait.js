// Polls a batch until it is done.

import { issue, TransportError, ValidationError } from '../errors.js';
import { readOptions } from '../message/options.js';
import { aborted, pause } from '../net/http.js';
import { LONGEST_TIMER } from '../net/turns.js';

/** @typedef {import('../message/reply.js').Reply} Reply */

/**
 * How long to wait.
 * @typedef {object} WaitOptions
 * @property {number} [interval] milliseconds between two requests; 30,000 if left out
 * @property {number} [timeout] milliseconds for all of it; an hour if left out
 * @property {AbortSignal} [signal] gives up
 */
/**
 * @typedef {object} Answered
 * @property {Reply | null} reply the state of the batch; null once there are results
 */

const ASK =
  'ask must be a function such as () => aps.batches.results(params), which returns what openBatchResults returns.';

/** “Still under validation” and “still under processing” (docs.payfort.com, message codes). */
const PENDING = new Set(['138', '140']);

/**
 * Polls a batch until it is neither under validation nor under processing. APS does not say how often one may ask.
 * @template {Answered} T
 * @param {() => Promise<T>} ask sends GET_BATCH_RESULTS, and opens the answer by `openBatchResults`
 * @param {WaitOptions} [options]
 * @returns {Promise<T>} the first answer that says something else
 * @throws {TransportError} `timeout`, `aborted`
 * @throws {ValidationError} for invalid options
 */
export async function waitForBatch(ask, options) {
  const {
    interval = 30_000,
    timeout = 3_600_000,
    signal,
  } = readOptions(options, ['interval'], (given) => [
    ...(typeof ask === 'function' ? [] : [issue('ask', 'bad_format', ASK)]),
    ...findBadTimes(given),
  ]);
  const end = Date.now() + timeout;
  for (;;) {
    if (signal?.aborted) throw aborted('unknown');
    const answer = await ask();
    if (!isAnswer(answer)) throw new ValidationError([issue('ask', 'bad_format', ASK)]);
    if (answer.reply === null || !PENDING.has(answer.reply.code.slice(2))) return answer;
    if (Date.now() + interval > end) {
      throw new TransportError('timeout', 'unknown', `The batch was not ready within ${timeout} ms.`);
    }
    await pause(interval, signal);
  }
}

/**
 * @param {WaitOptions} options
 * @returns {import('../errors.js').Issue[]}
 */
function findBadTimes({ interval = 1, timeout = 1 }) {
  return Object.entries({ interval, timeout })
    .filter(([, value]) => !Number.isSafeInteger(value) || value < 1 || value > LONGEST_TIMER)
    .map(([name]) => issue(name, 'bad_format', `${name} must be whole milliseconds above zero.`));
}

/**
 * @param {unknown} value
 * @returns {value is Answered}
 */
function isAnswer(value) {
  if (typeof value !== 'object' || value === null) return false;
  const { reply } = /** @type {{ reply?: { code?: unknown } | null }} */ (value);
  return reply === null || typeof reply?.code === 'string';
}
