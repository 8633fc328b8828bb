/** Stored cards by token. */

import { randomBytes } from 'node:crypto';

/** @typedef {{ number: string, expiry: string, holder: string | undefined }} Card */

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
   * @param {Card} card
   * @param {string} [token_name] Made up unless told.
   * @returns {string} The token's name.
   */
  keep(card, token_name = randomBytes(16).toString('hex').toUpperCase()) {
    this.#cards.set(token_name, card);
    return token_name;
  }
}
