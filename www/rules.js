// Checks what people type, by the package's rules: in the page while typing, and again on the server.
import { Amount, validate } from 'aps-payops';

/** @typedef {import('aps-payops').Issue} Issue */

const GROUPED = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
/** Marks of direction, which are copied along with text. */
const INVISIBLE = /[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** Digits of an Arabic or Persian keyboard as Western ones, without marks of direction. @param {string} text */
export const toWesternDigits = (text) =>
  text.replace(INVISIBLE, '').replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15));

/**
 * An amount as these pages write it, or an Arabic keyboard, in the characters that `Amount.parse` reads: `1,349.50`,
 * `AED 1,349.50`, `١٬٣٤٩٫٥٠`. A comma that stands anywhere but between thousands stays, and is refused; so is one that may
 * be a decimal comma, as in `1,250` of a currency with three decimals.
 *
 * @param {string} text
 * @param {string} currency
 */
export function plainAmount(text, currency) {
  const typed = toWesternDigits(text).replaceAll('\u066c', ',').replaceAll('\u066b', '.');
  const bare = namesOf(currency)
    .reduce((rest, name) => rest.replace(name, ''), typed)
    .trim();
  if (!GROUPED.test(bare)) return bare;
  const [, decimals = ''] = String(Amount.parse('0', currency)).split('.');
  return decimals.length !== 3 || /\.|,.*,/.test(bare) ? bare.replaceAll(',', '') : bare;
}

/** How a currency is written beside an amount. @param {string} currency */
function namesOf(currency) {
  if (!/^[A-Z]{3}$/.test(currency)) return [];
  const parts = ['en-AE', 'ar-AE'].flatMap((locale) =>
    new Intl.NumberFormat(locale, { style: 'currency', currency }).formatToParts(0),
  );
  const symbols = parts.flatMap(({ type, value }) => (type === 'currency' ? [value.replace(INVISIBLE, '')] : []));
  return [currency, ...symbols];
}

/**
 * @param {string} text what was typed
 * @param {string} currency
 * @param {'en' | 'ar'} language
 * @returns {{ amount: Amount | null, issues: readonly Issue[] }}
 */
export function readAmount(text, currency, language) {
  try {
    return { amount: Amount.parse(plainAmount(text, currency), currency, { language }), issues: [] };
  } catch (error) {
    return { amount: null, issues: issuesOf(error).map((issue) => inWords(issue, language)) };
  }
}

/**
 * The package's message names the digits it reads; these pages also read commas and Arabic digits.
 *
 * @type {Record<'en' | 'ar', (decimals: number, example: string) => string>}
 */
const NOT_AN_AMOUNT = {
  en: (decimals, example) =>
    decimals === 0
      ? `Enter a whole number, such as ${example}.`
      : `Enter a number with at most ${decimals} decimals, such as ${example}.`,
  ar: (decimals, example) =>
    decimals === 0
      ? `أدخل رقمًا بلا كسور عشرية، مثل \u2066${example}\u2069.`
      : `أدخل رقمًا بما لا يزيد على ${decimals} من الخانات العشرية، مثل \u2066${example}\u2069.`,
};

/** What an e-mail address looks like, by the severity of the issue. @type {Record<'en' | 'ar', Record<Issue['severity'], string>>} */
const NOT_AN_EMAIL = {
  en: {
    error: 'Enter an e-mail address, such as name@example.com.',
    warning: 'Check the e-mail address: it should look like name@example.com.',
  },
  ar: {
    error: 'أدخل بريدًا إلكترونيًا، مثل name@example.com.',
    warning: 'تحقق من البريد الإلكتروني، فهو يُكتب مثل name@example.com.',
  },
};

/** @param {Issue} issue @param {'en' | 'ar'} language @returns {Issue} */
function inWords(issue, language) {
  if (issue.parameter === 'customer_email' && issue.code === 'bad_format')
    return { ...issue, message: NOT_AN_EMAIL[language][issue.severity] };
  if (issue.code !== 'not_an_amount') return issue;
  const { decimals = 2 } = issue;
  const example = `1,349${decimals === 0 ? '' : '.5'.padEnd(decimals + 1, '0')}`;
  return { ...issue, message: NOT_AN_AMOUNT[language](decimals, example) };
}

/**
 * Checks an order as typed at the desk.
 *
 * @param {{ description: string, amount: string, currency: string, email: string }} typed
 * @param {'en' | 'ar'} language
 */
export function readOrder(typed, language) {
  const { amount, issues } = readAmount(typed.amount, typed.currency, language);
  const params = { order_description: typed.description, customer_email: typed.email, ...(amount && { amount }) };
  const rest = validate('AUTHORIZATION', params, { language }).filter(
    ({ parameter }) => parameter in params && parameter !== 'currency',
  );
  const description = rest.filter(({ parameter }) => parameter !== 'order_description' || typed.description !== '');
  return { amount, issues: [...issues, ...description.map((issue) => inWords(issue, language))] };
}

/**
 * Checks an operation on a payment: its amount, and what the life cycle allows.
 *
 * @param {import('aps-payops').Payment} payment
 * @param {{ command: string, amount: string, reference: string }} typed
 * @param {number} at milliseconds since 1970
 * @param {'en' | 'ar'} language
 * @returns {{ amount: Amount | null, issues: readonly Issue[] }}
 */
export function readOperation(payment, { command, amount: text, reference: merchant_reference }, at, language) {
  const options = { payment, at, language };
  if (command === 'VOID_AUTHORIZATION') {
    return { amount: null, issues: validate(command, { merchant_reference }, options) };
  }
  const read = readAmount(text, payment.currency, language);
  if (!read.amount) return read;
  return { amount: read.amount, issues: validate(command, { merchant_reference, amount: read.amount }, options) };
}

/**
 * The message of an issue, with the control's label instead of APS's parameter name; a line does not end within “e-mail”.
 *
 * @param {Issue} issue
 * @param {string} label
 */
export function sentenceOf({ parameter, message }, label) {
  return message.replace(parameter, () => label).replaceAll('e-mail', 'e\u2011mail');
}

/** @param {unknown} error */
function issuesOf(error) {
  if (error instanceof Error && 'issues' in error && Array.isArray(error.issues)) return error.issues;
  throw error;
}
