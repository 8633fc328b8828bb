/** What may be shown of a message: no card number, no security code, no phrase. */

import { maskCardNumber } from './cards.js';
import { kindOf } from './dictionary.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./message.js').Value} Value */

/**
 * @param {Value} value
 * @param {(shown: string) => string} change
 * @returns {Value}
 */
function mapTexts(value, change) {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  return new Map([...value].map(([name, member]) => [change(name), mapTexts(member, change)]));
}

/**
 * The parameters of a request as the answer echoes them. Card numbers are masked wherever they occur, since answers end up
 * in logs.
 *
 * @param {Message} message
 * @returns {Message}
 */
export function echo(message) {
  const cards = findCardNumbers(message);
  /** @type {Message} */
  const copy = new Map();
  for (const [name, value] of message) {
    if (name === 'signature' || kindOf(name) === 'security_code') continue;
    copy.set(name, cards.length === 0 ? value : mapTexts(value, (shown) => maskCards(shown, cards)));
  }
  return copy;
}

/**
 * A plain copy for the log.
 *
 * @param {Message} message
 * @param {RegExp} secrets Masked wherever they occur.
 * @returns {Record<string, unknown>}
 */
export function toLoggable(message, secrets) {
  const shown = /** @type {Message} */ (hideCodes(echo(message)));
  for (const [name, value] of message) {
    if (name === 'signature') shown.set(name, value);
    else if (kindOf(name) === 'security_code') shown.set(name, '***');
  }
  const clean = mapTexts(shown, (part) => part.replace(secrets, '[secret]'));
  return /** @type {Record<string, unknown>} */ (toPlain(clean));
}

/**
 * Every card number in a message, at any depth, and every number of a network token.
 *
 * @param {Value} value
 * @param {string} [path]
 * @returns {string[]}
 */
function findCardNumbers(value, path = '') {
  if (typeof value === 'string') return [];
  if (Array.isArray(value)) return value.flatMap((item) => findCardNumbers(item, path));
  return [...value].flatMap(([name, member]) => {
    const isCard = kindOf(name) === 'card_number' || (path === 'network_token' && name === 'token');
    if (typeof member === 'string') return isCard && member !== '' ? [member] : [];
    return findCardNumbers(member, name);
  });
}

/**
 * @param {Value} value
 * @returns {Value}
 */
function hideCodes(value) {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(hideCodes);
  return new Map(
    [...value].map(([name, member]) => [name, kindOf(name) === 'security_code' ? '***' : hideCodes(member)]),
  );
}

/**
 * Masks card numbers, with spaces or hyphens in them too.
 *
 * @param {string} part
 * @param {readonly string[]} cards
 * @returns {string}
 */
function maskCards(part, cards) {
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
function toPlain(value) {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(toPlain);
  return Object.fromEntries([...value].map(([name, member]) => [name, toPlain(member)]));
}
