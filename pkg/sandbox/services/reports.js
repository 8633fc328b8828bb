/** Reports on the ledger: a row per operation, with the requested columns. */

import { messageOf } from '../codes.js';
import { text } from '../message.js';
import { thirdPartyOf } from '../reply.js';
import { fail, succeed } from './answer.js';
import { writeCsv } from './csv.js';

/** @typedef {import('./index.js').Service} Service */
/** @typedef {import('../ledger.js').Order} Order */
/** @typedef {import('../ledger.js').Operation} Operation */
/** @typedef {import('../message.js').Message} Message */

/**
 * GENERATE_REPORT: a snapshot of the ledger.
 *
 * @type {Service}
 */
export function generateReport(admitted, { ledger, state }) {
  const { message, credentials } = admitted;
  const from = Date.parse(text(message, 'from_date') ?? '');
  const to = Date.parse(text(message, 'to_date') ?? '');
  if (from > to) return fail(admitted, '122');
  const columns = /** @type {string[]} */ (message.get('columns'));
  const filters = /** @type {Message[]} */ (message.get('filters') || []);
  const rows = ledger
    .orders(credentials.access_code)
    .flatMap((order) => order.operations.map((operation) => ({ order, operation })))
    .filter(({ operation: { at } }) => from <= at && at <= to)
    .map(
      ({ order, operation }) =>
        (/** @type {string} */ column) =>
          cell(column, order, operation),
    )
    .filter((row) => filters.every((filter) => isSame(row(text(filter, 'key') ?? ''), text(filter, 'value') ?? '')));
  state.reports.set(text(message, 'merchant_reference') ?? '', {
    access_code: credentials.access_code,
    columns,
    rows: rows.map((row) => columns.map(row)),
  });
  return succeed(admitted);
}

/**
 * DOWNLOAD_REPORT and GET_REPORT: the rows as CSV or JSON; for an empty report only the reply that it is ready. APS
 * documents neither answer; both are inferred.
 *
 * @type {Service}
 */
export function downloadReport(admitted, { state }) {
  const kept = state.reports.get(text(admitted.message, 'merchant_reference') ?? '');
  if (kept?.access_code !== admitted.credentials.access_code) return fail(admitted, '036');
  if (kept.rows.length === 0) return succeed(admitted);
  const { columns, rows } = kept;
  const isJson = state.reportFormat === 'json';
  const body = isJson ? writeJsonReport(columns, rows) : writeCsv(columns, rows);
  return { ...succeed(admitted), file: { type: state.reportFormat, body } };
}

/**
 * As a third party's imitation of APS answers: the number of rows, then the rows.
 *
 * @param {readonly string[]} columns
 * @param {readonly (readonly string[])[]} rows
 */
function writeJsonReport(columns, rows) {
  const objects = rows.map((row) => Object.fromEntries(columns.map((name, place) => [name, row[place] ?? ''])));
  return JSON.stringify([{ data_count: rows.length }, objects]);
}

/**
 * @param {string} one
 * @param {string} other
 */
const isSame = (one, other) => one.toLowerCase() === other.toLowerCase();

/**
 * @param {string} column As named in the documentation; unknown values are empty.
 * @param {Order} order
 * @param {Operation} operation
 */
function cell(column, order, operation) {
  const { answered } = order;
  const code = operation.response_code;
  const date = (/** @type {number} */ at) => new Date(at).toISOString();
  const formatFlag = (/** @type {boolean} */ is) => (is ? 'YES' : 'NO');
  switch (column) {
    case '3ds_indicator':
      return formatFlag(order.challenged);
    case 'acquirer_response_code':
    case 'processor_response_code':
    case 'third_party_code':
      return thirdPartyOf(code)[0];
    case 'acquirer_response_message':
    case 'third_party_message':
      return thirdPartyOf(code)[1];
    case 'amount':
      return operation.amount === undefined ? '' : String(operation.amount);
    case 'card_bin':
      return text(answered, 'card_number')?.slice(0, 6) ?? '';
    case 'fraud_indicator':
      return formatFlag(false);
    case 'installments_indicator':
      return formatFlag(answered.has('plan_code'));
    case 'operation':
      return operation.command;
    case 'order_date':
      return date(order.openedAt);
    case 'response_code':
      return code;
    case 'response_message':
      return messageOf(code);
    case 'status':
      return code.slice(0, 2);
    case 'transaction_date':
      return date(operation.at);
    default:
      return text(answered, column) ?? '';
  }
}
