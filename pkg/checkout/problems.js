// Finds what is wrong with a form, in words for shoppers. The rules are those of `validate`.

import { validate } from '../message/validate.js';
import { Amount } from '../money/amount.js';
import { ACCEPTED, longestNumber } from './cards.js';
import { extractDigits, formatExpiry, readExpiry, removeInvisible, trim } from './format.js';
import { brandName, sentence } from './sentences.js';

/** @typedef {import('../errors.js').Issue} Issue */

/**
 * @typedef {object} Problem
 * @property {string} code of the issue, as in `validate`; of a question, `far` or `unusual`
 * @property {string} message for shoppers
 * @property {boolean} isQuestion it does not stop the payment
 */

/**
 * @typedef {object} Rules
 * @property {boolean} available whether they can be checked here
 * @property {string} currency
 * @property {'en' | 'ar'} language
 * @property {number | undefined} at milliseconds; now if left out
 * @property {readonly string[]} brands that the shop accepts
 */

/** The digits after which the brand of a number no longer changes: prefixes are six to eight digits long. */
const SURE = 8;
/** So many digits are not part of a name: they are a card number in the wrong field. */
const SHORTEST = 12;
/** What is questioned, and does not stop the payment. */
const QUESTIONS = new Set(['far', 'unusual']);
/** No card is valid for longer: a later year is a typing error. */
const FAR_YEARS = 20;

/**
 * The parameters of a form, and all their issues.
 * @param {ReadonlyMap<string, string>} values by parameter
 * @param {Rules} rules
 */
export function judge(values, { currency, language, at = Date.now() }) {
  /** @type {Record<string, string | Amount>} */
  const params = Object.fromEntries(values);
  /** @type {readonly Issue[]} */
  let own = [];
  // Text that cannot be read gets an invalid month, which the rules report.
  if (params.expiry_date) params.expiry_date = formatExpiry(String(params.expiry_date)) || '0000';
  if (params.amount) {
    try {
      params.amount = Amount.parse(plainAmount(String(params.amount), currency), currency, { language });
    } catch (error) {
      own = /** @type {import('../errors.js').ValidationError} */ (error).issues;
      params.amount = '';
    }
  }
  // Of the commands with a card, PURCHASE has all of these.
  return { params, issues: [...own, ...validate('PURCHASE', params, { at, language })] };
}

/** Thousands in groups, such as `1,349.50`. */
const GROUPED = /^\d{1,3}(,\d{3})+(\.\d+)?$/;

/**
 * An amount as pages show it, `1,349.50` or `AED 1,349.50`, as `Amount.parse` reads it. A comma that may be a decimal one
 * stays, and is refused: `1,250` in a currency of three decimals.
 * @param {string} text in ASCII
 * @param {string} currency
 */
export function plainAmount(text, currency) {
  const zero = Amount.parse('0', currency);
  const symbol = removeInvisible(zero.format('ar')).replace(/^\S+\s/, '');
  const bare = trim(text.replace(currency, '').replace(symbol, ''));
  const isCertain = String(zero) !== '0.000' || /\.|,.*,/.test(bare);
  return isCertain && GROUPED.test(bare) ? bare.replace(/,/g, '') : bare;
}

/**
 * What is wrong with each field.
 * @param {ReadonlyMap<string, string>} values
 * @param {ReadonlySet<string>} required the parameters that the page requires
 * @param {string | null} brand
 * @param {Rules} rules
 * @returns {Map<string, Problem>}
 */
export function problemsOf(values, required, brand, rules) {
  const issues = rules.available ? judge(values, rules).issues : [];
  /** @type {Map<string, Problem>} */
  const problems = new Map();
  for (const [parameter, value] of values) {
    const code = codeOf(parameter, value, required, brand, rules, issues);
    if (!code) continue;
    const found = issues.find((one) => one.parameter === parameter && one.code === code);
    const facts = { ...found, ...factsOf(parameter, value, brand, rules, found) };
    const message = sentence(rules.language, parameter, variantOf(parameter, code, value, brand), facts);
    problems.set(parameter, { code, message, isQuestion: QUESTIONS.has(code) });
  }
  return problems;
}

/**
 * @param {string} parameter
 * @param {string} value
 * @param {ReadonlySet<string>} required
 * @param {string | null} brand
 * @param {Rules} rules
 * @param {readonly Issue[]} issues
 * @returns {string | undefined}
 */
function codeOf(parameter, value, required, brand, { available, brands, at = Date.now() }, issues) {
  // An empty field is wrong if the page requires it, or another field does (`with`): a card number needs its code.
  if (value === '' && required.has(parameter)) return 'missing';
  if (parameter === 'card_number' && brand && value.length >= SURE && !brands.includes(brand)) return 'not_allowed';
  if (parameter === 'card_holder_name' && extractDigits(value).length >= SHORTEST) return 'bad_format';
  const date = parameter === 'expiry_date' && value ? formatExpiry(value) : undefined;
  if (date === '') return 'bad_format';
  const found = issues.find(
    (one) => one.parameter === parameter && one.severity === 'error' && (one.code !== 'missing' || one.with),
  );
  if (found) return found.code;
  if (parameter === 'customer_email' && issues.some((one) => one.parameter === parameter && one.code === 'bad_format'))
    return 'unusual';
  if (!date || !available) return undefined;
  return 2000 + Number(date.slice(0, 2)) > new Date(at).getUTCFullYear() + FAR_YEARS ? 'far' : undefined;
}

/**
 * Chooses among the sentences of a parameter.
 * @param {string} parameter
 * @param {string} code
 * @param {string} value
 * @param {string | null} brand
 */
function variantOf(parameter, code, value, brand) {
  if (parameter === 'card_number' && /^(too|bad_f)/.test(code)) {
    if (!brand || !ACCEPTED.includes(brand)) return '';
    return value.length > longestNumber(brand) ? 'too_many' : brand === 'MEEZA' ? brand : 'digits';
  }
  if (parameter === 'card_security_code') return sideOf(brand);
  return parameter === 'expiry_date' && code === 'bad_format' && readExpiry(value) ? 'bad_month' : code;
}

/**
 * What to say where the page's own attributes rule out what is typed, such as a `pattern` or a `max`.
 * @param {string} parameter
 * @param {string} value empty if the browser cannot read it
 * @param {string | null} brand
 * @param {Rules} rules
 */
export function describeRefused(parameter, value, brand, rules) {
  const variant = parameter === 'card_security_code' ? sideOf(brand) : value && 'refused';
  return sentence(rules.language, parameter, variant, factsOf(parameter, value, brand, rules));
}

/** The side of the card with the security code. @param {string | null} brand @returns {'front' | 'back' | ''} */
export function sideOf(brand) {
  if (!brand) return '';
  return brand === 'AMEX' ? 'front' : 'back';
}

/**
 * The facts for a sentence.
 * @param {string} parameter
 * @param {string} value
 * @param {string | null} brand
 * @param {Rules} rules
 * @param {Issue} [found]
 */
function factsOf(parameter, value, brand, { available, currency, language }, found) {
  if (parameter === 'card_number') {
    return { digits: longestNumber(brand), brand: brandName(language, brand) };
  }
  if (parameter === 'expiry_date') {
    const date = readExpiry(value);
    return { month: date?.month, date: date && `${date.month}/${date.year}` };
  }
  if (parameter === 'amount' && available) {
    const decimals = String(Amount.parse('0', currency)).length - 2;
    return { example: '12.3450'.slice(0, decimals > 0 ? 3 + decimals : 2) };
  }
  const position = Number(found?.position);
  return { character: `\u201c${position ? [...value][position - 1] : '='}\u201d` };
}
