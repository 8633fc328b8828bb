// From the caller's parameters to the JSON text that crosses into Rust. The fast path takes what nearly every request
// is: a plain object of text. Everything else is walked in Rust, which reports all that is refused.

import { core } from './binding.js';
import { ValidationError } from './errors.js';

/**
 * A value of a parameter: text, a whole number, an `Amount` (for amount parameters), or objects and lists of them.
 * @typedef {string | bigint | number | import('./amount.js').Amount | { [name: string]: ParamValue } | readonly ParamValue[]} ParamValue
 */

/** @typedef {{ [name: string]: ParamValue | null | undefined }} Params APS parameters by APS's names */

/** A message from APS, as it arrived: JSON or form-encoded text, its bytes, or what a framework made of it. */
/** @typedef {string | ArrayBuffer | ArrayBufferView | URLSearchParams | FormData | Params} Message */

const AMOUNT = /* @__PURE__ */ Symbol.for('aps-payops.Amount');
// Longer text is reported by name; no parameter of APS holds so much.
const LONGEST = 65_536;

/** What `JSON.stringify` would escape, or what takes more than a byte. */
const SPECIAL = /[^ !#-[\]-~]/;

/** Names seen, as JSON text. Few, and never more than this many: names may be anything. @type {Map<string, string>} */
const names = new Map();
const MOST_NAMES = 512;

/** @param {string} name */
function nameText(name) {
  const text = `,${JSON.stringify(name)}:`;
  if (names.size < MOST_NAMES) names.set(name, text);
  return text;
}

/**
 * The members of plain parameters as JSON text, each after a comma; null for parameters that Rust has to walk. Built
 * by hand, since that takes half the time of `JSON.stringify`.
 * @param {unknown} params
 * @param {ReadonlySet<string> | null} supplied names that the account supplies: what is given of them must agree, so
 * they are walked too
 * @param {boolean} [exact] keep what is empty
 * @returns {string | null}
 */
export function flatMembers(params, supplied, exact = false) {
  if (typeof params !== 'object' || params === null) return null;
  const prototype = Object.getPrototypeOf(params);
  if (prototype !== Object.prototype && prototype !== null) return null;
  const given = /** @type {Record<string, unknown>} */ (params);
  let text = '';
  /** @type {string | undefined} */
  let currency;
  /** @type {string | undefined} */
  let amountCurrency;
  // `in` also sees what others added to Object.prototype, which is then refused by name.
  for (const name in given) {
    const property = Object.getOwnPropertyDescriptor(given, name);
    // Not its own, or an accessor, whose value could be another one when read again.
    if (property === undefined || property.get !== undefined || property.set !== undefined) return null;
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
    if (value.length > LONGEST || supplied?.has(name) || name === '__proto__') return null;
    if (!SPECIAL.test(value)) text += `${names.get(name) ?? nameText(name)}"${value}"`;
    else if (value.isWellFormed() && name.isWellFormed()) text += (names.get(name) ?? nameText(name)) + JSON.stringify(value);
    else return null;
  }
  if (amountCurrency === undefined) return text;
  if (currency === undefined) return `${text},"currency":"${amountCurrency}"`;
  return currency === amountCurrency ? text : null;
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
  return refusing(() => core().normalize(params));
}

/**
 * Parameters of a request as JSON text: amounts as digits, empty values left out.
 * @param {unknown} params
 * @returns {string}
 * @throws {ValidationError} naming every part that is refused
 */
export function requestText(params) {
  return refusing(() => core().request_params(params));
}

/**
 * A message as text.
 * @param {unknown} message
 * @returns {string}
 * @throws {ValidationError} when it cannot be read
 */
export function messageText(message) {
  if (typeof message === 'string') {
    // Half a surrogate pair would turn into another character on its way into Rust.
    if (message.isWellFormed()) return message;
  } else if (ArrayBuffer.isView(message) || message instanceof ArrayBuffer) {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(message);
    } catch {
      // Reported below.
    }
  } else {
    return exactText(message);
  }
  throw new ValidationError([
    { parameter: 'message', code: 'bad_format', severity: 'error', message: 'The message is not UTF-8 text.', source: 'aps-payops' },
  ]);
}

/**
 * @param {() => string} call what throws issues as JSON text
 * @returns {string}
 */
function refusing(call) {
  try {
    return call();
  } catch (thrown) {
    if (typeof thrown === 'string') throw new ValidationError(JSON.parse(thrown));
    throw thrown;
  }
}
