/** What a payment is about, as every page shows it. */

import { currencies } from '../../money/currencies.js';
import { text } from '../message.js';
import { html } from './html.js';
import { WORDS } from './words.js';

/** @typedef {import('../message.js').Message} Message */
/** @typedef {import('./html.js').Html} Html */
/** @typedef {import('./html.js').Language} Language */

const EXPONENTS = new Map(currencies().map(({ code, exponent }) => [code, exponent]));
const LOCALES = { en: 'en-GB', ar: 'ar-AE' };

/**
 * Minor units for a person to read, with exactly the decimals of the currency.
 *
 * @param {string} minor
 * @param {string} currency
 * @param {Language} language
 */
export function money(minor, currency, language) {
  const exponent = EXPONENTS.get(currency) ?? 2;
  const digits = minor.padStart(exponent + 1, '0');
  const decimal = exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
  const format = new Intl.NumberFormat(LOCALES[language], {
    style: 'currency',
    currency,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  });
  // As text, so that no float is involved.
  return format.format(/** @type {any} */ (decimal));
}

/**
 * @param {Message} message
 * @param {Language} language
 * @param {[string, Html][]} [more] Names and values that follow.
 */
export function orderList(message, language, more = []) {
  const words = WORDS[language];
  const [amount, currency] = [text(message, 'amount'), text(message, 'currency')];
  /** @type {[string, Html, string?][]} */
  const rows = [];
  if (amount !== undefined && currency !== undefined) {
    rows.push([words.amount, html`<bdi>${money(amount, currency, language)}</bdi>`, 'amount']);
  }
  for (const [word, name] of [
    [words.description, 'order_description'],
    [words.reference, 'merchant_reference'],
  ]) {
    const value = text(message, name ?? '');
    if (value !== undefined) rows.push([word ?? '', html`<bdi>${value}</bdi>`, name]);
  }
  const list = [...rows, ...more].map(
    ([name, value, kind]) => html`<div class="${kind}"><dt>${name}</dt><dd>${value}</dd></div>`,
  );
  return html`<dl class="order">${list}</dl>`;
}

/**
 * A card number or its mask in groups, left to right in any language.
 *
 * @param {string} number
 */
export const grouped = (number) => html`<bdi dir="ltr" class="digits">${groups(number)}</bdi>`;

/**
 * As it is printed on cards: in fours, 15 digits as 4, 6 and 5.
 *
 * @param {string} number
 */
export const groups = (number) =>
  number.length === 15 ? number.replace(/^(.{4})(.{6})/, '$1 $2 ') : number.replace(/(.{4})(?=.)/g, '$1 ');
