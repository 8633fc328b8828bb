// Walks a value that is given as parameters, whatever it is: what can be sent is copied, what cannot is noted for Rust to
// report. Objects are a matter of JavaScript, and walking them from Rust weighed 5 KB more in a page.

import { MONEY } from '../generated/parameters.js';

const AMOUNT = /* @__PURE__ */ Symbol.for('aps-payops.Amount');
const MONEY_PATHS = /* @__PURE__ */ new Set(/** @type {readonly string[]} */ (MONEY));
const DEPTH = 16;
// Characters of all texts, and parts: more than any message of APS has.
const LONGEST = 1 << 20;
const MOST = 1 << 14;

/**
 * What was refused: the path, the code of the issue, and what was expected instead.
 * @typedef {[path: string, code: string, expected: string]} Refusal
 */

/** @typedef {string | Tree[] | { [name: string]: Tree }} Tree text, lists and objects: all that APS knows */

/**
 * `isCut`: there was too much to read, so not all that was given is among the parameters.
 * @typedef {{ params: { [name: string]: Tree }, refused: Refusal[], isCut?: boolean }} Walked
 */

/**
 * @param {unknown} given
 * @param {boolean} [exact] keep what is empty: for signing what is no request of ours
 * @returns {Walked}
 */
export function walk(given, exact = false) {
  /** @type {Refusal[]} */
  const refused = [];
  let parts = 0;
  let characters = 0;
  let isFull = false;
  /** @type {(path: string, code: string, expected: string) => void} */
  const refuse = (path, code, expected) => void refused.push([path.toWellFormed().slice(0, 200), code, expected]);

  /**
   * Whether there is too much of it. Refuses once, and then reads nothing more.
   * @param {string} path
   * @param {string} [text]
   */
  const isOver = (path, text = '') => {
    parts += 1;
    // Each part is written with its path.
    characters += path.length + text.length;
    if (!isFull && (parts > MOST || characters > LONGEST)) {
      isFull = true;
      refuse(path, 'too_long', String(LONGEST));
    }
    return isFull;
  };

  /**
   * @param {object} object
   * @param {string} path
   * @param {(name: string, value: unknown, path: string) => void} each
   */
  const members = (object, path, each) => {
    const full = (/** @type {string} */ name) => (path === '' ? name : `${path}.${name}`);
    // JSON would leave out what is inherited, silently.
    for (const name in Object.getPrototypeOf(object)) {
      refuse(full(name), 'not_allowed', 'a member of its own, not inherited');
    }
    // Symbols name no parameter.
    for (const key of Object.getOwnPropertyNames(object)) {
      if (isOver(full(key), key)) return;
      const { get, set, value, enumerable } = Object.getOwnPropertyDescriptor(object, key) ?? {};
      if (get || set) refuse(full(key), 'not_allowed', 'a value, not an accessor');
      else if (key === '__proto__') refuse(full(key), 'not_allowed', 'a parameter of APS');
      else if (!key.isWellFormed()) refuse(full(key), 'bad_character', 'whole characters');
      else if (enumerable) each(key, value, full(key));
    }
  };

  /** @type {string | undefined} */
  let currency;

  /**
   * Whether the dictionary says that it is money. What is signed as it is may be no request: APS's totals are whatever
   * they are.
   * @param {string} path
   */
  const isMoney = (path) => (exact ? path === 'amount' : MONEY_PATHS.has(path.replace(/\[\d+\]/g, '[]')));

  /**
   * @param {unknown} value
   * @param {string} path
   * @param {number} depth
   * @returns {Tree | undefined}
   */
  const tree = (value, path, depth) => {
    if (typeof value !== 'string' && isMoney(path)) {
      if (/** @type {any} */ (value)?.[AMOUNT] === true) {
        const own = /** @type {import('../money/amount.js').Amount} */ (value);
        currency ??= String(own.currency);
        if (currency !== own.currency) refuse('currency', 'conflict', path);
        return String(own.minor);
      }
      if (typeof value === 'number') {
        // 20 would mean 0.20, and 19.99 no amount at all.
        refuse(path, 'not_an_amount', 'an Amount, or minor units as digits or bigint');
        return undefined;
      }
    }
    if (typeof value === 'string') {
      if (!value.isWellFormed()) refuse(path, 'bad_character', 'whole characters');
      else if (value.length > LONGEST) refuse(path, 'too_long', String(LONGEST));
      else if (!isOver(path, value)) return value;
    } else if (isOver(path)) {
      return undefined;
    } else if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
      return String(value);
    } else if (depth === 0) {
      refuse(path, 'bad_format', 'at most 16 levels');
    } else if (Array.isArray(value)) {
      const list = [];
      // By index, since a hole is as wrong as an undefined member.
      for (let index = 0; index < value.length && !isFull; index++) {
        const element = tree(value[index], `${path}[${index}]`, depth - 1);
        if (element !== undefined) list.push(element);
      }
      return list;
    } else if (isPlain(value)) {
      /** @type {{ [name: string]: Tree }} */
      const copy = {};
      members(value, path, (name, member, full) => {
        const own = tree(member, full, depth - 1);
        if (own !== undefined) copy[name] = own;
      });
      return copy;
    } else {
      refuse(path, 'bad_format', 'text, a whole number, a plain object or a list');
    }
    return undefined;
  };

  /** @type {{ [name: string]: Tree }} */
  const params = {};
  if (!isPlain(given)) {
    refuse('params', 'bad_format', 'a plain object');
    return { params, refused };
  }
  members(given, '', (name, value, path) => {
    if (value === undefined || value === null) return;
    const own = tree(value, path, DEPTH - 1);
    if (own !== undefined && (exact || own !== '')) params[name] = own;
  });
  if (currency !== undefined) {
    params.currency ??= currency;
    if (currency !== params.currency) refuse('currency', 'conflict', 'amount');
  }
  return { params, refused, isCut: isFull };
}

/**
 * An object written as `{…}`, of whatever realm, or one without a prototype.
 * @param {unknown} value
 * @returns {value is object}
 */
function isPlain(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return (
    prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'hasOwnProperty'))
  );
}

/**
 * Parameters in a row, as `validate` takes them: shape, name and value of each; a structure is followed by its parts.
 * @param {{ [name: string]: Tree }} params
 * @returns {string[]}
 */
export function entries(params) {
  return Object.entries(params).flatMap(([name, value]) => entry(value, name, 't', 's'));
}

/**
 * @param {Tree} value
 * @param {string} path
 * @param {string} text the shape of text here
 * @param {string} structure the shape of a structure here
 * @returns {string[]}
 */
function entry(value, path, text, structure) {
  if (typeof value === 'string') return [text, path, value];
  const inner = Array.isArray(value)
    ? value.map((element, place) => entry(element, `${path}[${place}]`, 'p', 'q'))
    : Object.entries(value).map(([name, member]) => entry(member, `${path}.${name}`, 'p', 'q'));
  return [structure, path, '{}', ...inner.flat()];
}
