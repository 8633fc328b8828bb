// The flat text in which the shared calls take their arguments and answer (`src/message/flat.rs`).

import { presentable } from '../errors.js';
import { call as callWasm } from './instance.js';
import { read, write } from './memory.js';

/** @typedef {import('../errors.js').Issue} Issue */

/** In characters; what is cut there is refused for its length, under its own name. */
const LONGEST = 1 << 20;

/**
 * @param {readonly unknown[]} values text, numbers, bigints and booleans; undefined and null are nothing, and anything
 *   else reads `{}`
 * @returns {string} fields; a control character that would end one becomes its neighbour, refused in the same places
 */
export function fieldsOf(values) {
  return values
    .map((value) =>
      (/^(o|f|sy)/.test(typeof (value ?? '')) ? '{}' : String(value ?? '').slice(0, LONGEST))
        .replaceAll('\0', '\x02')
        .replaceAll('\x01', '\x02'),
    )
    .join('\0');
}

/**
 * @param {readonly unknown[]} values
 * @returns {unknown[]} the values, led by their number
 */
export const listed = (values) => [values.length, ...values];

/**
 * Asks a shared call.
 * @param {'card_brand' | 'outcome' | 'payment' | 'validate'} call
 * @param {readonly unknown[]} values
 * @returns {string}
 */
export function ask(call, values) {
  const length = write(fieldsOf(values));
  return read(callWasm(call, length));
}

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
  return presentable(issues);
}
