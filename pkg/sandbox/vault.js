/** Stored cards by token. */

import { randomBytes } from 'node:crypto';

/** @typedef {{ number: string, expiry: string, holder: string | undefined, inactive?: boolean }} Card */

export class Vault {
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

  /**
   * Another name, expiry date, holder or state for a token.
   *
   * @param {string} token_name
   * @param {Partial<Card>} changes
   * @param {string} [renamed]
   * @returns {Card | undefined} As it is now; none if there is no such token.
   */
  change(token_name, changes, renamed = token_name) {
    const card = this.#cards.get(token_name);
    if (!card) return undefined;
    const next = { ...card, ...changes };
    this.#cards.delete(token_name);
    this.#cards.set(renamed, next);
    return next;
  }

  /**
   * @param {Card} card
   * @param {string} [token_name] Made up unless told.
   * @returns {string} The token's name.
   */
  keep(card, token_name = randomBytes(16).toString('hex').toUpperCase()) {
    this.#cards.set(token_name, card);
    return token_name;
  }
}
