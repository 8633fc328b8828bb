// How people write card data, and how it is shown to them. The rules of the package decide which data is valid.

import { INVISIBLE } from '../message/invisible.js';

const ANYWHERE = new RegExp(`[${INVISIBLE}]`, 'g');
const AT_ENDS = new RegExp(`^[\\s${INVISIBLE}]+|[\\s${INVISIBLE}]+$`, 'g');

/**
 * Text without invisible characters, which are copied along from pages and messages.
 * @param {string} text
 * @returns {string}
 */
export function removeInvisible(text) {
  return text.replace(ANYWHERE, '');
}

/**
 * Text without white space and invisible characters at its ends. Within a name they stay: U+200C and U+200D are spelling
 * between letters of Arabic script.
 * @param {string} text
 * @returns {string}
 */
export function trim(text) {
  return text.replace(AT_ENDS, '');
}

/**
 * Text with the digits of Arabic and Persian keyboards as ASCII digits, and nothing invisible.
 * @param {string} text
 * @returns {string}
 */
export function toAsciiDigits(text) {
  // Both blocks of ten start at a multiple of 16.
  return removeInvisible(text).replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15));
}

/**
 * The digits alone, as ASCII.
 * @param {string} text
 * @returns {string}
 */
export function extractDigits(text) {
  return toAsciiDigits(text).replace(/\D/g, '');
}

/**
 * A decimal as typed on an Arabic keyboard, in ASCII.
 * @param {string} text
 * @returns {string}
 */
export function toAsciiDecimal(text) {
  return toAsciiDigits(text)
    .replace(/\u066b/g, '.')
    .replace(/\u066c/g, ',');
}

/**
 * A card number as it stands on the card: AMEX 4-6-5, every other brand in fours.
 * @param {string} digits
 * @param {string | null} brand
 * @returns {string}
 */
export function groupDigits(digits, brand) {
  return brand === 'AMEX'
    ? digits.replace(/^(.{4})(.{1,6})(.*)$/, '$1 $2 $3').trimEnd()
    : digits.replace(/.{4}(?=.)/g, '$& ');
}

/**
 * Adds the slash after the month, once a digit of the year is there: numeric keyboards have no slash. After a month of one
 * digit, only if there is no other reading: `30` may be the beginning of `30/12`, which is not a date.
 * @param {string} text
 * @returns {string}
 */
export function addSlash(text) {
  return text.replace(
    /^(0[1-9]|1[0-2])(\d{1,4})$|^([2-9])([2-9][2-9]|20\d\d)$/,
    (_, a = '', b = '', c = '', d = '') => `${a}${c}/${b}${d}`,
  );
}

/**
 * An expiry date as it was written: `08/27`, `8/2027`, `08 - 27`, `0827`, or with the year first, `2027-08`, `202708`.
 * @param {string} text
 * @returns {{ month: string, year: string } | null} two digits each; the month may be invalid, such as 13; null if it is not a date like these
 */
export function readExpiry(text) {
  const plain = trim(toAsciiDigits(text));
  const sign = '\\s*[/.\\s\\u2010-\\u2015\\u2212-]?\\s*';
  const [, isoYear, isoMonth] = new RegExp(`^20(\\d\\d)${sign}(0[1-9]|1[0-2])$`).exec(plain) ?? [];
  if (isoYear && isoMonth) return { month: isoMonth, year: isoYear };
  const [, month, year] = new RegExp(`^(\\d{1,2})${sign}(?:20)?(\\d\\d)$`).exec(plain) ?? [];
  return month && year ? { month: month.padStart(2, '0'), year } : null;
}

/**
 * An expiry date in APS's form, YYMM.
 * @param {string} text
 * @returns {string} four digits with a real month; empty if it is not a date
 */
export function formatExpiry(text) {
  const date = readExpiry(text);
  return date && /^(0[1-9]|1[0-2])$/.test(date.month) ? date.year + date.month : '';
}
