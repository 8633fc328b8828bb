// Test cards by label. The server sends them itself, so no card data is typed into the merchant's page or crosses it.

/**
 * @typedef {object} Card
 * @property {string} id the label that the page sends
 * @property {string} payment_option
 * @property {string} outcome what the gateway makes of it
 * @property {string} tail the last four digits
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
export function labelled(cards, { offline }) {
  return cards
    .filter(({ outcome }) => offline || PUBLISHED.has(outcome))
    .map(({ number, brand, expiry, securityCode, outcome }) => {
      const tail = number.slice(-4);
      return {
        id: `${brand.toLowerCase()}-${outcome}-${tail}`,
        payment_option: brand,
        outcome,
        tail,
        card_number: number,
        expiry_date: expiry,
        card_security_code: securityCode,
      };
    });
}
