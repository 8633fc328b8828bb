// Copies the caller's parameters once: into the flat record that Rust checks and signs and, from the same strings, into the
// JSON text that is sent. Values that cannot be sent are collected for Rust to report.

import { isText, LIST, LIST_END, OBJECT, OBJECT_END } from '../core/call.js';
import { AMOUNT } from '../core/realms.js';
import { MAX_BYTES, MONEY, PAYMENTS, SELECTORS } from '../generated/parameters.js';

const DEPTH = 16;
/** The most parts: more than any message of APS has. */
const MOST = 1 << 14;

/** Characters that `JSON.stringify` escapes, or that take more than a byte. */
const SPECIAL = /[^ !#-[\]-~]/;
const LINE_END = /\r\n?|\n/g;

/** Paths of amount parameters. */
const MONEY_PATHS = /* @__PURE__ */ new Set(/** @type {readonly string[]} */ (MONEY));

/**
 * A rejected value: its path, the code of the issue, and a detail: what was expected instead, a limit, a position.
 * @typedef {[path: string, code: string, expected: string]} Refusal
 */

/**
 * How parameters are copied. `exact`: empty values are kept, for signing other messages than our requests; `isForm`: text
 * as a browser posts it; `supplied`: names that the call supplies by itself; they are checked and not sent.
 * @typedef {{ exact?: boolean, isForm?: boolean, supplied?: ReadonlySet<string> }} CopyOptions
 */

/**
 * Where the first character is that no text may hold: its position, from 1.
 * @param {string} text
 */
const badPosition = (text) => String([...text].findIndex((character) => !isText(character)) + 1);

/**
 * Parameters, copied.
 */
export class Copied {
  /** Name and value of each, as fields. */
  record = '';
  /** The same as members of a JSON object, each after a comma. */
  json = '';
  /** The record of the parameters that the call supplies by itself. */
  claims = '';
  /** The same by name; null for anything but text. @type {Readonly<Record<string, string | null>>} */
  claimed = {};
  /** @type {Refusal[]} */
  refused = [];
  /** Whether there was too much to read, so that some parameters are missing here. */
  isCut = false;

  #parts = 0;
  #characters = 0;
  #isForm;
  #isExact;
  /** That of the amounts. @type {string | undefined} */
  #currency;

  /**
   * @param {unknown} given
   * @param {CopyOptions} [options]
   */
  constructor(given, { exact = false, isForm = false, supplied } = {}) {
    this.#isForm = isForm;
    this.#isExact = exact;
    if (!isPlain(given)) {
      this.#refuse('params', 'bad_format', 'a plain object');
      return;
    }
    /** @type {unknown} */
    let currency;
    // `in` also covers inherited members, which JSON would leave out silently.
    for (const name in given) {
      const isPlainName = !SPECIAL.test(name);
      const property = this.#readProperty(given, name, name, isPlainName);
      if (property === undefined) {
        if (this.isCut) return;
        continue;
      }
      const { value } = property;
      if (value === undefined || value === null || (value === '' && !exact)) continue;
      if (supplied?.has(name)) this.#claim(name, value);
      else this.#writeMember(name, name, value, DEPTH - 1, isPlainName);
      if (name === 'currency') currency = value;
    }
    if (this.#currency === undefined) return;
    if (currency === undefined) this.#writeMember('currency', 'currency', this.#currency, DEPTH - 1);
    else if (currency !== this.#currency) this.#refuse('currency', 'conflict', 'amount');
  }

  /**
   * One more member.
   * @param {string} name
   * @param {string} text
   */
  add(name, text) {
    this.#writeMember(name, name, text, DEPTH - 1, !SPECIAL.test(name));
  }

  /** The members as an object. @returns {{ [name: string]: any }} */
  get params() {
    return JSON.parse(`{${this.json.slice(1)}}`);
  }

  /**
   * @param {string} path
   * @param {string} code
   * @param {string} expected
   */
  #refuse(path, code, expected) {
    this.refused.push([path.toWellFormed().slice(0, 200), code, expected]);
  }

  /**
   * Whether there is too much to read. Rejected once; nothing more is read then.
   * @param {string} path the path is repeated for each part
   * @param {number} length of its text
   */
  #isOver(path, length) {
    this.#parts += 1;
    this.#characters += path.length + length;
    if (!this.isCut && (this.#parts > MOST || this.#characters > MAX_BYTES)) {
      this.isCut = true;
      this.#refuse(path, 'too_long', String(MAX_BYTES));
    }
    return this.isCut;
  }

  /**
   * A member, unless the member itself is invalid.
   * @param {object} object
   * @param {string} name
   * @param {string} path
   * @param {boolean} isPlainName whether nothing in the name is special
   * @returns {PropertyDescriptor | undefined}
   */
  #readProperty(object, name, path, isPlainName) {
    const property = Object.getOwnPropertyDescriptor(object, name);
    if (property === undefined) {
      this.#refuse(path, 'not_allowed', 'a member of its own, not inherited');
    } else if (this.#isOver(path, name.length)) {
      return undefined;
    } else if (property.writable === undefined) {
      // A second reading could give another value.
      this.#refuse(path, 'not_allowed', 'a value, not an accessor');
    } else if (name === '__proto__') {
      this.#refuse(path, 'not_allowed', 'a parameter of APS');
    } else if (!isPlainName && !isText(name)) {
      this.#refuse(path, 'bad_character', badPosition(name));
    } else {
      return property;
    }
    return undefined;
  }

  /**
   * @param {string} name
   * @param {string} path
   * @param {unknown} value
   * @param {number} depth
   * @param {boolean} [isPlainName] whether nothing in the name is special
   */
  #writeMember(name, path, value, depth, isPlainName = true) {
    // Nearly everything that is sent: ASCII text in which nothing needs to be escaped.
    const isPlain = isPlainName && typeof value === 'string' && !SPECIAL.test(value);
    if (isPlain && !this.#isOver(path, value.length)) {
      this.record += `${name}\0${value}\0`;
      this.json += `,"${name}":"${value}"`;
      return;
    }
    this.record += `${name}\0`;
    this.json += isPlainName ? `,"${name}":` : `,${JSON.stringify(name)}:`;
    this.#writeValue(path, value, depth);
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  #claim(name, value) {
    const { record, json } = this;
    this.record = this.claims;
    this.#writeMember(name, name, value, DEPTH - 1);
    this.claims = this.record;
    this.record = record;
    this.json = json;
    // There are at most as many as there are names to supply.
    this.claimed = { ...this.claimed, [name]: typeof value === 'object' ? null : String(value) };
  }

  /**
   * @param {string} path
   * @param {unknown} value
   * @param {number} depth
   */
  #writeValue(path, value, depth) {
    if (this.#isOver(path, typeof value === 'string' ? value.length : 0)) return this.#writeEmpty();
    if (typeof value === 'string') return this.#writeText(path, value);
    if (this.#isMoney(path)) {
      if (/** @type {any} */ (value)?.[AMOUNT] === true) return this.#writeAmount(path, /** @type {any} */ (value));
      if (typeof value === 'number') {
        // 20 would mean 0.20, and 19.99 is not an amount in minor units at all.
        const expected = `an Amount, or minor units as digits or bigint: the number ${value} could be in either unit`;
        this.#refuse(path, 'not_an_amount', expected);
        return this.#writeEmpty();
      }
    }
    if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
      this.record += `${value}\0`;
      this.json += `"${value}"`;
      return;
    }
    if (Number.isInteger(value)) {
      this.#refuse(path, 'unsafe', String(BigInt(/** @type {number} */ (value))));
    } else if (depth === 0) {
      this.#refuse(path, 'bad_format', 'at most 16 levels deep');
    } else if (Array.isArray(value)) {
      return this.#writeList(path, value, depth);
    } else if (isPlain(value)) {
      return this.#writeObject(path, value, depth);
    } else {
      this.#refuse(path, 'bad_format', 'text, a whole number, a plain object or a list');
    }
    this.#writeEmpty();
  }

  /**
   * Whether a parameter is money, by the dictionary. In a message that is signed as it is, only `amount` is: APS's totals
   * can be any numbers.
   * @param {string} path
   */
  #isMoney(path) {
    return this.#isExact ? path === 'amount' : MONEY_PATHS.has(path.replace(/\[\d+\]/g, '[]'));
  }

  /**
   * @param {string} path
   * @param {import('../money/amount.js').Amount} amount also of another copy of this package
   */
  #writeAmount(path, amount) {
    const currency = String(amount.currency);
    this.#currency ??= currency;
    if (this.#currency !== currency) this.#refuse('currency', 'conflict', path);
    this.#writeText(path, String(amount.minor));
  }

  /** Writes an empty value in place of a rejected one. */
  #writeEmpty() {
    this.record += '\0';
    this.json += '""';
  }

  /**
   * @param {string} path
   * @param {string} given
   */
  #writeText(path, given) {
    if (!isText(given)) {
      this.#refuse(path, 'bad_character', badPosition(given));
      return this.#writeEmpty();
    }
    // A browser turns every line break into CRLF (HTML, constructing the entry list).
    const text = this.#isForm ? given.replace(LINE_END, '\r\n') : given;
    this.record += `${text}\0`;
    this.json += JSON.stringify(text);
  }

  /**
   * @param {string} path
   * @param {readonly unknown[]} list
   * @param {number} depth
   */
  #writeList(path, list, depth) {
    this.record += LIST;
    this.json += '[';
    // By index, since a hole is as invalid as an undefined member.
    for (let index = 0; index < list.length && !this.isCut; index++) {
      if (index > 0) this.json += ',';
      this.#writeValue(`${path}[${index}]`, list[index], depth - 1);
    }
    this.record += LIST_END;
    this.json += ']';
  }

  /**
   * @param {string} path
   * @param {object} object
   * @param {number} depth
   */
  #writeObject(path, object, depth) {
    this.record += OBJECT;
    const { json } = this;
    this.json = '';
    for (const name in object) {
      const full = `${path}.${name}`;
      const isPlainName = !SPECIAL.test(name);
      const property = this.#readProperty(object, name, full, isPlainName);
      if (property !== undefined) this.#writeMember(name, full, property.value, depth - 1, isPlainName);
      if (this.isCut) break;
    }
    this.record += OBJECT_END;
    this.json = `${json}{${this.json.slice(1)}}`;
  }
}

/**
 * The command that parameters name.
 * @param {Readonly<Record<string, any>>} params
 * @returns {any} undefined if they name none
 */
export const commandIn = (params) => params[SELECTORS.find((name) => params[name] !== undefined) ?? ''];

/** Whether a command makes a payment, with a `merchant_reference` of its own. @param {string} command */
export const makesPayment = (command) => /** @type {readonly string[]} */ (PAYMENTS).includes(command);

/**
 * An object written as `{…}`, from any realm, or one without a prototype.
 * @param {unknown} value
 * @returns {value is object}
 */
function isPlain(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return (
    prototype === null ||
    prototype === Object.prototype ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'hasOwnProperty'))
  );
}
