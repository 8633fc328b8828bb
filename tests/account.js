// The account of tests and examples, which belongs to nobody.

import { phrases } from './secrets.js';

/** What APS gave to the merchant. */
export const credentials = {
  merchant_identifier: 'CycHZxVj',
  access_code: 'zx0IPmPy5jp1vAz8Kpg7',
  sha_request_phrase: phrases.request,
  sha_response_phrase: phrases.response,
};

export const account = { environment: /** @type {const} */ ('sandbox'), ...credentials };
