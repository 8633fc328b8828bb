// The one call: writes a flat record into the memory of the wasm, and reads one there (`src/message/flat.rs`).

import { issue, redactIssues, ValidationError } from '../errors.js';
import { MAX_BYTES } from '../generated/parameters.js';
import { call, core } from './instance.js';
import { decode, encodeInto } from './utf8.js';

/** @typedef {import('../errors.js').Issue} Issue */

/** Marks of structures in a record, and of the end of parameters that are followed by something else. */
export const OBJECT = '\x01{\0';
export const OBJECT_END = '\x01}\0';
export const LIST = '\x01[\0';
export const LIST_END = '\x01]\0';
export const END = '\x01.\0';

const MOST = 1 << 22;

/** The instance whose memory `view` shows: another instance has its arguments elsewhere. @type {unknown} */
let owner;
let view = new Uint8Array(0);
/** The first bytes of `view`, for the most frequent answers: 64 digits of SHA-256. 2 % of a request. */
let first = view;

/** Separates the fields of a record. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are rejected
const CONTROL = /[\0\x01]/;

/**
 * Whether a value can be part of a record as it is.
 * @param {unknown} text
 * @returns {text is string}
 */
export const isText = (text) => typeof text === 'string' && text.isWellFormed() && !CONTROL.test(text);

/**
 * Writes a record where a call reads it.
 * @param {string} record well-formed
 * @returns {number} its length in bytes
 * @throws {ValidationError} `too_long`
 */
export function write(record) {
  // Longer than anything that may be signed or verified: 1 MiB, and phrases.
  if (record.length > MOST)
    throw new ValidationError([issue('message', 'too_long', 'The message is longer than 1 MiB.')]);
  const most = record.length * 3;
  // When the memory grows it gets a new buffer, and the length of the old view becomes 0.
  if (core() !== owner || view.length < most) show(Math.max(most, 16_384));
  return encodeInto(record, view);
}

/**
 * Reads the answer to a call from the memory.
 * @param {number} length in bytes
 * @returns {string}
 */
export function read(length) {
  if (length === first.length) return decode(first);
  // The memory may have grown during the call.
  if (view.length < length) show(length);
  const answer = view.subarray(0, length);
  const text = decode(answer);
  // A reply may hold a card number.
  answer.fill(0);
  return text;
}

/**
 * Makes `view` show a number of bytes.
 * @param {number} bytes
 */
function show(bytes) {
  // Reserving may make the memory grow, so its buffer is read afterwards.
  const start = call('reserve', bytes);
  const wasm = core();
  view = new Uint8Array(wasm.memory.buffer, start, bytes);
  first = view.subarray(0, 64);
  owner = wasm;
}

/**
 * Asks a call.
 * @param {'build' | 'card_brand' | 'command_info' | 'decide' | 'open' | 'outcome' | 'payment' | 'sign' | 'validate'} name
 * @param {string} record
 * @returns {string}
 */
export function ask(name, record) {
  const length = write(record);
  return read(call(name, length));
}

/**
 * @param {readonly unknown[]} values text, numbers, bigints and booleans; undefined and null are empty, and anything
 *   else reads `{}`
 * @returns {string} fields; a control character that would end one becomes its neighbour, which is rejected in the same
 *   places
 */
export const fieldsOf = (values) => values.map(fieldOf).join('\0');

/** @param {unknown} value */
function fieldOf(value) {
  if (typeof value === 'string' && value.length <= MAX_BYTES && !CONTROL.test(value)) return value;
  if (/^(o|f|sy)/.test(typeof (value ?? ''))) return '{}';
  // Longer text is cut here, and still rejected for its length, under its own name.
  const text = String(value ?? '').slice(0, MAX_BYTES);
  return text.replaceAll('\0', '\x02').replaceAll('\x01', '\x02');
}

/**
 * A list of arguments, preceded by their number.
 * @param {readonly unknown[]} values
 * @returns {string} each field with its end
 */
export const listOf = (values) => (values.length === 0 ? '0\0' : `${values.length}\0${fieldsOf(values)}\0`);

/**
 * @param {string} text issues as Rust writes them
 * @returns {Issue[]}
 */
export function issuesFrom(text) {
  const issues = text
    .split('\x01')
    .slice(0, -1)
    .map((one) => {
      const [parameter, code, severity, message, source, ...facts] = one.split('\0');
      const issue = /** @type {Issue} */ ({ parameter, code, severity, message, source });
      for (let place = 0; place + 1 < facts.length; place += 2) {
        const name = facts[place] ?? '';
        const value = facts[place + 1] ?? '';
        if (name[0] === '#') issue[name.slice(1)] = Number(value);
        else issue[name] = value;
      }
      return issue;
    });
  return redactIssues(issues);
}
