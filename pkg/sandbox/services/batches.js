/**
 * Batches: a file is uploaded, validated, and carried out (DOC batch service). GET_BATCH_RESULTS reports whether the rows
 * are valid before PROCESS_BATCH, and the result of each row afterwards.
 */

import { randomInt } from 'node:crypto';
import { messageOf } from '../codes.js';
import { isColumnOf } from '../dictionary.js';
import { text } from '../message.js';
import { fail, succeed } from './answer.js';
import { writeCsv } from './csv.js';

/** @typedef {import('./index.js').Service} Service */
/** @typedef {import('./index.js').Context} Context */
/** @typedef {import('./state.js').Batch} Batch */
/** @typedef {import('../message.js').Message} Message */
/** @typedef {import('../check.js').Complaint} Complaint */

/** What rows may request, by the column that names it. A file has one or the other. */
const OPERATIONS = [
  { selector: 'command', allowed: ['PURCHASE', 'CAPTURE', 'REFUND', 'VOID_AUTHORIZATION'] },
  { selector: 'service_command', allowed: ['PAYMENT_LINK'] },
];

/** As in APS's example of results. */
const COLUMNS = [
  ...['Line_Number', 'response_code', 'response_message', 'status', 'eci', 'fort_id', 'merchant_reference', 'amount'],
  ...['card_number', 'expiry_date', 'currency'],
];

/** @type {Service} */
export function upload(admitted, context) {
  const { state } = context;
  const reference = text(admitted.message, 'batch_reference') ?? '';
  if (state.batches.has(reference)) return fail(admitted, '146');
  const { rows } = admitted;
  const [first] = rows ?? [];
  if (!rows || !first) return fail(admitted, '144');
  const columns = [...first.keys()];
  const [operations, other] = OPERATIONS.filter(({ selector }) => columns.includes(selector));
  const isKnown = operations && columns.every((name) => isColumnOf(operations.allowed, name));
  if (!isKnown || other) return fail(admitted, '142');
  const { access_code } = admitted.credentials;
  const fault = findFault(rows, operations, context);
  const batch = { access_code, batch_id: String(randomInt(1_000_000_000)), rows, fault };
  state.batches.set(reference, batch);
  return succeed(admitted, { batch_id: batch.batch_id });
}

/**
 * The first problem with the rows, in words.
 *
 * @param {readonly Message[]} rows
 * @param {typeof OPERATIONS[number]} operations
 * @param {Context} context
 */
function findFault(rows, { selector, allowed }, { checkRow }) {
  const references = new Set();
  for (const [place, row] of rows.entries()) {
    const reference = text(row, 'merchant_reference');
    const wrong =
      (references.has(reference) ? { code: '00066' } : undefined) ??
      (allowed.includes(text(row, selector) ?? '') ? checkRow(row) : { code: '00004' }) ??
      checkRecurring(row);
    // The header is line 1.
    if (wrong) return `line ${place + 2}: ${messageOf(wrong.code, wrong.detail)}`;
    if (reference !== undefined) references.add(reference);
  }
  return undefined;
}

/**
 * Payments in a batch must be recurring.
 *
 * @param {Message} row
 * @returns {Complaint | undefined}
 */
function checkRecurring(row) {
  if (row.get('command') !== 'PURCHASE' || row.get('eci') === 'RECURRING') return undefined;
  return { code: row.get('eci') ? '00033' : '00001', detail: 'eci' };
}

/**
 * The batch that both references agree on, among those uploaded with the access code.
 *
 * @param {import('../authenticate.js').Admitted} admitted
 * @param {Context['state']} state
 * @returns {Batch | undefined}
 */
function findBatch({ message, credentials }, state) {
  const batch = state.batches.get(text(message, 'batch_reference') ?? '');
  const isNamed = (text(message, 'batch_id') ?? batch?.batch_id) === batch?.batch_id;
  return isNamed && batch?.access_code === credentials.access_code ? batch : undefined;
}

/** @type {Service} */
export function getResults(admitted, { state }) {
  const batch = findBatch(admitted, state);
  if (!batch) return fail(admitted, '141');
  if (batch.fault !== undefined) return fail(admitted, '136', batch.fault);
  const answer = succeed(admitted, { batch_id: batch.batch_id, transactions_count: String(batch.rows.length) });
  return batch.results ? { ...answer, file: writeResults(batch.results) } : answer;
}

/**
 * The results, last row first: APS does not return them in the order of the file either.
 *
 * @param {readonly Message[]} replies In the order of the rows.
 * @returns {NonNullable<import('../reply.js').Answer['file']>}
 */
function writeResults(replies) {
  const header = replies.some((reply) => reply.has('payment_link')) ? [...COLUMNS, 'payment_link'] : COLUMNS;
  const rows = replies.map((reply, place) =>
    header.map((name) => (name === 'Line_Number' ? String(place + 2) : (text(reply, name) ?? ''))),
  );
  return { type: 'csv', body: writeCsv(header, rows.reverse()) };
}

/**
 * Carries the rows out once, however often it is called.
 *
 * @type {Service}
 */
export function processBatch(admitted, { state, carryOut }) {
  const batch = findBatch(admitted, state);
  if (!batch) return fail(admitted, '141');
  if (batch.fault !== undefined) return fail(admitted, '136', batch.fault);
  const accepted = succeed(admitted, {}, '72147');
  if (batch.results) return accepted;
  const answers = batch.rows.map(carryOut);
  // The answer to a row may be uncertain; the notification has the final result.
  batch.results = answers.map(({ reply, notification = reply }) => notification);
  return { ...accepted, notifications: answers.flatMap(({ notification }) => notification ?? []) };
}
