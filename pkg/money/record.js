// The state of a payment, and a reply to CHECK_STATUS, as the fields that Rust reads.

import { ask, fieldsOf, issuesFrom } from '../core/call.js';
import { issue, ValidationError } from '../errors.js';
import { PAYMENT, STATUS } from '../generated/fields.js';

/** @typedef {import('./payment.js').PaymentJSON} PaymentJSON */

/** By this symbol every copy of this package recognizes a Payment. */
export const BRAND = /* @__PURE__ */ Symbol.for('aps-payops.Payment');

/**
 * The records that Rust wrote for the payments of this copy of the package.
 * @type {WeakMap<object, string>}
 */
const records = new WeakMap();

/**
 * @param {object} payment
 * @param {string} record
 */
export const remember = (payment, record) => void records.set(payment, record);

/**
 * The fields that Rust wrote for a payment of this copy, as one text; undefined for anything else.
 * @param {unknown} value
 */
export const findRecord = (value) => records.get(/** @type {object} */ (value));

/**
 * @param {unknown} state what `toJSON` of a Payment gives, or a Payment
 * @returns {unknown[]} its fields
 * @throws {ValidationError} unless it is an object of texts, numbers and booleans under those names
 */
export function recordOf(state) {
  const record = findRecord(state);
  if (record !== undefined) return record.split('\0');
  const json = /** @type {any} */ (state)?.[BRAND] === true ? /** @type {any} */ (state).toJSON() : state;
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new ValidationError([
      issue('payment', 'bad_format', 'payment must be a Payment, or what its toJSON returned.'),
    ]);
  }
  // A Proxy of a Payment, or an object that inherits from one, has none of its values.
  if (json === state && BRAND in json) return PAYMENT.map(() => undefined);
  const fields = PAYMENT.map((name) => ownMember(json, name));
  const unknown = Object.keys(json).filter((name) => !PAYMENT.includes(name));
  if (unknown.length > 0) {
    const answer = ask('payment', fieldsOf(['', 'read', ...fields]));
    const rest = answer.slice(answer.indexOf('\0') + 1);
    throw new ValidationError([
      ...unknown.map((name) => issue(name, 'unknown', `${name} is not part of a payment.`)),
      ...(answer.startsWith('issues\0') ? issuesFrom(rest) : []),
    ]);
  }
  return fields;
}

/**
 * @param {string} text the fields of a payment, as Rust writes them
 * @returns {PaymentJSON}
 */
export function jsonFrom(text) {
  const fields = text.split('\0');
  /** @type {Record<string, string | number | boolean>} */
  const state = {};
  PAYMENT.forEach((name, place) => {
    const field = fields[place] ?? '';
    if (field === '') return;
    if (name === 'voided') state[name] = field === 'true';
    else state[name] = name === 'version' || name === 'at' || name === 'lapsesAt' ? Number(field) : field;
  });
  return /** @type {any} */ (state);
}

/**
 * @param {unknown} reply a Reply to CHECK_STATUS, or the parameters of one that was verified
 * @returns {unknown[]} its fields; anything but text becomes `{}`
 * @throws {ValidationError}
 */
export function statusOf(reply) {
  const object = /** @type {{ params?: unknown, authentic?: unknown } | null} */ (reply);
  if (typeof object !== 'object' || object === null) {
    throw new ValidationError([
      issue('reply', 'bad_format', 'reply must be a Reply to CHECK_STATUS or its parameters.'),
    ]);
  }
  if (object.authentic === false) {
    throw new ValidationError([issue('reply', 'not_allowed', 'reply is unsigned: no payment can be derived from it.')]);
  }
  const params = /** @type {object} */ (typeof object.params === 'object' && object.params ? object.params : object);
  return STATUS.map((name) => ownMember(params, name));
}

/**
 * A member, unless it is inherited.
 * @param {any} object
 * @param {string} name
 * @returns {unknown}
 */
function ownMember(object, name) {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
