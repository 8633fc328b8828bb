/** What may be shown of a message: no card number, no security code, no phrase. */

import { maskCardNumber } from './cards.js';
import { text } from './message.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./message.js').Value} Value */

/**
 * @param {Value} value
 * @param {(shown: string) => string} change
 * @returns {Value}
 */
function changed(value, change) {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => changed(item, change));
  return new Map([...value].map(([name, member]) => [change(name), changed(member, change)]));
}

/**
 * The parameters of a request as its answer repeats them. The card number is masked wherever it stands, for what is
 * answered goes into other people's logs.
 *
 * @param {Message} message
 * @returns {Message}
 */
export function echo(message) {
  const card = text(message, 'card_number');
  /** @type {Message} */
  const copy = new Map();
  for (const [name, value] of message) {
    if (name === 'signature' || name === 'card_security_code') continue;
    copy.set(
      name,
      card === undefined ? value : changed(value, (shown) => shown.replaceAll(card, maskCardNumber(card))),
    );
  }
  return copy;
}

/**
 * A plain copy for the log.
 *
 * @param {Message} message
 * @param {RegExp} secrets Masked wherever they stand.
 * @returns {Record<string, unknown>}
 */
export function loggable(message, secrets) {
  const cards = new Set(cardNumbers(message));
  const shown = /** @type {Message} */ (changed(withoutCodes(echo(message)), (part) => masked(part, cards)));
  for (const name of ['signature', 'card_security_code']) {
    const value = message.get(name);
    if (value !== undefined) shown.set(name, name === 'signature' ? value : '***');
  }
  const clean = changed(shown, (part) => part.replace(secrets, '[secret]'));
  return /** @type {Record<string, unknown>} */ (plain(clean));
}

/**
 * Every card number in a message, at any depth.
 *
 * @param {Value} value
 * @returns {string[]}
 */
function cardNumbers(value) {
  if (typeof value === 'string') return [];
  if (Array.isArray(value)) return value.flatMap(cardNumbers);
  return [...value].flatMap(([name, member]) =>
    name === 'card_number' && typeof member === 'string' ? [member] : cardNumbers(member),
  );
}

/**
 * @param {Value} value
 * @returns {Value}
 */
function withoutCodes(value) {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(withoutCodes);
  return new Map(
    [...value].map(([name, member]) => [name, name === 'card_security_code' ? '***' : withoutCodes(member)]),
  );
}

/**
 * Masks card numbers, with spaces or hyphens in them too.
 *
 * @param {string} part
 * @param {Set<string>} cards
 * @returns {string}
 */
function masked(part, cards) {
  let shown = part;
  for (const card of cards) {
    if (!/^\d{8,19}$/.test(card)) continue;
    shown = shown.replace(new RegExp([...card].join('[ -]?'), 'g'), maskCardNumber(card));
  }
  return shown;
}

/**
 * @param {Value} value
 * @returns {unknown}
 */
function plain(value) {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries([...value].map(([name, member]) => [name, plain(member)]));
}
