// APS's answers about a batch: first JSON about the file, and after processing a file with a row for each operation
// (docs.payfort.com, batch service). Reports too, which are also files.

import { INSPECT } from '../errors.js';
import { conceal, maskSecrets } from '../message/mask.js';
import { readOptions } from '../message/options.js';
import { openReply } from '../message/reply.js';
import { Amount } from '../money/amount.js';
import { outcomeOf } from '../money/codes.js';
import { checkStatus, readWhole, unreadable } from '../net/http.js';
import { READING, readTable } from './csv.js';
import { FileFormatError } from './format-error.js';
import { bindToSource, concatenate, readPieces } from './source.js';

/** @typedef {import('../message/account.js').Account} Account */
/** @typedef {import('../money/codes.js').Outcome} Outcome */
/** @typedef {import('../message/reply.js').Reply} Reply */
/** @typedef {import('./csv.js').ReadOptions} ReadOptions */
/** @typedef {import('./source.js').ByteSource} ByteSource */
/**
 * @typedef {object} Asked
 * @property {Readonly<Record<string, any>>} params its parameters
 */
/**
 * @typedef {object} OfRequest
 * @property {Asked} request the request that was sent
 */
/** @typedef {ReadOptions & OfRequest} AnswerOptions how an answer is read, and the request that it answers */

/**
 * The answer to GET_BATCH_RESULTS while there are no results.
 * @typedef {object} BatchState
 * @property {Reply} reply the state of the batch, verified
 * @property {null} results not yet
 */
/**
 * The answer to GET_BATCH_RESULTS once the batch was processed.
 * @typedef {object} BatchProcessed
 * @property {null} reply the results come instead
 * @property {AsyncGenerator<BatchResult, void, undefined>} results the results of its operations
 */
/** @typedef {BatchState | BatchProcessed} BatchAnswer the answer to GET_BATCH_RESULTS */

/** @typedef {Readonly<Record<string, string>>} ReportRow by the columns of the report */
/**
 * The answer to GET_REPORT or DOWNLOAD_REPORT while there is no report.
 * @typedef {object} ReportState
 * @property {Reply} reply such as that the report is not ready, verified
 * @property {null} rows not yet
 */
/**
 * The answer to GET_REPORT or DOWNLOAD_REPORT once the report is ready.
 * @typedef {object} ReportReady
 * @property {null} reply the rows come instead
 * @property {AsyncGenerator<ReportRow, void, undefined>} rows the report
 */
/** @typedef {ReportState | ReportReady} ReportAnswer the answer to GET_REPORT or DOWNLOAD_REPORT */

/** The result of one operation of a batch. Printing it shows no whole card number. */
export class BatchResult {
  /** The line of the uploaded file, its header being line 1. @readonly @type {number | undefined} */
  line;
  /** What it means for the operation. @readonly @type {Outcome} */
  outcome;
  /** Two digits. @readonly @type {string} */
  status;
  /** `response_code`, five digits. @readonly @type {string} */
  code;
  /** `response_message`, as APS words it. @readonly @type {string} */
  message;
  /** Every column as received. @readonly @type {Readonly<Record<string, string>>} */
  params;

  /** @internal @param {{ line: number | undefined, code: string, outcome: Outcome, params: Record<string, string> }} fields */
  constructor({ line, code, outcome, params }) {
    this.line = line;
    this.outcome = outcome;
    this.status = code.slice(0, 2);
    this.code = code;
    this.message = columnOf(params, 'response_message') ?? '';
    this.params = conceal(params);
    Object.freeze(this);
  }

  /** The amount, if the row has a valid one. @returns {Amount | undefined} */
  get amount() {
    const [amount, currency] = ['amount', 'currency'].map((name) => columnOf(this.params, name));
    if (!amount || !currency) return undefined;
    try {
      return Amount.fromMinor(amount, currency);
    } catch {
      return undefined;
    }
  }

  /**
   * The parts that are safe to print: no whole card number.
   * @returns {Record<string, any>}
   */
  toJSON() {
    return { ...this, params: maskSecrets(this.params) };
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
function columnOf(params, wanted) {
  return params[wanted] ?? Object.entries(params).find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/**
 * Reads the results of a batch, row by row. APS does not give them in the order of the file: match them by `line` or
 * `merchant_reference`. Nothing in the file is signed: accept it only as the direct answer of APS.
 * @param {ByteSource} source
 * @param {ReadOptions} [options]
 * @returns {AsyncGenerator<BatchResult, void, undefined>}
 * @throws {FileFormatError} a row or the file is invalid; the rows before it were valid
 * @throws {TransportError} `aborted`, `network`
 */
export function readBatchResults(source, options) {
  return bindToSource(source, parseResults(source, options));
}

/**
 * @param {ByteSource} source
 * @param {ReadOptions | undefined} options
 * @returns {AsyncGenerator<BatchResult, void, undefined>}
 */
async function* parseResults(source, options) {
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
      outcome = outcomeOf(code);
      outcomes.set(code, outcome);
    }
    const place = params[lineColumn] ?? '';
    if (place !== '' && !/^\d{1,10}$/.test(place)) {
      throw new FileFormatError('bad_row', line, 'the line number is not a number.');
    }
    yield new BatchResult({ line: place === '' ? undefined : Number(place), code, outcome, params });
  }
}

/**
 * Reads a report row by row: objects by the columns that were requested. What a downloaded report looks like is not
 * documented; that it is CSV with a header is inferred, from the columns parameter and the reports of the back office.
 * @param {ByteSource} source
 * @param {ReadOptions} [options]
 * @returns {AsyncGenerator<Readonly<Record<string, string>>, void, undefined>} printing a row shows no whole card number
 * @throws {FileFormatError} a row or the file is invalid; the rows before it were valid
 * @throws {TransportError} `aborted`, `network`
 */
export function reportRows(source, options) {
  return bindToSource(source, parseRows(source, options));
}

/**
 * @param {ByteSource} source
 * @param {ReadOptions | undefined} options
 * @returns {AsyncGenerator<Readonly<Record<string, string>>, void, undefined>}
 */
async function* parseRows(source, options) {
  for await (const { values } of readTable(source, options)) yield conceal(values);
}

/**
 * Opens the answer to GET_BATCH_RESULTS: a reply, verified, about the state of the batch; or, once it was processed,
 * the results of its operations.
 * @param {Response} response unread
 * @param {Account} account
 * @param {AnswerOptions} given
 * @returns {Promise<BatchAnswer>}
 * @throws {TransportError} `redirect`, `http_status`, `unreadable`, `network`, `aborted`
 * @throws {import('../errors.js').SignatureError} the reply cannot be trusted
 * @throws {import('../errors.js').ReplyMismatchError} the reply is about something else
 */
export async function openBatchResults(response, account, given) {
  const { reply, file, options } = await open(response, account, given);
  return file ? { reply, results: readBatchResults(file, options) } : { reply, results: null };
}

/**
 * Opens the answer to DOWNLOAD_REPORT or GET_REPORT: a reply, verified, for example that the report is not ready; or the
 * rows of the report.
 * @param {Response} response unread
 * @param {Account} account
 * @param {AnswerOptions} given
 * @returns {Promise<ReportAnswer>}
 * @throws {TransportError} as `openBatchResults`
 * @throws {import('../errors.js').SignatureError} the reply cannot be trusted
 * @throws {import('../errors.js').ReplyMismatchError} the reply is about something else
 */
export async function openReport(response, account, given) {
  const { reply, file, options } = await open(response, account, given);
  return file ? { reply, rows: reportRows(file, options) } : { reply, rows: null };
}

/** @typedef {{ reply: Reply, file: null, options: ReadOptions }} OpenedReply */
/** @typedef {{ reply: null, file: AsyncGenerator<Uint8Array, void, undefined>, options: ReadOptions }} OpenedFile */

/**
 * Distinguishes answers by their first character: JSON, or a file, but not the HTML page of a proxy.
 * @param {Response} response
 * @param {Account} account
 * @param {AnswerOptions} given
 * @returns {Promise<OpenedReply | OpenedFile>}
 */
async function open(response, account, given) {
  const { request, ...options } = readOptions(given, ['request', ...READING]);
  /** @type {AsyncGenerator<Uint8Array, void, undefined>} */
  const pieces = bindToSource(response, readPieces(response, options.signal));
  /** @type {Uint8Array[]} */
  const begun = [];
  try {
    checkStatus(response);
    while (begun.length < 1024) {
      const { value } = await pieces.next();
      if (!value) break;
      if (!ArrayBuffer.isView(value)) throw unreadable();
      begun.push(value);
      // In UTF-8 only these characters themselves contain such a byte; a byte order mark does not.
      const first = value.find((byte) => byte > 0x20 && ![0xef, 0xbb, 0xbf].includes(byte));
      if (first === 0x3c) break;
      if (first === undefined) continue;
      const file = concatenate(begun, pieces);
      if (first !== 0x7b) return { reply: null, file, options };
      const json = await readWhole(() => file.next());
      return { reply: openReply(json, account, { request }), file: null, options };
    }
    throw unreadable();
  } catch (error) {
    // Not awaited: a stuck connection would never end.
    pieces.return().catch(() => {});
    throw error;
  }
}
