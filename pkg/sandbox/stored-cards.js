/** Stored cards by token. */

import { randomBytes } from 'node:crypto';
import { text } from './message.js';

/** @typedef {import('./message.js').Message} Message */

/**
 * @typedef {object} Card
 * @property {string} number Empty for a wallet, which has none.
 * @property {string} expiry `YYMM`
 * @property {string | undefined} holder
 * @property {string | undefined} email Whose it is, if a payment said so.
 * @property {number} created Milliseconds since 1970.
 * @property {string | undefined} wallet The `digital_wallet` that a token is of, instead of a card.
 * @property {boolean} inactive
 */

/**
 * The card of a request.
 *
 * @param {Message} message
 * @param {number} at
 * @returns {Card}
 */
export function cardOf(message, at) {
  return {
    number: text(message, 'card_number') ?? '',
    expiry: text(message, 'expiry_date') ?? '',
    holder: text(message, 'card_holder_name'),
    email: text(message, 'customer_email'),
    created: at,
    wallet: undefined,
    inactive: false,
  };
}

export class StoredCards {
  /** @type {Map<string, Card>} */
  #cards = new Map();

  clear() {
    this.#cards.clear();
  }

  /**
   * @param {string | undefined} token_name
   * @returns {Card | undefined}
   */
  get(token_name) {
    return token_name === undefined ? undefined : this.#cards.get(token_name);
  }

  /** All, with their tokens, the oldest first. */
  entries() {
    return [...this.#cards];
  }

  /**
   * Another name, expiry date, holder or state for a token.
   *
   * @param {string} token_name
   * @param {Partial<Card>} changes
   * @param {string} [renamed]
   * @returns {Card | undefined} As it is now; undefined if there is no such token.
   */
  change(token_name, changes, renamed = token_name) {
    const card = this.#cards.get(token_name);
    if (!card) return undefined;
    const next = { ...card, ...changes };
    if (renamed !== token_name) this.#cards.delete(token_name);
    this.#cards.set(renamed, next);
    return next;
  }

  /**
   * @param {Card} card
   * @param {string} [token_name] Made up by default.
   * @returns {string} The token's name.
   */
  keep(card, token_name = randomBytes(16).toString('hex').toUpperCase()) {
    this.#cards.set(token_name, card);
    return token_name;
  }
}
