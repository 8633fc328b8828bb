// Ways to pay other than the card form: which ones an order offers, and the parameters of each.

import { ConfigurationError } from 'aps-payops';

/**
 * @typedef {object} Method
 * @property {string} name APS's `payment_option`
 * @property {readonly string[]} currencies that it pays in
 * @property {boolean} atOnce whether it takes the money at once: there is no authorization of it
 * @property {boolean} needsPhone whether the customer's phone is needed
 */

/**
 * The gateway's page leads on to the bank's or the lender's (DOC, tables of payment options; NEW for Tabby and Tamara).
 *
 * @type {readonly Method[]}
 */
const REDIRECTED = [
  { name: 'KNET', currencies: ['KWD'], atOnce: true, needsPhone: false },
  { name: 'NAPS', currencies: ['QAR'], atOnce: true, needsPhone: false },
  { name: 'BENEFIT', currencies: ['BHD'], atOnce: true, needsPhone: false },
  { name: 'OMANNET', currencies: ['OMR'], atOnce: true, needsPhone: false },
  { name: 'TABBY', currencies: ['AED', 'SAR', 'KWD'], atOnce: false, needsPhone: true },
  { name: 'TAMARA', currencies: ['AED', 'SAR'], atOnce: false, needsPhone: true },
];

/** Pays by a one-time password that the wallet sends (WOO; NEW, STC Pay: SAR, PURCHASE only). */
const STC_PAY = { name: 'STCPAY', currencies: ['SAR'], atOnce: true, needsPhone: true };

/** Pays by a one-time password and a plan (NEW valU: EGP, PURCHASE only). */
const VALU = { name: 'VALU', currencies: ['EGP'], atOnce: true, needsPhone: true };

const ALL = [...REDIRECTED, STC_PAY, VALU];

/** Any currency, with its own credentials (NEW Apple Pay). */
export const APPLE_PAY = 'APPLE_PAY';

/** Plans of the banks that issued the cards (NEW installments: Egypt, KSA, UAE; by PURCHASE). */
const INSTALMENTS = { name: 'INSTALLMENTS', currencies: ['AED', 'EGP', 'SAR'] };

export const METHODS = [...ALL.map(({ name }) => name), APPLE_PAY, INSTALMENTS.name];

/** Whether an order may be paid in instalments. @param {string} currency @param {readonly string[]} enabled */
export const instalmentsFor = (currency, enabled) =>
  enabled.includes(INSTALMENTS.name) && INSTALMENTS.currencies.includes(currency);

/**
 * The methods that an account has. APS has no lookup for that, so it is configured: `SHOP_METHODS=KNET,TABBY`. The offline sandbox
 * has all.
 *
 * @param {Record<string, string | undefined>} env
 * @param {{ offline: boolean }} options
 * @throws {ConfigurationError} `unknown_method`
 */
export function enabledMethods({ SHOP_METHODS }, { offline }) {
  if (SHOP_METHODS === undefined) return offline ? METHODS : [];
  const names = SHOP_METHODS.split(',').flatMap((name) => name.trim() || []);
  const unknown = names.filter((name) => !METHODS.includes(name));
  if (unknown.length > 0) {
    const message = `SHOP_METHODS has ${unknown.join(', ')}; known are ${METHODS.join(', ')}.`;
    throw new ConfigurationError('unknown_method', message);
  }
  return names;
}

/** Brands that are charged at once, stored or not. */
const AT_ONCE = new Set(['MADA', 'MEEZA', 'JAYWAN']);

/**
 * @param {string} currency of the order
 * @param {readonly string[]} enabled what the account has
 * @returns {Method[]}
 */
export const methodsFor = (currency, enabled) =>
  ALL.filter(({ name, currencies }) => enabled.includes(name) && currencies.includes(currency));

/**
 * The parameters of the form that select a way to pay on the gateway's page.
 *
 * @typedef {object} Choice
 * @property {'AUTHORIZATION' | 'PURCHASE'} command
 * @property {Record<string, string>} params
 */

/** Whether a method is paid on the gateway's page. @param {Method} method */
export const isRedirected = (method) => REDIRECTED.includes(method);

/**
 * @param {Method} method of the gateway's page
 * @param {{ id: string, description: string, command: 'AUTHORIZATION' | 'PURCHASE' }} order
 * @param {string} phone
 * @returns {Choice}
 */
export function payBy({ name, atOnce, needsPhone }, order, phone) {
  const params = {
    payment_option: name,
    // Lenders require the items.
    ...(needsPhone && { phone_number: phone, order_description: order.description || order.id }),
  };
  return { command: atOnce ? 'PURCHASE' : order.command, params };
}

/**
 * Pays by a stored card. The gateway's page asks for its security code, which never reaches the shop.
 *
 * @param {import('./stored-cards.js').StoredCard} card
 * @param {{ command: 'AUTHORIZATION' | 'PURCHASE' }} order
 * @returns {Choice}
 */
export function payByStored({ token_name, brand }, order) {
  return { command: AT_ONCE.has(brand ?? '') ? 'PURCHASE' : order.command, params: { token_name } };
}
