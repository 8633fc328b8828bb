// The history of a payment, exports, and differences from a settlement report.

import { quoteCell } from '../batch/row.js';
import { issue, ValidationError } from '../errors.js';
import { readOptions } from '../message/options.js';
import { Amount } from '../money/amount.js';
import { outcomeOf } from '../money/codes.js';
import { isText } from './contents.js';
import { referenceOf } from './operate.js';
import { NEEDS_OFFSET, OF_ACCOUNT } from './store.js';
import { maskPersonal } from './texts.js';

/** @typedef {import('./operate.js').Operations} Operations */

/**
 * An operation as it was recorded.
 * @typedef {object} HistoryOperation
 * @property {string} operation its key
 * @property {string} command APS's name
 * @property {string} amount minor units
 * @property {string} currency ISO 4217
 * @property {string} status its state
 * @property {string} [evidence] what proves the status
 * @property {Date} at when it was recorded
 * @property {Date} changed when it last changed
 * @property {Record<string, any>} [params] what it was sent with
 * @property {Record<string, any>} [reply] the answer
 * @property {string} [by] the person who settled it
 * @property {string} [why] what they saw
 */
/**
 * @typedef {object} HistoryTotals
 * @property {string} authorized minor units
 * @property {string} captured minor units
 * @property {string} refunded minor units
 * @property {boolean} voided whether it was
 */
/**
 * That a person dismissed a notification which belongs to no operation.
 * @typedef {object} Dismissal
 * @property {string} by who did
 * @property {string} why the reason given
 * @property {Date} at when
 */

/**
 * @typedef {object} HistoryNotification
 * @property {string} [operation] the key of the operation that it is about
 * @property {string} command APS's name
 * @property {string} outcome its outcome
 * @property {string} code `response_code`
 * @property {Date} at when it was received
 * @property {boolean} handled whether `handle` returned
 * @property {string} id its name, for `dismiss`
 * @property {Dismissal} [dismissed] who dismissed it, and why
 */
/**
 * @typedef {object} HistoryEntry
 * @property {number} version of the payment
 * @property {Date} at when
 * @property {Record<string, any>[]} [operations] what changed
 * @property {Record<string, any>[]} [reports] what was reported at that time
 */
/**
 * Everything that the journal knows about a payment.
 * @typedef {object} History
 * @property {string} merchant_reference of the payment
 * @property {string | undefined} order what is paid for
 * @property {string | undefined} fort_id APS's name of the payment
 * @property {HistoryTotals} totals that were reached at least
 * @property {HistoryOperation[]} operations in the order of their intents
 * @property {HistoryNotification[]} notifications that were received
 * @property {HistoryEntry[]} entries the changes, oldest first
 */

const OPERATIONS = `SELECT o.operation_key, o.payment, o.command, CAST(o.amount AS text) AS amount, o.currency, o.status,
  o.evidence, o.params, o.reply, o.settled_by, o.settled_why, CAST(o.created_at AS text) AS created_at,
  CAST(o.updated_at AS text) AS updated_at FROM aps_journal_operation AS o`;

/** The number of rows that are read at a time. */
const PAGE = 500;

/**
 * @param {Operations} own
 * @param {string} merchant_reference
 * @returns {Promise<History | null>} null for a payment that neither an operation nor a notification is about
 */
export async function history(own, merchant_reference) {
  if (!isText(merchant_reference)) {
    throw new ValidationError([issue('merchant_reference', 'bad_format', 'merchant_reference must be text.')]);
  }
  const payment = own.nameOf(merchant_reference);
  const { store } = own;
  const ask = (/** @type {string} */ sql) => store.rows(sql, [payment]);
  const where = `payment = CAST($2 AS text) AND ${NEEDS_OFFSET}`;
  const [about] = await ask(`SELECT state, order_name, fort_id FROM aps_journal_payment WHERE ${where}`);
  const operations = await ask(`${OPERATIONS} WHERE o.${where} ORDER BY o.created_at, o.operation_key`);
  const notifications = await ask(`SELECT operation_key, command, outcome, code, CAST(received_at AS text) AS at,
  CASE WHEN handled_at IS NULL THEN 'no' ELSE 'yes' END AS handled, id, dismissed_by, dismissed_why,
  CAST(dismissed_at AS text) AS dismissed_at
FROM aps_journal_notification WHERE ${where} ORDER BY received_at, id`);
  // What came about a payment that was never recorded here, and who dismissed it, stays readable.
  if (about === undefined && notifications.length === 0) return null;
  const entries = await ask(`SELECT CAST(version AS text) AS version, CAST(at AS text) AS at, entry
FROM aps_journal_entry WHERE ${where} ORDER BY aps_journal_entry.version`);
  const { known: totals = {} } = about === undefined ? {} : JSON.parse(about.state);
  const minor = (/** @type {number | undefined} */ number) => `${number ?? 0}`;
  return {
    merchant_reference,
    order: about?.order_name ?? undefined,
    fort_id: about?.fort_id ?? undefined,
    totals: {
      authorized: minor(totals.authorized),
      captured: minor(totals.captured),
      refunded: minor(totals.refunded),
      voided: totals.voided === true,
    },
    operations: operations.map(operationOf),
    notifications: notifications.map(notificationOf),
    entries: entries.map(({ version, at, entry }) => ({
      version: Number(version),
      at: instant(at),
      ...JSON.parse(entry),
    })),
  };
}

/** @param {string} at */
const instant = (at) => new Date(Number(at));

/** @param {Record<string, any>} row @returns {HistoryOperation} */
function operationOf(row) {
  const { operation_key, command, amount, currency, status, evidence, params, reply, settled_by, settled_why } = row;
  return {
    ...{ operation: operation_key, command, amount, currency, status },
    ...(evidence && { evidence }),
    ...{ at: instant(row.created_at), changed: instant(row.updated_at) },
    ...(params && { params: JSON.parse(params) }),
    ...(reply && { reply: JSON.parse(reply) }),
    ...(settled_by && { by: settled_by, why: settled_why }),
  };
}

/** @param {Record<string, any>} row @returns {HistoryNotification} */
function notificationOf({ operation_key, command, outcome, code, at, handled, id, ...by }) {
  const { dismissed_by, dismissed_why, dismissed_at } = by;
  return {
    ...(operation_key && { operation: operation_key }),
    ...{ command, outcome, code, at: instant(at), handled: handled === 'yes', id },
    ...(dismissed_at && { dismissed: { by: dismissed_by, why: dismissed_why, at: instant(dismissed_at) } }),
  };
}

/**
 * The operations of an account, the oldest first.
 * @param {Operations} own
 * @returns {AsyncGenerator<HistoryOperation & { merchant_reference: string }, void, undefined>}
 */
async function* operationsOf(own) {
  let [at, key] = ['-1', ''];
  for (;;) {
    const after = `(o.created_at, o.operation_key) > (CAST(CAST($3 AS text) AS bigint), CAST($4 AS text))`;
    const sql = `${OPERATIONS} WHERE ${OF_ACCOUNT('$2')} AND ${after} ORDER BY o.created_at, o.operation_key LIMIT ${PAGE}`;
    const rows = await own.store.rows(sql, [own.prefix, at, key]);
    for (const row of rows) yield { merchant_reference: referenceOf(row.payment), ...operationOf(row) };
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    [at, key] = [last.created_at, last.operation_key];
  }
}

const COLUMNS = /** @type {const} */ ([
  ...['operation', 'merchant_reference', 'fort_id', 'command', 'amount', 'currency', 'status', 'evidence', 'code'],
  ...['at', 'changed', 'by', 'why'],
]);

/**
 * All operations as text, in pieces. Tokens and personal data are masked.
 * @param {Operations} own
 * @param {{ format?: 'json' | 'csv' }} [given]
 * @returns {AsyncGenerator<string, void, undefined>}
 */
export function exportAll(own, given) {
  const { format = 'json' } = readOptions(given, ['format']);
  if (format === 'csv') return exportCsv(own);
  if (format === 'json') return exportJson(own);
  throw new ValidationError([issue('format', 'not_allowed', 'format must be json or csv.')]);
}

/** @param {Operations} own */
async function* exportJson(own) {
  let open = '[';
  for await (const row of operationsOf(own)) {
    yield `${open}\n${JSON.stringify(maskPersonal(JSON.parse(JSON.stringify(row))))}`;
    open = ',';
  }
  yield open === '[' ? '[]\n' : '\n]\n';
}

/** @param {Operations} own */
async function* exportCsv(own) {
  yield `${COLUMNS.join(',')}\r\n`;
  for await (const row of operationsOf(own)) {
    const { reply, at, changed } = row;
    const values = {
      ...row,
      fort_id: reply?.params.fort_id,
      code: reply?.code,
      at: at.toISOString(),
      changed: changed.toISOString(),
    };
    yield `${COLUMNS.map((name) => safeCell(/** @type {any} */ (values)[name])).join(',')}\r\n`;
  }
}

/**
 * Protects a cell from being read as a formula by a spreadsheet.
 * @param {unknown} value
 */
function safeCell(value) {
  const text = value === undefined || value === null ? '' : `${value}`;
  return quoteCell(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
}

/**
 * A difference between a report and the journal.
 * @typedef {object} Difference
 * @property {'not_in_journal' | 'not_in_report' | 'amount' | 'status'} kind `status`: it is open in the journal
 * @property {string} merchant_reference of the payment
 * @property {string} command APS's name
 * @property {string | undefined} journal the sum of what succeeded here, in minor units
 * @property {string | undefined} report the sum in the report, in minor units
 */

/** The names of columns in reports. */
const NAMES = {
  merchant_reference: ['merchant_reference', 'merchant reference', 'merchantreference'],
  command: ['command', 'operation', 'transaction_type', 'transaction type', 'type'],
  amount: ['amount', 'transaction_amount', 'transaction amount'],
  currency: ['currency', 'transaction_currency', 'transaction currency'],
  response_code: ['response_code', 'response code'],
};

/**
 * Compares a settlement report with what succeeded here, by `merchant_reference`, command and currency.
 * @param {Operations} own
 * @param {Iterable<Record<string, any>> | AsyncIterable<Record<string, any>>} report rows such as those of `reportRows`,
 *   with `merchant_reference`, `command`, `amount` (decimal, or an Amount) and `currency`; voids, and rows with a
 *   `response_code` of no success, moved nothing and are passed over
 * @returns {AsyncGenerator<Difference, void, undefined>}
 */
export async function* reconcile(own, report) {
  const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = Object(report);
  if (typeof report === 'string' || typeof (later ?? now) !== 'function') {
    const message = 'report must be rows that can be iterated, such as reportRows(file), or an array of them.';
    throw new ValidationError([issue('report', 'bad_format', message)]);
  }
  /** @type {Map<string, { reference: string, command: string, sum: bigint }>} */
  const reported = new Map();
  for await (const row of report) {
    const read = readRow(row);
    if (read === undefined) continue;
    const { merchant_reference, command, minor, currency } = read;
    const name = `${merchant_reference} ${command} ${currency}`;
    const before = reported.get(name)?.sum ?? 0n;
    reported.set(name, { reference: merchant_reference, command, sum: before + minor });
  }
  /** @type {Map<string, { reference: string, command: string, sum: bigint, isOpen: boolean }>} */
  const recorded = new Map();
  for await (const { merchant_reference, command, amount, currency, status } of operationsOf(own)) {
    if (!['AUTHORIZATION', 'PURCHASE', 'CAPTURE', 'REFUND'].includes(command)) continue;
    const isOpen = !['succeeded', 'failed', 'rejected'].includes(status);
    if (status !== 'succeeded' && !isOpen) continue;
    const name = `${merchant_reference} ${command} ${currency}`;
    const before = recorded.get(name);
    const sum = (before?.sum ?? 0n) + (isOpen ? 0n : BigInt(amount));
    recorded.set(name, { reference: merchant_reference, command, sum, isOpen: isOpen || before?.isOpen === true });
  }
  const commands = new Set([...reported.values()].map(({ command }) => command));
  for (const [name, { reference, command, sum }] of reported) {
    const here = recorded.get(name);
    const about = { merchant_reference: reference, command, journal: here && `${here.sum}`, report: `${sum}` };
    if (here === undefined) yield { kind: 'not_in_journal', ...about };
    else if (here.sum !== sum) yield { kind: here.isOpen ? 'status' : 'amount', ...about };
  }
  for (const [name, { reference, command, sum }] of recorded) {
    // A report of captures does not list authorizations.
    if (reported.has(name) || sum === 0n || !commands.has(command)) continue;
    yield { kind: 'not_in_report', merchant_reference: reference, command, journal: `${sum}`, report: undefined };
  }
}

/** @param {Record<string, any>} row @returns undefined if it moved no money */
function readRow(row) {
  const find = (/** @type {keyof typeof NAMES} */ name) => {
    const key = Object.keys(row).find((own) => NAMES[name].includes(own.trim().toLowerCase()));
    return key === undefined ? undefined : row[key];
  };
  const [merchant_reference, operation, amount, currency, code] = /** @type {(keyof typeof NAMES)[]} */ (
    Object.keys(NAMES)
  ).map(find);
  const command = `${operation ?? ''}`.trim().toUpperCase().replace(/\s+/g, '_');
  if (command === 'VOID_AUTHORIZATION' || (code && outcomeOf(`${code}`) !== 'succeeded')) return undefined;
  const missing = Object.entries({ merchant_reference, command, amount })
    .filter(([, value]) => value === undefined || value === '')
    .map(([name]) => issue(name, 'missing', `A row of the report has no ${name}.`));
  if (missing.length > 0) throw new ValidationError(missing);
  const money = Amount.isAmount(amount) ? Amount.from(amount) : Amount.parse(`${amount}`, `${currency}`);
  return { merchant_reference: `${merchant_reference}`, command, minor: money.minor, currency: money.currency };
}
