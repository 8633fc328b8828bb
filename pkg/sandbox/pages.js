/** The pages that a browser sees: the payment page, the 3-D Secure challenge, the way back. No inline script or style. */

import { maskCardNumber, testCards } from './cards.js';
import { messageOf } from './codes.js';
import { text } from './message.js';

/** @typedef {import('./message.js').Message} Message */

/** @type {Record<string, { type: string, body: string }>} */
export const ASSETS = {
  '/FortAPI/sandbox.css': {
    type: 'text/css;charset=UTF-8',
    body: `body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}table{border-collapse:collapse;width:100%}td{padding:.3rem .5rem;border-top:1px solid #ccc}
label{display:block;margin:.5rem 0}input{font:inherit;width:100%;padding:.3rem;box-sizing:border-box}
button{font:inherit;padding:.4rem 1rem;cursor:pointer}.problem{border-left:.3rem solid #b00;padding:.3rem .8rem}`,
  },
  '/FortAPI/return.js': {
    type: 'text/javascript;charset=UTF-8',
    body: `document.getElementById('return').submit();\n`,
  },
};

/** @param {string} raw */
const escaped = (raw) => raw.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * @param {string} title
 * @param {string} body
 * @param {{ script?: boolean }} [options]
 */
function page(title, body, { script = false } = {}) {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><link rel="stylesheet" href="/FortAPI/sandbox.css">
${script ? '<script src="/FortAPI/return.js" defer></script>' : ''}</head>
<body><main><h1>${escaped(title)}</h1>
${body}
</main></body></html>
`;
}

/** @param {Message} message */
function order(message) {
  const shown = ['merchant_reference', 'order_description', 'amount', 'currency'].flatMap((name) => {
    const value = text(message, name);
    return value === undefined ? [] : [`${escaped(name)} <b>${escaped(value)}</b>`];
  });
  return `<p>${shown.join('<br>')}</p>`;
}

/**
 * @param {string} code
 * @param {string | undefined} [detail]
 */
const complaint = (code, detail) =>
  `<p class="problem" role="alert">${escaped(code)}: ${escaped(messageOf(code, detail))}</p>`;

/**
 * @param {string} id
 * @param {Message} message
 * @param {{ code: string, detail?: string | undefined }} [problem]
 */
export function paymentPage(id, message, problem) {
  const action = `/FortAPI/paymentPage/${id}`;
  const rows = testCards.map(
    (card) => `<tr><td>${card.brand}</td><td>${card.number}</td><td>${escaped(card.description)}</td><td>
<form method="post" action="${action}"><input type="hidden" name="card_number" value="${card.number}">
<input type="hidden" name="expiry_date" value="${card.expiry}">
<input type="hidden" name="card_security_code" value="${card.securityCode}"><button>Pay</button></form></td></tr>`,
  );
  /**
   * @param {string} name
   * @param {string} label
   * @param {string} autocomplete
   */
  const field = (name, label, autocomplete) =>
    `<label>${label} <input name="${name}" autocomplete="${autocomplete}" ${name === 'card_holder_name' ? '' : 'inputmode="numeric"'}></label>`;
  const token = text(message, 'token_name');
  return page(
    'Payment page of the sandbox',
    `${order(message)}${problem ? complaint(problem.code, problem.detail) : ''}
${token === undefined ? '' : `<form method="post" action="${action}"><button>Pay with the stored card ${escaped(token)}</button></form>`}
<h2>Test cards</h2><table>${rows.join('\n')}</table>
<h2>Another card</h2><form method="post" action="${action}">
${field('card_number', 'Card number', 'cc-number')}${field('expiry_date', 'Expiry date (YYMM)', 'off')}
${field('card_security_code', 'Security code', 'cc-csc')}${field('card_holder_name', 'Name on the card', 'cc-name')}
<button>Pay</button></form>
<form method="post" action="${action}"><button name="cancel" value="1">Cancel</button></form>`,
  );
}

/**
 * @param {string} id
 * @param {Message} message
 */
export function challengePage(id, message) {
  const card = text(message, 'card_number');
  return page(
    '3-D Secure challenge of the sandbox',
    `${order(message)}${card === undefined ? '' : `<p>Card ${escaped(maskCardNumber(card))}</p>`}
<form method="post" action="/FortAPI/3ds/${id}"><button name="result" value="pass">Pass</button>
<button name="result" value="fail">Fail</button></form>`,
  );
}

/**
 * The way back as a form, which a script of ours sends and the button does where scripts are off.
 *
 * @param {string} returnUrl
 * @param {Message} reply
 */
export function returnPage(returnUrl, reply) {
  const fields = plain(reply).map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  return page(
    'Back to the shop',
    `<form id="return" method="post" action="${escaped(returnUrl)}">${fields.join('')}<button>Continue</button></form>`,
    { script: true },
  );
}

/**
 * @param {string} returnUrl
 * @param {Message} reply
 */
export function returnLocation(returnUrl, reply) {
  const url = new URL(returnUrl);
  const query = new URLSearchParams(plain(reply)).toString();
  // The merchant's own query stays as it was written.
  url.search = url.search === '' ? query : `${url.search}&${query}`;
  return url.href;
}

/**
 * @param {string} title
 * @param {Message} reply
 */
export function resultPage(title, reply) {
  const [code = '', message = ''] = ['response_code', 'response_message'].map((name) => text(reply, name));
  return page(title, `<p class="problem" role="status">${escaped(code)}: ${escaped(message)}</p>`);
}

/**
 * @param {number} status
 * @param {string} title
 */
export function errorPage(status, title) {
  return page(`HTTP Status ${status} – ${title}`, '');
}

/**
 * A form has no nesting.
 *
 * @param {Message} reply
 * @returns {[string, string][]}
 */
function plain(reply) {
  return [...reply].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
}
