/** Describes APS's codes by a sentence and an outcome. */

import { ask, fieldsOf } from '../core/call.js';
import { issue, ValidationError } from '../errors.js';
import { findBadLanguage } from '../message/options.js';
import { findText } from './code-text.js';

/**
 * What an answer means: `succeeded` and `failed` are final; `action_required` sends the customer on; `pending` is not decided
 * yet; `uncertain` may have moved money or not; `rejected` was not attempted.
 * @typedef {'succeeded' | 'failed' | 'action_required' | 'pending' | 'uncertain' | 'rejected'} Outcome
 */

/**
 * A response code in words.
 * @typedef {object} Description
 * @property {string} status The first two digits, as in the parameter `status`; empty if it is not a response code.
 * @property {string} message The last three digits; empty likewise.
 * @property {string} text What both say, in our own words.
 * @property {Outcome} outcome What it means for the payment.
 */

/** English and Arabic. */
const UNKNOWN = /** @type {const} */ ({
  code: ['Unknown response code.', 'رمز استجابة غير معروف.'],
  status: ['Unknown status', 'حالة غير معروفة'],
  message: ['Unknown message', 'رسالة غير معروفة'],
  acquirer: ['Unknown code.', 'رمز غير معروف.'],
});

/**
 * Describes a `response_code` or a `transaction_code`: two digits of status, three of message
 * (`docs/reference.md`, *Codes*). Anything that APS does not document is described as unknown.
 *
 * @param {string} code Five digits, as APS sends them: `'14000'`.
 * @param {'en' | 'ar'} [language] The language of `text`.
 * @returns {Description}
 * @throws {ValidationError} If the code is not a string or the language is neither `en` nor `ar`.
 */
export function describe(code, language = 'en') {
  const place = check('code', code, language);
  if (!/^[0-9]{5}$/.test(code)) {
    return { status: '', message: '', text: UNKNOWN.code[place], outcome: outcomeOf('') };
  }
  const status = code.slice(0, 2);
  const message = code.slice(2);
  const outcome = outcomeOf(code);
  // If the message leaves open what happened, “the capture failed” would claim too much: 15 says what is known.
  const open = outcome === 'uncertain' && outcomeOf(`${status}000`) !== 'uncertain';
  const sentences = [findText('STATUS', open ? '15' : status, language) ?? `${UNKNOWN.status[place]}: ${status}.`];
  // 000 only says that all went well, which the status says better.
  if (message !== '000')
    sentences.push(findText('MESSAGE', message, language) ?? `${UNKNOWN.message[place]}: ${message}.`);
  return { status, message, text: sentences.join(' '), outcome };
}

/**
 * Describes an `acquirer_response_code`, which comes only to accounts that have third-party codes switched on.
 *
 * @param {string} code As APS sends it: `'51'`, `'NOT CAPTURED'`.
 * @param {'en' | 'ar'} [language]
 * @returns {string} A sentence; a code that is not listed is described as unknown.
 * @throws {ValidationError} If the code is not a string or the language is neither `en` nor `ar`.
 */
export function describeAcquirer(code, language = 'en') {
  const place = check('acquirer_response_code', code, language);
  return findText('ACQUIRER', code, language) ?? UNKNOWN.acquirer[place];
}

/**
 * The outcome alone, without the texts.
 * @param {string} code
 * @returns {Outcome}
 */
export function outcomeOf(code) {
  return /** @type {Outcome} */ (ask('outcome', fieldsOf([code])));
}

/**
 * @param {string} parameter
 * @param {unknown} code
 * @param {unknown} language
 * @returns {0 | 1} its place among two texts
 */
function check(parameter, code, language) {
  const arabic = language === 'ar';
  const issues = [];
  if (typeof code !== 'string') {
    const message = arabic ? `يجب أن يكون ${parameter} نصًا.` : `${parameter} must be a string.`;
    issues.push(issue(parameter, 'bad_format', message));
  }
  issues.push(...findBadLanguage({ language }));
  if (issues.length > 0) throw new ValidationError(issues);
  return arabic ? 1 : 0;
}
