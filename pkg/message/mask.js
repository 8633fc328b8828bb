// What may be printed of parameters: card data is left out wherever it stands, also in nested ones.

import { INSPECT } from '../errors.js';

const CARD_NUMBER = /^[\d\s-]{12,}$/;
const HIDDEN = '[hidden]';

/** Whether a `card_number` must not be printed: APS's own are masked. @param {unknown} value */
const isWhole = (value) => (typeof value === 'string' ? CARD_NUMBER.test(value) : typeof value === 'object');

/**
 * @param {unknown} value
 * @returns {boolean} whether it holds what must not be printed
 */
function isSensitive(value) {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, member]) =>
      name === 'card_security_code' || (name === 'card_number' && isWhole(member)) || isSensitive(member),
  );
}

/**
 * A copy that may be printed.
 * @template T
 * @param {T} value
 * @returns {T}
 */
export function shown(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return /** @type {T} */ (/** @type {unknown} */ (value.map(shown)));
  const members = Object.entries(value)
    .filter(([name]) => name !== 'card_security_code')
    .map(([name, member]) => [name, name === 'card_number' && isWhole(member) ? HIDDEN : shown(member)]);
  return Object.fromEntries(members);
}

/**
 * Sees to it that parameters print without card data by themselves, and freezes them, nested ones too.
 * @template {object} T
 * @param {T} params
 * @returns {Readonly<T>}
 */
export function conceal(params) {
  if (Object.isFrozen(params)) return params;
  if (isSensitive(params)) printAs(params, () => shown(params));
  return freeze(params);
}

/**
 * Sees to it that `JSON.stringify` and `util.inspect` show something else than the object itself.
 * @param {object} object
 * @param {() => unknown} print
 */
export function printAs(object, print) {
  const own = { enumerable: false, value: print };
  Object.defineProperties(object, { toJSON: own, [INSPECT]: own });
}

/**
 * @template T
 * @param {T} value
 * @returns {T}
 */
function freeze(value) {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}
