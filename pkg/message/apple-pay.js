// Apple Pay's token, as APS's parameters (NEW /docs/api/payment-methods/apple-pay; the official PHP SDK).

import { issue, ValidationError } from '../errors.js';

/**
 * @typedef {object} ApplePayData
 * @property {string} data the payment, encrypted, Base64
 * @property {string} signature Apple's, Base64
 * @property {ApplePayHeader} header what it was encrypted with
 */
/**
 * @typedef {object} ApplePayMethod
 * @property {string | null} [displayName] `Visa 1234`, for the customer
 * @property {string | null} [network] Apple's name of the brand
 * @property {string | null} [type] `debit`, `credit`, `prepaid` or `store`
 */
/**
 * The parts of an `ApplePayPaymentToken` that are used (Apple Pay on the Web, `event.payment.token`).
 * @typedef {object} ApplePayToken
 * @property {ApplePayData} paymentData what Apple encrypted and signed
 * @property {ApplePayMethod} [paymentMethod] the card
 */

/**
 * @typedef {object} ApplePayHeader
 * @property {string} transactionId Apple's name of the transaction, hexadecimal
 * @property {string} ephemeralPublicKey the key that it was encrypted with, Base64
 * @property {string} publicKeyHash of the merchant's key, Base64
 * @property {string} [applicationData] of the shop's own, hexadecimal
 */

/**
 * @typedef {object} ApplePayParamsHeader
 * @property {string} apple_transactionId `transactionId`
 * @property {string} apple_ephemeralPublicKey `ephemeralPublicKey`
 * @property {string} apple_publicKeyHash `publicKeyHash`
 */
/**
 * @typedef {object} ApplePayParamsMethod
 * @property {string} apple_displayName `displayName`
 * @property {string} apple_network `network`
 * @property {string} apple_type `type`
 */
/**
 * Parameters of AUTHORIZATION and PURCHASE.
 * @typedef {object} ApplePayParams
 * @property {'APPLE_PAY'} digital_wallet the wallet
 * @property {string} apple_data `paymentData.data`
 * @property {string} apple_signature `paymentData.signature`
 * @property {ApplePayParamsHeader} apple_header `paymentData.header`
 * @property {ApplePayParamsMethod} [apple_paymentMethod] `paymentMethod`
 * @property {string} [apple_applicationData] `paymentData.header.applicationData`
 */

/**
 * What to do about a token that is not whole.
 * @param {any} token
 */
function cureFor(token) {
  if (typeof token === 'string') return 'parse the JSON that the page sent';
  const data = token?.paymentData;
  if (typeof data === 'object' && data !== null && Object.keys(data).length === 0) {
    return "pay on a device, since Apple's simulator gives empty tokens";
  }
  return 'give event.payment.token of Apple Pay as it is';
}

/**
 * The parameters for a payment with Apple Pay, from the token that Apple's script hands to the page: send the token to
 * the server as JSON, and spread these into `authorize` or `purchase`.
 * @param {ApplePayToken} token `event.payment.token`
 * @returns {ApplePayParams}
 * @throws {ValidationError} naming each member that is missing
 */
export function applePayParams(token) {
  /** @type {import('../errors.js').Issue[]} */
  const issues = [];
  /** @param {unknown} owner @param {string} path @param {string} name */
  const text = (owner, path, name) => {
    const value = typeof owner === 'object' && owner !== null ? /** @type {any} */ (owner)[name] : undefined;
    if (typeof value === 'string' && value !== '') return value;
    const full = `${path}.${name}`;
    const given = value === undefined || value === null || value === '' ? 'missing' : 'bad_format';
    issues.push(issue(full, given, `${full} must be text: ${cureFor(token)}.`));
    return '';
  };
  const data = token?.paymentData;
  const header = data?.header;
  const path = 'token.paymentData';
  const method = token?.paymentMethod;
  /** @type {ApplePayParams} */
  const params = {
    digital_wallet: 'APPLE_PAY',
    apple_data: text(data, path, 'data'),
    apple_signature: text(data, path, 'signature'),
    apple_header: {
      apple_transactionId: text(header, `${path}.header`, 'transactionId'),
      apple_ephemeralPublicKey: text(header, `${path}.header`, 'ephemeralPublicKey'),
      apple_publicKeyHash: text(header, `${path}.header`, 'publicKeyHash'),
    },
  };
  if (method) {
    params.apple_paymentMethod = {
      apple_displayName: text(method, 'token.paymentMethod', 'displayName'),
      apple_network: text(method, 'token.paymentMethod', 'network'),
      apple_type: text(method, 'token.paymentMethod', 'type'),
    };
  }
  if (header?.applicationData !== undefined) {
    params.apple_applicationData = text(header, `${path}.header`, 'applicationData');
  }
  if (issues.length > 0) throw new ValidationError(issues);
  return params;
}
