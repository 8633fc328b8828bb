// The brand of a card, and what the checkout needs to know about each brand. The rules decide which numbers APS accepts.

import { cardScheme } from '../message/validate.js';

/** The brands that APS accepts (DOC, payment tables). */
export const ACCEPTED = ['VISA', 'MASTERCARD', 'AMEX', 'MADA', 'MEEZA', 'JAYWAN'];

/**
 * @param {string} digits of a card number, or the first of them
 * @returns {string | null} APS's name of the brand, or the name of one that it does not accept
 */
export const brandOf = (digits) => cardScheme(digits).brand;

/**
 * The most digits that a number of this brand has (DOC trusted channel: AMEX 15, MEEZA 19 or 16, all others 16).
 * @param {string | null} brand
 * @returns {number}
 */
export function longestNumber(brand) {
  if (brand === 'AMEX') return 15;
  return brand && brand !== 'MEEZA' && ACCEPTED.includes(brand) ? 16 : 19;
}
