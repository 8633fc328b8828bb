// Writes batch files: takes operations and returns the bytes of a CSV file, checked row by row and never held as a whole.

import { issue, ValidationError } from '../errors.js';
import { CARD_DATA } from '../generated/parameters.js';
import { findBadNumbers, readOptions } from '../message/options.js';
import { Copied } from '../message/params.js';
import { judge } from '../message/validate.js';
import { pause } from '../net/http.js';
import { writeRow } from './row.js';
import { bindToSource, createStream, readPieces } from './source.js';

/** @typedef {import('../errors.js').Issue} Issue */
/** @typedef {import('../message/read.js').Params} Params */
/** @typedef {string | Tree[] | { [name: string]: Tree }} Tree text, lists and objects: all that APS knows */
/** @typedef {import('./csv.js').Progress} Progress */

/**
 * @typedef {object} WriteOptions
 * @property {readonly string[]} [columns] the names of the header, in any order; if left out, the parameters of the
 *   first valid operation
 * @property {'stop' | 'collect' | ((error: ValidationError, row: number) => void)} [onInvalid] how to treat rows
 *   with errors. `'stop'`, the default: the first one ends the file, with everything that is wrong with it. `'collect'`: all
 *   operations are read, then the file ends with one error that lists up to 1,000 issues of all rows. A function is called
 *   with each, and the row is left out of the file.
 * @property {(progress: Progress) => void} [onProgress] called for every chunk of about 64 KiB, and once at the end
 * @property {number} [maxBytes] ends the file with an error if it is longer; no limit if left out, though APS takes
 *   50 MB at a time (paymentservices.amazon.com, batch API)
 * @property {AbortSignal} [signal] gives up
 */
/**
 * How a file is written, and its rows are checked.
 * @typedef {Omit<import('../message/validate.js').ValidateOptions, 'payment'> & WriteOptions} BatchOptions
 */

/** The commands of a batch (docs.payfort.com, batch service and batch invoicing). */
const OPERATIONS = ['PURCHASE', 'CAPTURE', 'REFUND', 'VOID_AUTHORIZATION'];
const INVOICES = ['PAYMENT_LINK'];
/** Characters that no line may contain: some readers would end it there. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are rejected
const CONTROL = /[\0-\x1f\x7f\x85\u2028\u2029]/;
const NAME = /^\w{1,100}$/;
const PIECE = 65_536;
const MOST_ISSUES = 1000;

/**
 * Writes a batch file for UPLOAD_BATCH_FILE: a header of parameter names, then a line for each operation. Rows are made
 * as the stream is read, so that any number of them needs the memory of a few.
 *
 * An operation is a plain object of APS parameters with its `command`: PURCHASE with `eci` RECURRING and `token_name`,
 * CAPTURE, REFUND and VOID_AUTHORIZATION, in any mixture; or with `service_command` PAYMENT_LINK, in a file of its own.
 * Amounts are an `Amount`, or minor units as digits or bigint. What the account supplies is not needed: the upload
 * itself is signed.
 *
 * APS documents neither the columns nor the dialect of the file, only that the merchant chooses the order of fields
 * and that a wrong header is rejected (docs.payfort.com, batch service; message 142). That the header has parameter names
 * is inferred, from APS's own results, whose lines count a header, and from the name of that message. APS
 * also requires each `merchant_reference` of a batch to be unique. Only APS checks that, since it would take all rows in
 * memory here.
 * @param {AsyncIterable<Params> | Iterable<Params> | ReadableStream<Params>} operations
 * @param {BatchOptions} [given]
 * @returns {ReadableStream<Uint8Array>} UTF-8, lines end with LF. It fails with a ValidationError whose issues have
 *   `row`, counted from 1, for rows that are wrong, for no rows and for a file above `maxBytes`; with a TransportError
 *   `aborted`; with whatever `operations` throws
 * @throws {ValidationError} for invalid options
 */
export function writeBatch(operations, given) {
  const options = readOptions(given, ['columns', 'onInvalid', 'onProgress', 'maxBytes'], (options) =>
    findBadNumbers(options, ['maxBytes']),
  );
  const { columns, onInvalid = 'stop', maxBytes = Number.MAX_SAFE_INTEGER } = options;
  const header = columns === undefined ? undefined : headerOf(columns);
  if (onInvalid !== 'stop' && onInvalid !== 'collect' && typeof onInvalid !== 'function') {
    throw refusal('onInvalid', 'not_allowed', 'onInvalid must be stop, collect or a function.');
  }
  const rules = { ...options, payment: undefined };
  // Options are rejected now, not with the first row.
  judge('CAPTURE', new Copied({}), rules);
  const limits = { ...options, onInvalid, maxBytes };
  return createStream((stop) => bindToSource(operations, writePieces(operations, header, rules, limits, stop)));
}

/**
 * @param {string} parameter
 * @param {string} code
 * @param {string} message
 */
const refusal = (parameter, code, message) => new ValidationError([issue(parameter, code, message)]);

/** @typedef {{ names: readonly string[], selector: string }} Header */

/**
 * @param {readonly string[]} columns
 * @returns {Header}
 */
function headerOf(columns) {
  const names = Array.isArray(columns) ? [...columns] : [];
  const isFine = names.length > 0 && names.every((name) => typeof name === 'string' && NAME.test(name));
  if (!isFine || names.includes('__proto__') || new Set(names).size < names.length) {
    throw refusal('columns', 'bad_format', 'columns must be a list of different parameter names.');
  }
  const [selector, other] = ['command', 'service_command'].filter((name) => names.includes(name));
  if (selector === undefined || other !== undefined) {
    throw refusal('columns', 'missing', 'columns must have either command or service_command.');
  }
  return { names, selector };
}

/**
 * @param {unknown} operations
 * @param {Header | undefined} given
 * @param {object} rules
 * @param {BatchOptions & { maxBytes: number }} options
 * @param {AbortSignal} stop aborts when the file is no longer read
 * @returns {AsyncGenerator<Uint8Array, void, undefined>}
 */
async function* writePieces(operations, given, rules, { onInvalid, onProgress, maxBytes, signal }, stop) {
  const encoder = new TextEncoder();
  /** @type {Issue[]} */
  const collected = [];
  let header = given;
  let text = header === undefined ? '' : writeRow(header.names);
  let [read, rows, bytes] = [0, 0, 0];
  const piece = () => {
    const encoded = encoder.encode(text);
    text = '';
    bytes += encoded.length;
    if (bytes > maxBytes) throw refusal('file', 'too_long', `The file is longer than ${maxBytes} bytes.`);
    onProgress?.({ rows, bytes });
    return encoded;
  };
  for await (const operation of readPieces(operations, signal, stop)) {
    read += 1;
    const copied = new Copied(operation);
    const { params } = copied;
    const under = header ?? firstHeader(params);
    const issues = findRowIssues(copied, params, under, rules);
    if (issues.length > 0) {
      const row = read;
      const numbered = issues.map((one) => ({ ...one, row, message: `${nameOfRow(row, rules)} ${one.message}` }));
      if (onInvalid === 'stop') throw new ValidationError(numbered);
      if (typeof onInvalid === 'function') onInvalid(new ValidationError(numbered), row);
      else collected.push(...numbered);
      if (collected.length >= MOST_ISSUES) break;
      continue;
    }
    // A file that will fail is not continued.
    if (collected.length > 0) continue;
    if (header === undefined) {
      header = under;
      text = writeRow(header.names);
    }
    text += writeRow(
      header.names.map((name) => (Object.hasOwn(params, name) ? /** @type {string} */ (params[name]) : '')),
    );
    rows += 1;
    if (text.length < PIECE) continue;
    yield piece();
    // Operations in memory would otherwise block everything else, even the code that aborts the signal.
    await pause(0, stop);
  }
  if (collected.length > 0) throw new ValidationError(collected.slice(0, MOST_ISSUES));
  if (rows === 0) throw refusal('operations', 'missing', 'There is no operation to write.');
  if (text !== '') yield piece();
}

/**
 * @param {number} row
 * @param {{ language?: unknown }} rules
 */
const nameOfRow = (row, { language }) => (language === 'ar' ? `السطر ${row}:` : `Row ${row}:`);

/**
 * The header for an operation: its command, then its parameters in their order.
 * @param {{ [name: string]: Tree }} params
 * @returns {Header}
 */
function firstHeader(params) {
  const names = Object.keys(params);
  const selector = names.includes('service_command') ? 'service_command' : 'command';
  return { names: [selector, ...names.filter((name) => name !== selector && NAME.test(name))], selector };
}

/**
 * Everything that keeps a row from being written.
 * @param {Copied} copied
 * @param {{ [name: string]: Tree }} params the same
 * @param {Header} header
 * @param {object} rules
 * @returns {Issue[]}
 */
function findRowIssues(copied, params, { names, selector }, rules) {
  const command = params[selector];
  const allowed = selector === 'command' ? OPERATIONS : INVOICES;
  if (command === undefined) {
    return [issue(selector, 'missing', `${selector} is missing: one of ${allowed.join(', ')}.`)];
  }
  if (typeof command !== 'string' || !allowed.includes(command)) {
    return [issue(selector, 'not_allowed', `In a batch file, ${selector} must be one of ${allowed.join(', ')}.`)];
  }
  const issues = judge(command, copied, rules).filter(({ severity }) => severity === 'error');
  if (command === 'PURCHASE' && params.eci !== 'RECURRING') {
    const code = params.eci === undefined ? 'missing' : 'not_allowed';
    issues.push(issue('eci', code, 'A PURCHASE in a batch must be recurring: eci must be RECURRING.'));
  }
  for (const [name, value] of Object.entries(params)) {
    // A batch pays by `token_name`: the tables of recurring payments have no card data, and a file must not hold any.
    if (CARD_DATA.some((own) => own === name)) {
      issues.push(issue(name, 'not_allowed', `${name} is not allowed in a batch file, which pays by token_name.`));
    } else if (typeof value !== 'string') {
      issues.push(issue(name, 'bad_format', `${name} must be text in a batch file.`));
    } else if (CONTROL.test(value)) {
      issues.push(issue(name, 'bad_character', `${name} has a line end or another control character.`));
    }
    if (!names.includes(name)) {
      issues.push(issue(name, 'not_allowed', `${name} is not among the columns of the file.`));
    }
  }
  return issues;
}
