// What APS answers for a batch: first JSON, about the file, and once it was processed a file with a row for each
// operation (docs.payfort.com, batch service). And reports, which are files too.

import { Amount } from '../amount.js';
import { describe } from '../codes.js';
import { INSPECT, issue, TransportError, ValidationError } from '../errors.js';
import { conceal, shown } from '../mask.js';
import { openReply } from '../reply.js';
import { aborted, pause, unreadable } from '../transport.js';
import { FileFormatError, readTable } from './csv.js';
import { piecesOf } from './source.js';

/** @typedef {import('../account.js').Account} Account */
/** @typedef {import('../codes.js').Outcome} Outcome */
/** @typedef {import('../reply.js').Reply} Reply */
/** @typedef {import('./csv.js').ReadOptions} ReadOptions */
/** @typedef {import('./source.js').ByteSource} ByteSource */
/** @typedef {{ readonly params: Readonly<Record<string, any>> }} Asked the request that was sent */

const LONGEST_REPLY = 1024 * 1024;

/** What became of one operation of a batch. Printing it shows no whole card number. */
export class BatchResult {
  /** @readonly @type {number | undefined} the line of the uploaded file, its header being line 1 */
  line;
  /** @readonly @type {Outcome} */
  outcome;
  /** @readonly @type {string} two digits */
  status;
  /** @readonly @type {string} `response_code`, five digits */
  code;
  /** @readonly @type {string} `response_message`, as APS words it */
  message;
  /** @readonly @type {Readonly<Record<string, string>>} every column as received */
  params;

  /** @param {{ line: number | undefined, code: string, outcome: Outcome, params: Record<string, string> }} fields */
  constructor({ line, code, outcome, params }) {
    this.line = line;
    this.outcome = outcome;
    this.status = code.slice(0, 2);
    this.code = code;
    this.message = column(params, 'response_message') ?? '';
    this.params = conceal(params);
    Object.freeze(this);
  }

  /** The amount, if the row has one that is right. @returns {Amount | undefined} */
  get amount() {
    const [amount, currency] = ['amount', 'currency'].map((name) => column(this.params, name));
    if (!amount || !currency) return undefined;
    try {
      return Amount.fromMinor(amount, currency);
    } catch {
      return undefined;
    }
  }

  toJSON() {
    return { ...this, params: shown(this.params) };
  }

  [INSPECT]() {
    return this.toJSON();
  }
}

/**
 * A column by its name in small letters: APS writes some with capitals.
 * @param {Readonly<Record<string, string>>} params
 * @param {string} wanted
 * @returns {string | undefined}
 */
function column(params, wanted) {
  return params[wanted] ?? Object.entries(params).find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/**
 * Reads the results of a batch, row by row. APS does not give them in the order of the file: match them by `line` or
 * `merchant_reference`. Nothing in the file is signed: take it from nowhere but APS's own answer.
 * @param {ByteSource} source
 * @param {ReadOptions} [options]
 * @returns {AsyncGenerator<BatchResult, void, undefined>}
 * @throws {FileFormatError} a row, or the file, is not what it should be; rows before it were right
 * @throws {TransportError} `aborted`, `network`
 */
export async function* readBatchResults(source, options) {
  let [codeColumn, lineColumn, statusColumn] = ['', '', ''];
  const checkHeader = (/** @type {readonly string[]} */ names, /** @type {number} */ line) => {
    const find = (/** @type {string} */ wanted) => names.find((name) => name.toLowerCase() === wanted) ?? '';
    codeColumn = find('response_code');
    // APS writes Line_Number.
    lineColumn = find('line_number');
    statusColumn = find('status');
    if (codeColumn === '') throw new FileFormatError('bad_header', line, 'there is no column response_code.');
  };
  /** A batch has few different codes. @type {Map<string, Outcome>} */
  const outcomes = new Map();
  for await (const { line, values: params } of readTable(source, options, checkHeader)) {
    const code = params[codeColumn] ?? '';
    if (!/^\d{5}$/.test(code) || (statusColumn !== '' && params[statusColumn] !== code.slice(0, 2))) {
      throw new FileFormatError('bad_code', line, 'response_code is not five digits that begin with the status.');
    }
    let outcome = outcomes.get(code);
    if (outcome === undefined) {
      outcome = describe(code).outcome;
      outcomes.set(code, outcome);
    }
    const place = params[lineColumn] ?? '';
    if (place !== '' && !/^\d{1,10}$/.test(place)) {
      throw new FileFormatError('bad_row', line, 'the line number is no number.');
    }
    yield new BatchResult({ line: place === '' ? undefined : Number(place), code, outcome, params });
  }
}

/**
 * Reads a report row by row: objects by the columns that were asked for. What a downloaded report looks like is not
 * documented; that it is CSV with a header is inferred, from the columns parameter and the reports of the back office.
 * @param {ByteSource} source
 * @param {ReadOptions} [options]
 * @returns {AsyncGenerator<Readonly<Record<string, string>>, void, undefined>} printing a row shows no whole card number
 * @throws {FileFormatError} a row, or the file, is not what it should be; rows before it were right
 * @throws {TransportError} `aborted`, `network`
 */
export async function* reportRows(source, options) {
  for await (const { values } of readTable(source, options)) yield conceal(values);
}

/**
 * Opens the answer to GET_BATCH_RESULTS: a reply, verified, about the state of the batch; or, once it was processed,
 * the results of its operations.
 * @param {Response} response unread
 * @param {Account} account
 * @param {ReadOptions & { request: Asked }} options
 * @returns {Promise<{ reply: Reply, results: null }
 *   | { reply: null, results: AsyncGenerator<BatchResult, void, undefined> }>}
 * @throws {TransportError} `redirect`, `http_status`, `unreadable`, `network`, `aborted`
 * @throws {import('../errors.js').SignatureError} the reply cannot be trusted
 * @throws {import('../errors.js').ReplyMismatchError} the reply is about something else
 */
export async function openBatchResults(response, account, { request, ...options }) {
  const opened = await open(response, options.signal);
  return opened.json === null
    ? { reply: null, results: readBatchResults(opened.file, options) }
    : { reply: openReply(opened.json, account, { request }), results: null };
}

/**
 * Opens the answer to DOWNLOAD_REPORT or GET_REPORT: a reply, verified, such as that the report is not ready; or the
 * rows of the report.
 * @param {Response} response unread
 * @param {Account} account
 * @param {ReadOptions & { request: Asked }} options
 * @returns {Promise<{ reply: Reply, rows: null }
 *   | { reply: null, rows: AsyncGenerator<Readonly<Record<string, string>>, void, undefined> }>}
 * @throws {TransportError} as `openBatchResults`
 * @throws {import('../errors.js').SignatureError} the reply cannot be trusted
 * @throws {import('../errors.js').ReplyMismatchError} the reply is about something else
 */
export async function openReport(response, account, { request, ...options }) {
  const opened = await open(response, options.signal);
  return opened.json === null
    ? { reply: null, rows: reportRows(opened.file, options) }
    : { reply: openReply(opened.json, account, { request }), rows: null };
}

/**
 * Tells by its first character what an answer is: JSON, or a file, but no page of some proxy's.
 * @param {Response} response
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ json: Uint8Array, file: null } | { json: null, file: AsyncGenerator<Uint8Array> }>}
 */
async function open(response, signal) {
  const { status } = response;
  if (response.type === 'opaqueredirect' || response.redirected || (status >= 300 && status < 400)) {
    throw new TransportError('redirect', 'unknown', 'The gateway answered with a redirect, which is never followed.');
  }
  if (status < 200 || status >= 300) {
    throw new TransportError('http_status', 'unknown', `The gateway answered with HTTP status ${status}.`);
  }
  const pieces = /** @type {AsyncGenerator<Uint8Array>} */ (piecesOf(response, signal));
  /** @type {Uint8Array[]} */
  const begun = [];
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) throw unreadable();
    begun.push(value);
    // No character of UTF-8 but these themselves has such a byte, and a byte order mark is none.
    const first = value.find((byte) => byte > 0x20 && ![0xef, 0xbb, 0xbf].includes(byte));
    if (first === 0x3c) {
      await pieces.return(undefined);
      throw unreadable();
    }
    if (first === 0x7b) return { json: await rest(begun, pieces), file: null };
    if (first !== undefined) return { json: null, file: chain(begun, pieces) };
    if (begun.length > 1024) throw unreadable();
  }
}

/**
 * @param {Uint8Array[]} begun
 * @param {AsyncGenerator<Uint8Array>} pieces
 */
async function* chain(begun, pieces) {
  yield* begun;
  yield* pieces;
}

/**
 * @param {Uint8Array[]} begun
 * @param {AsyncGenerator<Uint8Array>} pieces
 * @returns {Promise<Uint8Array>}
 */
async function rest(begun, pieces) {
  const parts = [];
  let length = 0;
  for await (const part of chain(begun, pieces)) {
    length += part.length;
    if (length > LONGEST_REPLY) throw unreadable();
    parts.push(part);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** “Still under validation” and “still under processing” (docs.payfort.com, message codes). */
const PENDING = new Set(['138', '140']);

/**
 * Asks for a batch until it is neither under validation nor under processing. APS says nothing on how often to ask.
 * @template {{ reply: Reply | null }} T
 * @param {() => Promise<T>} ask sends GET_BATCH_RESULTS, and opens the answer by `openBatchResults`
 * @param {{ interval?: number, timeout?: number, signal?: AbortSignal }} [options] milliseconds: `interval` between two
 *   questions, 30,000 if left out; `timeout` for all of it, an hour if left out
 * @returns {Promise<T>} the first answer that says something else
 * @throws {TransportError} `timeout`, `aborted`
 * @throws {ValidationError} for options that cannot be understood
 */
export async function waitForBatch(ask, { interval = 30_000, timeout = 3_600_000, signal } = {}) {
  for (const [name, value] of Object.entries({ interval, timeout })) {
    if (!Number.isSafeInteger(value) || value < 1 || value > 2 ** 31 - 1) {
      throw new ValidationError([issue(name, 'bad_format', `${name} must be whole milliseconds above zero.`)]);
    }
  }
  const end = Date.now() + timeout;
  for (;;) {
    if (signal?.aborted) throw aborted('unknown');
    const answer = await ask();
    if (answer.reply === null || !PENDING.has(answer.reply.code.slice(2))) return answer;
    if (Date.now() + interval > end) {
      throw new TransportError('timeout', 'unknown', `The batch was not ready within ${timeout} ms.`);
    }
    await pause(interval, signal);
  }
}
