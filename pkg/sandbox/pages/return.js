/** The return to the shop, and the page that is shown when there is no `return_url`. */

import { text } from '../message.js';
import { html, languageOf, page } from './html.js';
import { WORDS } from './words.js';

/** @typedef {import('../message.js').Message} Message */

/**
 * The return as a form, submitted by our script, or by its button where scripts are off.
 *
 * @param {string} returnUrl
 * @param {Message} reply
 */
export function returnPage(returnUrl, reply) {
  const language = languageOf(reply);
  const words = WORDS[language];
  const fields = parametersOf(reply).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return page(
    language,
    words.return_title,
    html`<section class="panel" aria-labelledby="title">
<h1 id="title">${words.return_title}</h1>
<p role="status">${words.return_text}</p>
<form id="return" method="post" action="${returnUrl}">${fields}<button class="main">${words.return_button}</button></form>
</section>`,
  );
}

/**
 * @param {string} returnUrl
 * @param {Message} reply
 */
export function returnLocation(returnUrl, reply) {
  const url = new URL(returnUrl);
  const query = new URLSearchParams(parametersOf(reply)).toString();
  // The merchant's own query is kept as written.
  url.search = url.search === '' ? query : `${url.search}&${query}`;
  return url.href;
}

/**
 * The result of a message that names no page to return to.
 *
 * @param {Message} reply
 */
export function resultPage(reply) {
  const language = languageOf(reply);
  const words = WORDS[language];
  const [code = '', message = ''] = ['response_code', 'response_message'].map((name) => text(reply, name));
  return page(
    language,
    words.result_title,
    html`<section class="panel" aria-labelledby="title">
<h1 id="title">${words.result_title}</h1>
<p class="${code.startsWith('00') ? 'problem' : 'note'}" role="status"><bdi lang="en">${code}: ${message}</bdi></p>
<p class="soft">${words.result_text}</p>
</section>`,
  );
}

/**
 * @param {number} status
 * @param {string} title
 */
export function errorPage(status, title) {
  const heading = `HTTP Status ${status} – ${title}`;
  return page(
    'en',
    heading,
    html`<section class="panel" aria-labelledby="title"><h1 id="title">${heading}</h1></section>`,
  );
}

/**
 * Flattens a reply: forms have no nesting.
 *
 * @param {Message} reply
 * @returns {[string, string][]}
 */
export function parametersOf(reply) {
  return [...reply].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
}
