// What a bundle for browsers gets in place of `aps-payops/server`: no signer, and calls that say why.

import { ConfigurationError } from './errors.js';

/**
 * @param {string} name
 * @returns {never}
 */
function refuse(name) {
  const why = 'phrases, and what they sign, must not be in a browser, where anyone can read them. Call your own server';
  throw new ConfigurationError('not_in_browsers', `aps-payops/server: ${name} does not run in browsers: ${why}.`);
}

/** Does not run in browsers. */
export class PaymentServices {
  constructor() {
    refuse('PaymentServices');
  }

  /** @returns {never} */
  static fromEnv() {
    return refuse('PaymentServices.fromEnv');
  }
}

export const buildForm = () => refuse('buildForm');
export const buildRequest = () => refuse('buildRequest');
export const explainSignature = () => refuse('explainSignature');
export const openNotification = () => refuse('openNotification');
export const openReply = () => refuse('openReply');
export const sign = () => refuse('sign');
export const verify = () => refuse('verify');

export * from './index.js';
