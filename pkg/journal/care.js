// The care of open operations: recovery, settlement by a person, the list of uncertain operations, and pruning.

import { timeOf } from '../core/realms.js';
import { issue, OperationError, ValidationError } from '../errors.js';
import { findBadNumbers, readOptions } from '../message/options.js';
import { findBadKey, isText } from './contents.js';
import { referenceOf } from './operate.js';
import { NOW, OF_ACCOUNT } from './store.js';

/** @typedef {import('./operate.js').Operations} Operations */

/**
 * Options of `recover`.
 * @typedef {object} RecoverOptions
 * @property {string} [merchant_reference] of one payment; all if left out
 * @property {number} [olderThan] milliseconds since the intent; 60,000 if left out
 * @property {'send' | 'release' | 'leave'} [prepared] what to do with operations that were prepared and never carried
 *   out; `'leave'` if left out
 * @property {number} [lease] milliseconds for which no other instance looks up the same operation; 30,000 if left
 *   out
 * @property {number} [limit] payments at most; 10,000 if left out
 */

/**
 * @typedef {object} SettledOperation
 * @property {string} operation its key
 * @property {string} outcome its outcome
 * @property {string | undefined} evidence what proves it
 */
/**
 * @typedef {object} FailedRecovery
 * @property {string} merchant_reference of the payment
 * @property {unknown} error the reason
 */
/**
 * The result of `recover`.
 * @typedef {object} Recovered
 * @property {number} looked payments that were looked up
 * @property {SettledOperation[]} settled operations that were open before
 * @property {number} open payments that still have an open operation
 * @property {FailedRecovery[]} failed payments that could not be looked up
 */

/** The number of payments that are looked up concurrently. */
const SIDE_BY_SIDE = 8;

/**
 * @param {Operations} own
 * @param {RecoverOptions} [given]
 * @returns {Promise<Recovered>}
 */
export async function recover(own, given) {
  const options = readOptions(given, ['merchant_reference', 'olderThan', 'prepared', 'lease', 'limit'], (options) => {
    const issues = findBadNumbers(options, ['olderThan', 'lease', 'limit'], 0);
    if (!['send', 'release', 'leave'].includes(options.prepared ?? 'leave')) {
      issues.push(issue('prepared', 'not_allowed', 'prepared must be send, release or leave.'));
    }
    const { merchant_reference: one } = options;
    if (one !== undefined && (typeof one !== 'string' || one === '')) {
      issues.push(issue('merchant_reference', 'bad_format', 'merchant_reference must name a payment.'));
    }
    return issues;
  });
  const { merchant_reference } = options;
  const { olderThan = 60_000, prepared = 'leave', lease = 30_000, limit = 10_000 } = options;
  const sql = `SELECT payment, wallet FROM aps_journal_payment WHERE attention AND ${OF_ACCOUNT('$2')}
AND (CAST($4 AS text) IS NULL OR payment = CAST($4 AS text)) ORDER BY updated_at LIMIT CAST(CAST($3 AS text) AS bigint)`;
  const only = merchant_reference === undefined ? null : own.nameOf(merchant_reference);
  const rows = await own.store.rows(sql, [own.prefix, `${limit}`, only]);
  /** @type {Recovered} */
  const recovered = { looked: rows.length, settled: [], open: 0, failed: [] };
  const next = rows.values();
  const work = async () => {
    for (const { payment, wallet } of next) {
      try {
        const isOpen = await recoverOne(own, payment, wallet, { olderThan, prepared, lease }, recovered);
        if (isOpen) recovered.open += 1;
      } catch (error) {
        recovered.failed.push({ merchant_reference: referenceOf(payment), error });
      }
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  await own.reviewDue();
  return recovered;
}

/**
 * @param {Operations} own
 * @param {string} payment
 * @param {string | null} wallet
 * @param {{ olderThan: number, prepared: string, lease: number }} options
 * @param {Recovered} recovered changed
 * @returns {Promise<boolean>} whether an operation is still open
 */
async function recoverOne(own, payment, wallet, options, recovered) {
  const { engine, store } = own;
  const { state, now } = await store.load(payment);
  const before = laneOf(state);
  const { next } = await engine.dispatch(payment, { event: 'recover', ...options, now });
  if (next.do === 'carry_out') await own.carryOutPrepared(next.key, undefined);
  else if (next.do === 'review') await own.review(payment);
  else if (next.do === 'look_up' && before) {
    const [row] = next.reference === undefined ? [] : await store.list({ payment, key: before.key });
    const sent = row?.params ? JSON.parse(row.params) : undefined;
    const seen = await own.lookUp(payment, wallet, sent)(next.reference);
    const { assumeAbsentAfter } = own.settings;
    const about = { event: 'status', key: before.key, reference: next.reference, refund: seen.refund };
    const event = { ...about, reading: seen.reading ?? {}, assumeAbsentAfter, askedAt: now };
    const isKnown = seen.reading || seen.refund;
    const isSettled = isKnown && (await engine.dispatch(payment, event, seen.reply)).next.answer === 'settled';
    if (!seen.reading && !isSettled) throw seen.error ?? new Error('CHECK_STATUS gave no information.');
  }
  const found = (await store.load(payment)).state;
  const after = laneOf(found);
  if (before && after?.key !== before.key) {
    const [row] = await store.list({ payment, key: before.key });
    if (row)
      recovered.settled.push({ operation: before.key, outcome: row.status, evidence: row.evidence ?? undefined });
  }
  // A review is asked for only while nothing is open; the order need not wait for that.
  if (after !== undefined && found !== null && JSON.parse(found).reviewDue) await own.review(payment);
  return after !== undefined;
}

/**
 * The open operation of a state.
 * @param {string | null} state
 * @returns {{ key: string } | undefined}
 */
const laneOf = (state) => (state === null ? undefined : JSON.parse(state).lane);

/**
 * @param {Operations} own
 * @param {string} key
 * @param {'succeeded' | 'failed'} outcome
 * @param {{ by: string, why: string }} who
 */
export async function settle(own, key, outcome, who) {
  const issues = findBadKey(key);
  if (outcome !== 'succeeded' && outcome !== 'failed') {
    issues.push(issue('outcome', 'not_allowed', 'outcome must be succeeded or failed.'));
  }
  issues.push(...findMissing(who));
  if (issues.length > 0) throw new ValidationError(issues);
  for (;;) {
    const [row] = await own.store.list({ payment: '', key });
    if (row === undefined || !own.isOwn(row.payment)) throw new OperationError('unknown_operation', key);
    const { payment } = row;
    const engine = own.engineOver(own.store.copy({ note: { by: who.by, why: who.why } }));
    const { now } = await own.store.load(payment);
    const { next } = await engine.dispatch(payment, { event: 'settle', key, status: outcome, now });
    // It was removed meanwhile.
    if (next.do === 'again' || next.answer === 'nothing') continue;
    if (next.answer === 'refused') throw new OperationError(next.code, key);
    return own.reviewDue();
  }
}

/** @param {{ by: string, why: string } | undefined} who */
function findMissing(who) {
  const names = /** @type {const} */ (['by', 'why']);
  return names
    .filter((name) => {
      const text = who?.[name];
      return typeof text !== 'string' || text.trim() === '' || text.includes('\0') || !text.isWellFormed();
    })
    .map((name) => issue(name, 'missing', `${name} must be text: ${name === 'by' ? 'who decides it' : 'the reason'}.`));
}

/** A notification whose handler is not running: it may yet find its operation, or fail and be handled again. */
const IS_AT_REST = `(n.handled_at IS NOT NULL OR n.claimed_until < ${NOW})`;
const WITHOUT_OPERATION = `n.id = CAST($2 AS text) AND n.operation_key IS NULL AND ${OF_ACCOUNT('$3')}`;
const DISMISS = `UPDATE aps_journal_notification AS n SET dismissed_by = COALESCE(n.dismissed_by, CAST($4 AS text)),
  dismissed_why = COALESCE(n.dismissed_why, CAST($5 AS text)), dismissed_at = COALESCE(n.dismissed_at, ${NOW})
WHERE ${WITHOUT_OPERATION} AND ${IS_AT_REST} RETURNING n.id`;
const IS_HANDLED_NOW = `SELECT n.id FROM aps_journal_notification AS n WHERE ${WITHOUT_OPERATION} AND NOT ${IS_AT_REST}`;

/**
 * @param {Operations} own
 * @param {string} notification its `id`
 * @param {{ by: string, why: string }} who
 */
export async function dismiss(own, notification, who) {
  const issues = findMissing(who);
  if (!isText(notification)) {
    issues.push(issue('notification', 'missing', 'notification must be the id of one that uncertain() lists.'));
  }
  if (issues.length > 0) throw new ValidationError(issues);
  const [row] = await own.store.rows(DISMISS, [notification, own.prefix, who.by, who.why]);
  if (row !== undefined) return;
  const [running] = await own.store.rows(IS_HANDLED_NOW, [notification, own.prefix]);
  if (running !== undefined) throw new OperationError('busy', notification);
  const message = 'There is no notification with this id that belongs to no operation.';
  throw new ValidationError([issue('notification', 'unknown', message)]);
}

/**
 * The result of `prune`.
 * @typedef {object} Pruned
 * @property {number} payments how many were deleted
 */
/**
 * Something that a person should look at.
 * @typedef {object} Uncertainty
 * @property {'open' | 'contradiction' | 'lapsed' | 'paid_twice' | 'unattributed'} kind what is wrong
 * @property {string} merchant_reference of the payment
 * @property {string} [operation] its key
 * @property {string} [notification] the id of the one without an operation, for `dismiss`
 * @property {string} [command] APS's name
 * @property {string} [amount] minor units
 * @property {string} [currency] ISO 4217
 * @property {string} [status] of the operation
 * @property {string} [evidence] what proves the status
 * @property {string[]} [references] the attempts that hold money
 * @property {Date} at when it was recorded
 * @property {string} cure what to do
 */

const CURES = {
  open: 'Recover it, wait for its notification, or look at the back office and settle it.',
  prepared: 'Carry it out, or recover it with prepared: release.',
  contradiction: 'Two definite outcomes contradict each other: look at the back office and settle it.',
  lapsed: 'The authorization lapsed and its totals did not change: look at the back office and settle it.',
  paid_twice: 'Void or refund all attempts but one.',
  unattributed: 'A genuine notification matches no operation here: look at the back office, then dismiss it.',
};

/**
 * @param {Operations} own
 * @returns {AsyncGenerator<Uncertainty, void, undefined>}
 */
export async function* uncertain(own) {
  const { store, prefix } = own;
  const operations = `SELECT o.operation_key, o.payment, o.command, CAST(o.amount AS text) AS amount, o.currency, o.status,
  o.evidence, CAST(o.lapsed AS text) AS lapsed, CAST(o.contradiction AS text) AS contradiction, CAST(o.created_at AS text) AS at
FROM aps_journal_operation AS o WHERE (o.is_open OR o.contradiction) AND ${OF_ACCOUNT('$2')} ORDER BY o.created_at`;
  for (const row of await store.rows(operations, [prefix])) {
    const { operation_key: operation, command, amount, currency, status, evidence } = row;
    const kind = row.contradiction === 'true' ? 'contradiction' : row.lapsed === 'true' ? 'lapsed' : 'open';
    const about = { operation, command, amount, currency, status, ...(evidence && { evidence }) };
    const cure = CURES[status === 'prepared' ? 'prepared' : kind];
    yield { kind, merchant_reference: referenceOf(row.payment), ...about, at: new Date(Number(row.at)), cure };
  }
  const orders = `SELECT payment, state, CAST(updated_at AS text) AS at FROM aps_journal_payment
WHERE attention AND ${OF_ACCOUNT('$2')} ORDER BY updated_at`;
  for (const { payment, state, at } of await store.rows(orders, [prefix])) {
    const { paidTwice } = JSON.parse(state);
    if (!paidTwice) continue;
    const about = { merchant_reference: referenceOf(payment), references: paidTwice };
    yield { kind: 'paid_twice', ...about, at: new Date(Number(at)), cure: CURES.paid_twice };
  }
  const notifications = `SELECT id, payment, command, outcome, CAST(received_at AS text) AS at
FROM aps_journal_notification AS n WHERE operation_key IS NULL AND dismissed_at IS NULL
  AND ${IS_AT_REST} AND ${OF_ACCOUNT('$2')} ORDER BY received_at`;
  for (const { id, payment, command, outcome, at } of await store.rows(notifications, [prefix])) {
    const about = { merchant_reference: referenceOf(payment), notification: id, command, status: outcome };
    yield { kind: 'unattributed', ...about, at: new Date(Number(at)), cure: CURES.unattributed };
  }
}

const BEFORE = 'CAST(CAST($2 AS text) AS bigint)';
const IN_USE = `(other.is_open OR other.attention OR other.updated_at >= ${BEFORE})`;
/** A notification that came, was dismissed or was handled since then, or is being handled. */
const IS_NEW = `(GREATEST(n.received_at, COALESCE(n.dismissed_at, 0), COALESCE(n.handled_at, 0)) >= ${BEFORE}
  OR NOT ${IS_AT_REST})`;
/** Nothing is open or contradicts itself, and nothing has happened since to it, or to another attempt at its order. */
const IS_OVER = `NOT is_open AND NOT attention AND updated_at < ${BEFORE}
  AND NOT EXISTS (SELECT 1 FROM aps_journal_operation AS o WHERE o.payment = p.payment AND o.contradiction)
  AND NOT EXISTS (SELECT 1 FROM aps_journal_notification AS n WHERE n.payment = p.payment AND ${IS_NEW})
  AND NOT EXISTS (SELECT 1 FROM aps_journal_payment AS other WHERE ${IN_USE}
    AND other.order_name = COALESCE(p.order_name, p.merchant_reference)
    AND left(other.payment, length(CAST($3 AS text))) = CAST($3 AS text))
  AND NOT EXISTS (SELECT 1 FROM aps_journal_payment AS other WHERE ${IN_USE}
    AND other.payment = CAST($3 AS text) || p.order_name)`;
const PRUNE = `WITH gone AS (
  DELETE FROM aps_journal_payment AS p WHERE payment IN (
    SELECT payment FROM aps_journal_payment AS p WHERE ${IS_OVER} AND ${OF_ACCOUNT('$3')} LIMIT 500)
    AND ${IS_OVER}
  RETURNING payment
), operations AS (
  DELETE FROM aps_journal_operation AS o USING gone WHERE o.payment = gone.payment
), entries AS (
  DELETE FROM aps_journal_entry AS e USING gone WHERE e.payment = gone.payment
), notifications AS (
  DELETE FROM aps_journal_notification AS n USING gone WHERE n.payment = gone.payment AND NOT ${IS_NEW}
)
SELECT CAST(count(*) AS text) AS gone FROM gone`;
/** Dismissed notifications of payments that the journal does not have. */
const PRUNE_DISMISSED = `DELETE FROM aps_journal_notification AS n WHERE n.dismissed_at IS NOT NULL AND NOT ${IS_NEW}
  AND n.operation_key IS NULL AND ${OF_ACCOUNT('$3')} AND NOT EXISTS (SELECT 1 FROM aps_journal_payment AS p WHERE p.payment = n.payment)`;

/**
 * @param {Operations} own
 * @param {{ before: Date | number }} given
 * @returns {Promise<Pruned>}
 */
export async function prune(own, given) {
  const { before } = readOptions(given, ['before']);
  const at = timeOf(before) ?? before;
  if (typeof at !== 'number' || !Number.isFinite(at)) {
    throw new ValidationError([issue('before', 'bad_format', 'before must be a Date, or milliseconds since 1970.')]);
  }
  let payments = 0;
  for (;;) {
    const [row] = await own.store.rows(PRUNE, [`${Math.floor(at)}`, own.prefix]);
    const gone = Number(row?.gone ?? 0);
    payments += gone;
    if (gone > 0) continue;
    await own.store.rows(PRUNE_DISMISSED, [`${Math.floor(at)}`, own.prefix]);
    return { payments };
  }
}
