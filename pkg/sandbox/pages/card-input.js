/** Reads what customers type into the card form. */

import { text } from '../message.js';

/** @typedef {import('../message.js').Message} Message */

/** Arabic and Persian digits are digits to those who type them. */
const DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g;

/**
 * The card parameters of a form. Nothing else in it can change what is paid.
 *
 * @param {Message} form
 * @returns {Message}
 */
export function readCard(form) {
  /** @type {Message} */
  const card = new Map();
  for (const name of ['card_number', 'expiry_date', 'card_security_code', 'card_holder_name', 'remember_me']) {
    const typed = text(form, name)?.trim();
    if (typed === undefined || typed === '') continue;
    card.set(name, name === 'card_holder_name' || name === 'remember_me' ? typed : readDigits(name, typed));
  }
  return card;
}

/**
 * @param {string} name
 * @param {string} typed
 */
function readDigits(name, typed) {
  const ascii = typed.replace(DIGITS, (digit) => String(digit.charCodeAt(0) & 15));
  if (name === 'card_number') return ascii.replace(/[\s-]/g, '');
  return name === 'expiry_date' ? readExpiry(ascii) : ascii;
}

/**
 * `MM/YY`, `MM/YYYY`, `MMYY` and, as no card expires before 2013, `YYMM`, to APS's `YYMM`. Anything else is unchanged.
 *
 * @param {string} typed
 */
function readExpiry(typed) {
  const [, month, year] = /^([0-9]{1,2})\s*[/.-]\s*(?:20)?([0-9]{2})$/.exec(typed) ?? [];
  if (month !== undefined) return `${year}${month.padStart(2, '0')}`;
  if (/^[0-9]{4}$/.test(typed) && Number(typed.slice(0, 2)) <= 12) return typed.slice(2) + typed.slice(0, 2);
  return typed;
}
