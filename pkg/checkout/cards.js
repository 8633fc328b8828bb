// Whose card it is, and what the checkout needs to know of each brand. Which numbers APS takes, the rules say.

import { cardBrand } from '../message/validate.js';

/** The brands that APS takes (DOC, payment tables). */
export const ACCEPTED = ['VISA', 'MASTERCARD', 'AMEX', 'MADA', 'MEEZA', 'JAYWAN'];

/**
 * Brands that APS does not take, by the first digits: shoppers are told before they look for a mistyped digit.
 * Ranges as the networks publish them, 2026-11.
 * @type {Record<string, RegExp>}
 */
const OTHERS = {
  DISCOVER: /^(6011|64[4-9]|65)/,
  JCB: /^35(2[89]|[3-8])/,
  UNIONPAY: /^(62|81)/,
  DINERS: /^3(0[0-5]|095|[689])/,
};

/**
 * @param {string} digits of a card number, or the first of them
 * @returns {string | null} APS's name of the brand, or one of `OTHERS`
 */
export function brandOf(digits) {
  return cardBrand(digits) ?? Object.keys(OTHERS).find((brand) => OTHERS[brand]?.test(digits)) ?? null;
}

/**
 * The most digits that a number of this brand has (DOC trusted channel: AMEX 15, MEEZA 19 or 16, all others 16).
 * @param {string | null} brand
 * @returns {number}
 */
export function longestNumber(brand) {
  if (brand === 'AMEX') return 15;
  return brand && brand !== 'MEEZA' && ACCEPTED.includes(brand) ? 16 : 19;
}
