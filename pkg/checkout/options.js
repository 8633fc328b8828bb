// Checks the arguments of `attachCheckout` before anything is changed, and reports every problem at once.

import { issue, ValidationError } from '../errors.js';
import { findUnknown } from '../message/options.js';
import { readInstant } from '../message/validate.js';
import { Amount } from '../money/amount.js';
import { ACCEPTED } from './cards.js';
import { fieldsOf, PARAMETERS, unusableFields } from './fields.js';

const KNOWN = ['currency', 'language', 'at', 'brands', 'onChange'];

/**
 * @param {HTMLFormElement} form
 * @param {unknown} options
 * @param {boolean} available whether a currency can be checked
 * @returns {import('./problems.js').Rules & { onChange?: (state: any) => void }}
 * @throws {ValidationError} naming everything that is wrong
 */
export function readOptions(form, options, available) {
  if (form?.nodeName !== 'FORM') throw new ValidationError([refusal('form', 'bad_format', 'must be a form element')]);
  const given = /** @type {any} */ (options ?? {});
  const { currency = '', language = 'en', at, brands = ACCEPTED, onChange } = given;
  const issues = findUnknown(given, KNOWN);
  const fields = fieldsOf(form);
  const unusable = unusableFields(form);
  for (const { parameter, tag } of unusable) {
    const cure = 'must be form-associated, with value, validity and setCustomValidity';
    issues.push(refusal(parameter, 'not_allowed', `is a <${tag}>, which ${cure}`));
  }
  if (fields.size + unusable.length === 0) {
    issues.push(refusal('form', 'missing', `has no field with one of these names or data-aps: ${PARAMETERS}`));
  }
  if (available && (currency !== '' || fields.has('amount'))) gather(issues, () => Amount.parse('0', currency));
  if (!isLanguage(language)) issues.push(refusal('language', 'not_allowed', 'must be en or ar'));
  if (at !== undefined) gather(issues, () => readInstant(at));
  if (!Array.isArray(brands) || brands.length === 0 || !brands.every((brand) => ACCEPTED.includes(brand))) {
    issues.push(refusal('brands', 'not_allowed', `must list at least one of ${ACCEPTED}`));
  }
  if (onChange !== undefined && typeof onChange !== 'function') {
    issues.push(refusal('onChange', 'bad_format', 'must be a function'));
  }
  if (issues.length > 0) throw new ValidationError(issues);
  return { available, currency, language, at: at === undefined ? at : readInstant(at), brands: [...brands], onChange };
}

/** @param {unknown} language @returns {language is 'en' | 'ar'} */
export const isLanguage = (language) => language === 'en' || language === 'ar';

/** @param {string} name @param {string} code @param {string} what */
export function refusal(name, code, what) {
  return issue(name, code, `${name} ${what}.`);
}

/** @param {import('../errors.js').Issue[]} issues @param {() => void} check */
function gather(issues, check) {
  try {
    check();
  } catch (error) {
    issues.push(.../** @type {ValidationError} */ (error).issues);
  }
}
