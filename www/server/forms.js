// The signed forms that the browser posts to the gateway's payment page. The merchant signs its parameters; the card goes
// from the browser to the gateway alone.
import { buildForm, buildRequest } from 'aps-payops/server';

/** @typedef {'en' | 'ar'} Language */

/**
 * @param {object} options
 * @param {import('aps-payops/server').Account} options.account
 * @param {string} options.origin under which browsers reach the shop
 */
export function createForms({ account, origin }) {
  // Language and order are in the path, since cookies may be lost on the way back.
  const returnUrl = (/** @type {string} */ order, /** @type {Language} */ language) =>
    `${origin}/return/${language}/${order}`;

  return {
    returnUrl,

    /**
     * TOKENIZATION: the page's own card fields are posted along with these.
     *
     * @param {string} merchant_reference
     * @param {{ id: string }} order
     * @param {Language} language
     */
    card: (merchant_reference, order, language) =>
      buildForm(
        'TOKENIZATION',
        { merchant_reference, return_url: returnUrl(order.id, language) },
        { ...account, language },
      ),

    /**
     * The whole payment on the gateway's own page.
     *
     * @param {'AUTHORIZATION' | 'PURCHASE'} command
     * @param {string} merchant_reference
     * @param {{ id: string, email: string, description: string }} order
     * @param {import('aps-payops').Amount} amount
     * @param {Language} language
     * @param {Record<string, string>} [chosen] what it is paid with
     */
    hosted: (command, merchant_reference, order, amount, language, chosen) =>
      buildForm(
        command,
        {
          merchant_reference,
          amount,
          customer_email: order.email,
          ...(order.description && { order_description: order.description }),
          return_url: returnUrl(order.id, language),
          ...chosen,
        },
        { ...account, language },
      ),
  };
}

/** The API of an offline gateway in this process: no browser connects to port 1. */
const IN_PROCESS = '1';

/**
 * Where the gateway's pages are: a form of ours may go there, and be redirected from there.
 *
 * @param {import('aps-payops/server').Account} account
 * @returns {string[]}
 */
export function gatewayOrigins(account) {
  const page = buildForm('TOKENIZATION', { merchant_reference: 'origin' }, account).action;
  const api = buildRequest('CHECK_STATUS', { merchant_reference: 'origin' }, account).url;
  const urls = [page, api].map((url) => new URL(url));
  return [...new Set(urls.filter(({ port }) => port !== IN_PROCESS).map(({ origin }) => origin))];
}
