// Test cards, printed beside the card form for people to try. The server does nothing else with them.

/**
 * @typedef {object} Card
 * @property {string} payment_option
 * @property {string} outcome what the gateway makes of it
 * @property {string} card_number
 * @property {string} expiry_date YYMM
 * @property {string} card_security_code
 */

/** APS publishes cards that are approved or challenged; those of other outcomes are the offline sandbox's own. */
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
