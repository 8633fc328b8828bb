// Masks parameters for printing: what the dictionary marks as secret is hidden at any depth.

import { INSPECT } from '../errors.js';
import { SECRETS, SECURITY_CODES } from '../generated/parameters.js';

/** Card numbers and the like: APS's own are masked, `400555******0001`. */
const NUMBER = /^[\d\s-]{12,}$/;
const HIDDEN = '[hidden]';
const SECRET = new Set(/** @type {readonly string[]} */ (SECRETS));
const LEFT_OUT = new Set(/** @type {readonly string[]} */ (SECURITY_CODES));

/**
 * Whether a member must not be printed.
 * @param {string} name
 * @param {unknown} value
 */
const isHidden = (name, value) =>
  SECRET.has(name) &&
  (LEFT_OUT.has(name) || (typeof value === 'string' ? NUMBER.test(value) : typeof value === 'object'));

/**
 * @param {unknown} value
 * @returns {boolean} whether it contains something that must not be printed
 */
function isSensitive(value) {
  if (typeof value !== 'object' || value === null) return false;
  for (const [name, member] of Object.entries(value)) if (isHidden(name, member) || isSensitive(member)) return true;
  return false;
}

/**
 * A copy that is safe to print.
 * @template T
 * @param {T} value
 * @returns {T}
 */
export function maskSecrets(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return /** @type {T} */ (/** @type {unknown} */ (value.map(maskSecrets)));
  const members = Object.entries(value)
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, member]) => [name, isHidden(name, member) ? HIDDEN : maskSecrets(member)]);
  return Object.fromEntries(members);
}

/**
 * Makes parameters print without card data, and freezes them, nested ones too.
 * @template {object} T
 * @param {T} params
 * @returns {Readonly<T>}
 */
export function conceal(params) {
  if (Object.isFrozen(params)) return params;
  if (isSensitive(params)) printAs(params, () => maskSecrets(params));
  return freeze(params);
}

/**
 * Makes `JSON.stringify` and `util.inspect` show something other than the object itself.
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
