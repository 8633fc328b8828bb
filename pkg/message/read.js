// From the caller's parameters to the JSON text that crosses into Rust. The fast path takes what nearly every request
// is: a plain object of text. Everything else is walked in Rust, which reports all that is refused.

import { issue, ValidationError } from '../errors.js';
import { walk } from './params.js';
import { check } from './validate.js';

/**
 * A value of a parameter: text, a whole number, an `Amount` (for amount parameters), or objects and lists of them.
 * @typedef {string | bigint | number | import('../money/amount.js').Amount | { [name: string]: ParamValue } | readonly ParamValue[]} ParamValue
 */

/** @typedef {{ [name: string]: ParamValue | null | undefined }} Params APS parameters by APS's names */

/** A message from APS, as it arrived: JSON or form-encoded text, its bytes, or what a framework made of it. */
/** @typedef {string | ArrayBuffer | ArrayBufferView | URLSearchParams | FormData | Params} Message */

const AMOUNT = /* @__PURE__ */ Symbol.for('aps-payops.Amount');
// Longer text is walked, and reported by name if it is too long.
const LONGEST = 65_536;

/** As much as a message may have: 1 MiB. What is longer is refused before it takes as much memory in Rust. */
const LONGEST_MESSAGE = 1 << 20;

const TOO_LONG = 'The message cannot be read: too_long.';

/** What `JSON.stringify` would escape, or what takes more than a byte. */
const SPECIAL = /[^ !#-[\]-~]/;

/**
 * How a name is written: in JSON, after a comma, and packed, as its place among the parameters of a command.
 * @typedef {{ json: string, tag: string }} Written
 */

/** Names seen. Few, and never more than this many: names may be anything. @type {Map<string, Written>} */
const names = new Map();
const MOST_NAMES = 512;

/**
 * @param {string} name
 * @returns {Written | undefined} nothing for one that has to be refused
 */
function writtenName(name) {
  if (!name.isWellFormed()) return undefined;
  const written = { json: `,${JSON.stringify(name)}:`, tag: '' };
  if (names.size < MOST_NAMES) names.set(name, written);
  return written;
}

let packed = '';

/** What the last `flatMembers` found, packed: for each parameter its place and its value. */
export const packedMembers = () => packed;

/**
 * A number below 4,096 as two characters of ASCII, as `src/dictionary/packed.rs` reads it.
 * @param {number} number
 */
export const packNumber = (number) => String.fromCharCode(0x20 + (number >> 6), 0x20 + (number & 0x3f));

/** The lengths in bytes that text has when it is packed; no parameter needs more. */
const LENGTHS = /* @__PURE__ */ Array.from({ length: 1024 }, (_, length) => packNumber(length));

/**
 * Text led by its length, packed; null if it is too long for that.
 * @param {string} text
 * @returns {string | null}
 */
export function packText(text) {
  const length = LENGTHS[new TextEncoder().encode(text).length];
  return length === undefined ? null : length + text;
}

/**
 * The members of plain parameters as JSON text, each after a comma; null for parameters that have to be walked. Built by
 * hand, since that takes half the time of `JSON.stringify`.
 * @param {unknown} params
 * @param {ReadonlyMap<string, Written> | null} places the only names to take, packed as well; or any names
 * @param {boolean} [exact] keep what is empty
 * @returns {string | null}
 */
export function flatMembers(params, places, exact = false) {
  if (typeof params !== 'object' || params === null) return null;
  const prototype = Object.getPrototypeOf(params);
  if (prototype !== Object.prototype && prototype !== null) return null;
  const given = /** @type {Record<string, unknown>} */ (params);
  let text = '';
  let pack = '';
  /** @type {string | undefined} */
  let currency;
  /** @type {string | undefined} */
  let amountCurrency;
  // `in` also sees what others added to Object.prototype, which is then refused by name.
  for (const name in given) {
    const property = Object.getOwnPropertyDescriptor(given, name);
    // Not its own, or an accessor, whose value could be another one when read again.
    if (property?.writable === undefined) return null;
    let { value } = property;
    if (typeof value !== 'string') {
      if (value === undefined || value === null) continue;
      if (name !== 'amount' || value[AMOUNT] !== true) return null;
      amountCurrency = value.currency;
      value = String(value.minor);
    } else if (value === '' && !exact) {
      continue;
    }
    if (name === 'currency') currency = value;
    const written = places === null ? (names.get(name) ?? writtenName(name)) : places.get(name);
    if (written === undefined || name === '__proto__' || value.length > LONGEST) return null;
    const isPlain = !SPECIAL.test(value);
    if (isPlain) text += `${written.json}"${value}"`;
    else if (value.isWellFormed()) text += written.json + JSON.stringify(value);
    else return null;
    if (places === null) continue;
    // Of plain text the length in bytes is known.
    const length = isPlain ? LENGTHS[value.length] : packText(value)?.slice(0, 2);
    if (length === undefined) return null;
    pack += written.tag + length + value;
  }
  if (amountCurrency !== undefined && amountCurrency !== currency) {
    const written = places === null ? writtenName('currency') : places.get('currency');
    // Another copy of this package may have made it.
    if (currency !== undefined || written === undefined || !/^[A-Z]{3}$/.test(amountCurrency)) return null;
    text += `${written.json}"${amountCurrency}"`;
    pack += written.tag + packText(amountCurrency);
  }
  packed = pack;
  return text;
}

/**
 * Plain parameters as JSON text; null for those that Rust has to walk.
 * @param {unknown} params
 * @param {boolean} [exact] keep what is empty
 * @returns {string | null}
 */
export function flatten(params, exact) {
  const members = flatMembers(params, null, exact);
  return members === null ? null : `{${members.slice(1)}}`;
}

/**
 * Any parameters as JSON text, exactly as given: for signing what is no request of ours.
 * @param {unknown} params
 * @returns {string}
 * @throws {ValidationError} naming every part that is refused
 */
export function exactText(params) {
  const { params: tree, refused } = walk(params, true);
  if (refused.length > 0) {
    throw new ValidationError(check('', { params: {}, refused }).filter(({ code }) => code !== 'unknown_command'));
  }
  return JSON.stringify(tree);
}

/** Of whatever realm: test runners have one of their own. @param {unknown} value @returns {value is ArrayBuffer} */
const isBuffer = (value) => /^\[object (?:Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));

/** Of whatever class: `undici` has its own. @param {any} value @returns {value is URLSearchParams | FormData} */
const isForm = (value) =>
  /^\[object (?:URLSearchParams|FormData)\]$/.test(Object.prototype.toString.call(value)) &&
  typeof value.entries === 'function';

/** @param {string} why */
const unreadable = (why) => new ValidationError([issue('message', 'bad_format', why)]);

/** @param {string} text what form encoding does not use for itself stands for itself (`src/message/form.rs`) */
const escaped = (text) => text.replace(/[%&+]/g, encodeURIComponent).replaceAll(' ', '+');

/**
 * What a framework made of a message, as text again. It is form-encoded with as little escaped as can be, or JSON where
 * that alone is short enough: so it is too long only if it would have been in any encoding.
 * @param {Iterable<[string, unknown]>} entries
 * @returns {string}
 * @throws {ValidationError} for the first part that is refused: whoever sent it may have sent a million more
 */
function textOfEntries(entries) {
  /** @type {Map<string, string>} */
  const members = new Map();
  let least = -1;
  for (const [name, value] of entries) {
    if (name.length > LONGEST_MESSAGE) throw unreadable(TOO_LONG);
    const refuse = (/** @type {string} */ code, /** @type {string} */ why) =>
      new ValidationError([issue(name.slice(0, 200).toWellFormed(), code, why)]);
    if (typeof value !== 'string') throw refuse('bad_format', 'A message has text, not files.');
    // With what parts it from the one before.
    least += name.length + value.length + 1;
    if (least > LONGEST_MESSAGE) throw refuse('not_allowed', 'The message is longer than 1 MiB.');
    if (!name.isWellFormed() || !value.isWellFormed()) throw refuse('bad_character', 'Half a character is no text.');
    if (members.has(name)) throw refuse('conflict', 'The message has this name twice.');
    members.set(name, value);
  }
  if (members.size === 0) return '{}';
  const pairs = Array.from(members, ([name, value]) => {
    const written = escaped(name).replaceAll('=', '%3D');
    return value === '' && name !== '' ? written : `${written}=${escaped(value)}`;
  });
  // At the beginning, these would make it another kind of message.
  const form = pairs.join('&').replace(/^[?{<["\s]/, encodeURIComponent);
  if (form.length * 3 <= LONGEST_MESSAGE || new TextEncoder().encode(form).length <= LONGEST_MESSAGE) return form;
  const written = Array.from(members, ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${written.join(',')}}`;
}

/**
 * A message as text.
 * @param {unknown} message
 * @returns {string}
 * @throws {ValidationError} when it cannot be read
 */
export function messageText(message) {
  if (typeof message === 'string') {
    if (message.length > LONGEST_MESSAGE) throw unreadable(TOO_LONG);
    // Half a surrogate pair would turn into another character on its way into Rust.
    if (message.isWellFormed()) return message;
  } else if (ArrayBuffer.isView(message) || isBuffer(message)) {
    if (message.byteLength > LONGEST_MESSAGE) throw unreadable(TOO_LONG);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(message);
    } catch {
      // Reported below.
    }
  } else if (isForm(message)) {
    return textOfEntries(message.entries());
  } else {
    return exactText(message);
  }
  throw unreadable('The message is not UTF-8 text.');
}
