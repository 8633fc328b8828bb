// A test account, a capture, and the signed reply to it.

import { sign } from 'aps-payops/server';
import { account } from '../../account.js';
import { phrases } from '../../secrets.js';

export { account };
/** How the replies are signed. */
export const options = { phrase: phrases.response, digest: /** @type {const} */ ('SHA-256') };
/** The reply to `capture`, unsigned. */
export const base = {
  command: 'CAPTURE',
  access_code: account.access_code,
  merchant_identifier: account.merchant_identifier,
  merchant_reference: 'order-1',
  amount: '1000',
  currency: 'AED',
  language: 'en',
  response_code: '04000',
  status: '04',
};
/** @param {Record<string, unknown>} params */
export const signed = (params) => JSON.stringify({ ...params, signature: sign(params, options) });
export const capture = { merchant_reference: 'order-1', amount: '1000', currency: 'AED' };
