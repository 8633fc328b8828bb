// The one call of the engine of operations, and how it reads CHECK_STATUS.

import { ask as askWasm } from '../core/call.js';
import { ApsError } from '../errors.js';

/** @typedef {import('./store.js').Change} Change */
/** @typedef {import('../message/reply.js').Reply} Reply */
/** @typedef {Record<string, string | undefined>} Reading a believed reply to CHECK_STATUS, see `readingOf` */
/** @typedef {Record<string, any> & { do: string }} Next */
/**
 * What was decided (`src/operation/text/decisions.rs`): `state` and `changes` are to be recorded first, if `record` says so.
 * @typedef {{ record: boolean, state: string, revision: number, open?: true, attention?: true, order?: string,
 *   changes: Change[], reviewDue?: true, behind?: true, next: Next, reports: Record<string, unknown>[] }} Decision
 */

/**
 * Calls the engine.
 * @param {string | null} state
 * @param {Record<string, unknown>} event see `src/operation/text/events.rs`
 * @returns {Decision}
 * @throws {ApsError} `unreadable_state`: a later version wrote it, or it is damaged
 */
export function decide(state, event) {
  const text = `${state ?? 'null'} ${JSON.stringify(event)}`;
  const ask = () => decisionFrom(askWasm('decide', text));
  let decision;
  try {
    decision = ask();
  } catch (error) {
    // A call that did not return has decided nothing, and money may be under way: the next call uses a new instance.
    if (!(error instanceof ApsError) || error.code !== 'internal') throw error;
    decision = ask();
  }
  const { fault, member = fault } = decision;
  if (fault === undefined) return decision;
  const why = fault === 'newer' ? 'was written by a later version of aps-payops' : `is damaged: ${member}`;
  throw new ApsError('unreadable_state', `The record of the payment ${why}.`);
}

/**
 * @param {string} answer the decision, followed by the texts that it refers to by number
 * @returns {any}
 */
function decisionFrom(answer) {
  const [json = '', ...texts] = answer.split('\0');
  const decision = JSON.parse(json);
  if (decision.record !== true) return decision;
  const textOf = (/** @type {number} */ number) => texts[number - 1];
  decision.state = textOf(decision.state);
  for (const change of decision.changes) if (change.change !== 'remove') change.operation = textOf(change.operation);
  return decision;
}

/**
 * @param {Reply} reply to CHECK_STATUS
 * @returns {Reading | undefined} undefined if it cannot be trusted
 */
export function readingOf({ authentic, code, params }) {
  if (!authentic) return undefined;
  const names = ['authorized_amount', 'captured_amount', 'refunded_amount', 'transaction_status'];
  const text = (/** @type {unknown} */ value) => (typeof value === 'string' || value === undefined ? value : '{}');
  return { response_code: code, ...Object.fromEntries(names.map((name) => [name, text(params[name])])) };
}
