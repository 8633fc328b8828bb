// Turns messages from APS, in any form, into the fields that Rust reads.

import { callOn } from '../core/instance.js';
import { issue, SignatureError, ValidationError } from '../errors.js';
import { MAX_BYTES } from '../generated/parameters.js';
import { nameOfForeign } from './foreign.js';
import { Copied } from './params.js';
import { judge } from './validate.js';

/**
 * A value of a parameter: text, a whole number, an `Amount` (for amount parameters), or objects and lists of them.
 * @typedef {string | bigint | number | import('../money/amount.js').Amount | { [name: string]: ParamValue } | readonly ParamValue[]} ParamValue
 */

/** @typedef {{ [name: string]: ParamValue | null | undefined }} Params APS parameters by APS's names */

/**
 * A message from APS, as it arrived: JSON or form-encoded text, its bytes, or what a framework parsed.
 * @typedef {string | ArrayBuffer | ArrayBufferView | URLSearchParams | FormData | Params} Message
 */

const TOO_LONG = 'The message is longer than 1 MiB.';
const URL_GIVEN = 'The message is a URL: give what follows its question mark, new URL(url).searchParams.';

/**
 * The names are those of `ReadError` (`src/message/mod.rs`).
 * @type {Readonly<Record<string, string>>}
 */
const REASONS = {
  empty: 'It is empty.',
  malformed: 'It is neither a JSON object nor form-encoded, or it was cut short.',
  not_text: 'It is not UTF-8 text, or holds a NUL or half a character.',
  repeated: 'A name is repeated.',
  too_deep: 'It is nested deeper than 16 levels.',
  too_long: 'It is longer than 1 MiB.',
};

/**
 * Why a message cannot be read.
 * @param {string} name of a `ReadError`
 * @returns {string} a sentence
 */
export const reasonOf = (name) => REASONS[name] ?? '';

/**
 * Any parameters, copied exactly as given, for messages that are not our requests.
 * @param {unknown} params
 * @returns {Copied}
 * @throws {ValidationError} naming every part that is rejected
 */
export function copyExactly(params) {
  const copied = new Copied(params, { exact: true });
  if (copied.refused.length === 0) return copied;
  throw new ValidationError(judge('', copied).filter(({ code }) => code !== 'unknown_command'));
}

/** From any realm: test runners have one of their own. @param {unknown} value @returns {value is ArrayBuffer} */
const isBuffer = (value) => /^\[object (?:Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));

/** The readers of forms, by tag. */
const READERS = new Map([
  ['[object FormData]', /** @type {const} */ ('read_form_data')],
  ['[object URLSearchParams]', /** @type {const} */ ('read_search_params')],
]);

/** The reader of a form of any class: `undici` has its own. @param {any} value */
const readerOf = (value) => {
  const reader = READERS.get(Object.prototype.toString.call(value));
  return reader !== undefined && typeof value.entries === 'function' ? reader : undefined;
};

/** @param {string} why */
const unreadable = (why) => new ValidationError([issue('message', 'bad_format', why)]);

/**
 * A message that a framework parsed, as a record.
 * @param {'read_form_data' | 'read_search_params'} reader
 * @param {any} form
 * @returns {string}
 * @throws {ValidationError} for one invalid part: there may be a million more
 */
function recordOfForm(reader, form) {
  const { record, refused } = callOn(reader, form);
  if (refused) throw new ValidationError([issue(refused.parameter, refused.code, refused.message)]);
  return record;
}

/** Without the byte order mark that some editors and tools put first. @param {string} text */
const withoutMark = (text) => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

/** @param {string} text */
function withoutLineEnds(text) {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end -= 1;
  return text.slice(0, end);
}

/** A body as its fields, without the byte order mark and line ends around it, which are not signed. @param {string} text */
const bodyFields = (text) => `\0${withoutLineEnds(withoutMark(text))}`;

/**
 * A hint about a message that does not verify: an object that a framework parsed may differ from the body.
 * @param {unknown} message
 * @returns {string | undefined}
 */
export function parsedHint(message) {
  const isRaw = typeof message !== 'object' || ArrayBuffer.isView(message) || isBuffer(message) || readerOf(message);
  return isRaw ? undefined : PARSED;
}
const PARSED = 'It was parsed before it came here, which may have changed it: give the text or the bytes of the body.';

/**
 * A message as the last fields of a call: an empty one and its text, or `1` and its parameters.
 * @param {unknown} message
 * @returns {string}
 * @throws {ValidationError} when it cannot be read
 */
export function messageFields(message) {
  if (typeof message === 'string') {
    if (message.length > MAX_BYTES) throw unreadable(TOO_LONG);
    if (message.startsWith('https://') || message.startsWith('http://')) throw unreadable(URL_GIVEN);
    // A lone surrogate would turn into another character on its way to Rust.
    if (message.isWellFormed()) return bodyFields(message);
  } else if (ArrayBuffer.isView(message) || isBuffer(message)) {
    if (message.byteLength > MAX_BYTES) throw unreadable(TOO_LONG);
    try {
      return bodyFields(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(message));
    } catch {
      // Reported below.
    }
  } else {
    const reader = readerOf(message);
    if (reader) return `1\0${recordOfForm(reader, message)}`;
    const what = nameOfForeign(message);
    if (what !== undefined) throw unreadable(`The message is ${what}`);
    return `1\0${copyExactly(message).record}`;
  }
  throw unreadable('The message is not UTF-8 text.');
}

/**
 * The fields of a reply or a notification.
 * @param {unknown} message
 * @returns {string}
 * @throws {SignatureError} `unreadable`
 */
export function replyFields(message) {
  try {
    return messageFields(message);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const [first] = error.issues;
    throw new SignatureError('unreadable', first?.parameter === 'message' ? first.message : parsedHint(message));
  }
}
