// Checks parameters and cards. The rules are in Rust; this passes options to them.

import { ask, END, fieldsOf, issuesFrom, listOf } from '../core/call.js';
import { timeOf } from '../core/realms.js';
import { issue, ValidationError } from '../errors.js';
import { findRecord, recordOf } from '../money/record.js';
import { rejectUnknown } from './options.js';
import { Copied } from './params.js';

/** @typedef {import('../errors.js').Issue} Issue */

/**
 * How parameters are checked.
 * @typedef {object} ValidateOptions
 * @property {import('../money/payment.js').Payment | import('../money/payment.js').PaymentJSON | undefined} [payment] adds
 *   the rules of its life cycle; a Payment, or what its `toJSON` gave
 * @property {Date | number | undefined} [at] the instant of the operation, as a Date or in milliseconds since 1970:
 *   now if left out; if given, expiry dates are compared with it
 * @property {'en' | 'ar'} [language] of the sentences; English if left out
 * @property {readonly string[]} [allow] parameters that are newer than this package
 * @property {readonly string[]} [accept] warnings to silence, such as `'return_url:bad_character'`
 */

/**
 * Everything that is wrong with the parameters of a command, in a stable order. Errors stop a request; warnings do not.
 * What the account supplies (`access_code`, `merchant_identifier`, `language`, `signature`) is never missing.
 * @param {string} command APS's name, such as `'CAPTURE'`
 * @param {unknown} params plain object of APS parameters; amounts in minor units as digits or bigint, or an `Amount`
 * @param {ValidateOptions} [options]
 * @returns {Issue[]} empty when all is well
 * @throws {ValidationError} for invalid options, and for unknown ones
 */
export function validate(command, params, options) {
  rejectUnknown(options);
  return judge(command, new Copied(params), options ?? undefined);
}

/**
 * @param {string} command
 * @param {Copied} copied
 * @param {ValidateOptions} [options]
 * @param {Record<string, string>} [supplied] by the account
 * @returns {Issue[]}
 * @throws {ValidationError} for invalid options
 */
export function judge(command, copied, options, supplied = {}) {
  const accepted = checkList(options?.accept, 'accept');
  const found = ask('validate', questionHead(command, false, supplied) + questionTail(copied, options));
  return settle(issuesFrom(found), copied, accepted);
}

/** A command, if it may be one: Rust takes only short text. @param {unknown} command */
export const nameOf = (command) =>
  typeof command === 'string' && command.length < 99 && command.isWellFormed() ? command : '';

/**
 * The part of the question to Rust that is the same for every request of a command.
 * @param {string} command
 * @param {boolean} isForm whether it goes to the payment page
 * @param {Record<string, string>} supplied by the account
 * @returns {string} fields, as `src/wasm/question.rs` reads them
 */
export function questionHead(command, isForm, supplied) {
  return `${fieldsOf([nameOf(command), isForm ? 1 : ''])}\0${listOf(Object.entries(supplied).flat())}`;
}

/** The question without options and without rejected values. */
const PLAIN = '\0\x000\x000\0\0';

/**
 * The parameters of a request, and the options that they are checked with.
 * @param {Copied} copied
 * @param {ValidateOptions | undefined} options
 * @returns {string}
 * @throws {ValidationError} for invalid options
 */
export function questionTail(copied, options) {
  const { record, claims, refused } = copied;
  const params = claims === '' ? record : `${record}${END}${claims}`;
  if (options === undefined && refused.length === 0) return PLAIN + params;
  const { payment, at, language, allow } = options ?? {};
  const instant = (at ?? null) === null ? '' : readInstant(at);
  const head = `${language === undefined ? '' : fieldsOf([language])}\0${instant}\0`;
  const lists = listOf(refused.flat()) + listOf(checkList(allow, 'allow'));
  const life =
    (payment ?? null) === null
      ? ''
      : `${readInstant(at ?? Date.now())}\0${findRecord(payment) ?? fieldsOf(recordOf(payment))}`;
  return `${head}${lists}${life}\0${params}`;
}

/**
 * The issues to report: without further issues about values that were rejected already, without accepted warnings, and
 * without warnings that only repeat an error.
 * @param {readonly Issue[]} found
 * @param {Copied} copied
 * @param {readonly string[]} accepted
 * @returns {Issue[]} sorted by parameter
 */
export function settle(found, { refused, isCut }, accepted = []) {
  // What an element of a list must have is reported of `products[].product_price`.
  const reported = new Set(refused.flatMap(([path]) => [path, path.replace(/\[\d+]/g, '[]')]));
  return found
    .filter(({ parameter, code, severity }, place) => {
      const name = `${parameter}:${code}`;
      if (place < refused.length) return true;
      if (reported.has(parameter) || (isCut && code === 'missing')) return false;
      return severity === 'error' ? reported.add(name) : !reported.has(name) && !accepted.includes(name);
    })
    .sort((a, b) => (a.parameter < b.parameter ? -1 : +(a.parameter > b.parameter)));
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {readonly string[]}
 */
export function checkList(value, name) {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string' && entry.isWellFormed())) return value;
  throw new ValidationError([issue(name, 'bad_format', `${name} must be a list of strings.`)]);
}

/**
 * An instant in milliseconds since 1970.
 * @param {unknown} at a Date or milliseconds
 * @returns {number}
 * @throws {ValidationError} for anything else
 */
export function readInstant(at) {
  const time = timeOf(at) ?? at;
  if (Number.isSafeInteger(time)) return /** @type {number} */ (time);
  throw new ValidationError([issue('at', 'bad_format', 'at must be a valid Date or whole milliseconds since 1970.')]);
}

/**
 * The brand of a card number, which may be incomplete and contain spaces or hyphens.
 * @param {string} number
 * @returns {'VISA' | 'MASTERCARD' | 'AMEX' | 'MADA' | 'MEEZA' | 'JAYWAN' | null} APS's names
 */
export function cardBrand(number) {
  const { brand, isAccepted } = cardScheme(number);
  return isAccepted ? /** @type {'VISA' | 'MASTERCARD' | 'AMEX' | 'MADA' | 'MEEZA' | 'JAYWAN'} */ (brand) : null;
}

/**
 * The scheme of a card number, including those that APS does not accept: `'DISCOVER'`, `'JCB'`, `'UNIONPAY'`, `'DINERS'`.
 * @param {string} number
 * @returns {{ brand: string | null, isAccepted: boolean }}
 */
export function cardScheme(number) {
  const text = typeof number === 'string' && number.length <= 64 && number.isWellFormed() ? number : '';
  const [brand = '', accepted] = ask('card_brand', text).split('\0');
  return { brand: brand || null, isAccepted: accepted === 'accepted' };
}
