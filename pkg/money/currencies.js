/** The currencies that an amount can be in. */

import { CURRENCIES } from '../generated/currency-names.js';

/**
 * A currency.
 * @typedef {object} CurrencyInfo
 * @property {string} code ISO 4217: `'AED'`.
 * @property {number} exponent How many decimals: 2, so that 4999 minor units are 49.99.
 * @property {string} name In English, as ISO 4217 has it.
 */

/**
 * Every active ISO 4217 currency that has a minor unit, by code. The list's date stands in `docs/reference.md`.
 *
 * @returns {CurrencyInfo[]} A new array each time.
 */
export function currencies() {
  return CURRENCIES.slice(1)
    .split('\n')
    .map((line) => {
      const [code = '', exponent, name = ''] = line.split('\t');
      return { code, exponent: Number(exponent), name };
    });
}
