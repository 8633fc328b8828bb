// Test cards, listed beside the card form. The server has no other use for them.

/**
 * @typedef {object} Card
 * @property {string} payment_option
 * @property {string} outcome what the gateway makes of it
 * @property {string} card_number
 * @property {string} expiry_date YYMM
 * @property {string} card_security_code
 */

/** APS publishes cards that are approved or challenged; the others exist in the offline sandbox only. */
const PUBLISHED = new Set(['success', 'challenge']);

/**
 * @param {readonly import('aps-payops/sandbox').TestCard[]} cards
 * @param {{ offline: boolean }} options
 * @returns {Card[]}
 */
export function printable(cards, { offline }) {
  return cards
    .filter(({ outcome }) => offline || PUBLISHED.has(outcome))
    .map(({ number, brand, expiry, securityCode, outcome }) => ({
      payment_option: brand,
      outcome,
      card_number: number,
      expiry_date: expiry,
      card_security_code: securityCode,
    }));
}
