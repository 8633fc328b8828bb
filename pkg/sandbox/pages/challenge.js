/** The 3-D Secure challenge, and the page shown after leaving it. */

import { maskCardNumber } from '../cards.js';
import { choiceForm } from './choice.js';
import { html, languageOf, page } from './html.js';
import { grouped, orderList } from './order.js';
import { WORDS } from './words.js';

/** @typedef {import('../message.js').Message} Message */

/**
 * @param {string} id
 * @param {Message} message
 * @param {import('../stored-cards.js').Card} [card]
 */
export function challengePage(id, message, card) {
  const language = languageOf(message);
  const words = WORDS[language];
  /** @type {[string, import('./html.js').Html][]} */
  const more = card ? [[words.card, grouped(maskCardNumber(card.number))]] : [];
  return page(
    language,
    words.challenge_title,
    html`<section class="panel" aria-labelledby="title">
<h1 id="title">${words.challenge_title}</h1>
<p class="soft">${words.challenge_intro}</p>
${orderList(message, language, more)}
${choiceForm(`/FortAPI/3ds/${id}`, {
  pass: { label: words.pass, hint: words.pass_hint },
  fail: { label: words.fail, hint: words.fail_hint },
})}
<p class="leave"><a href="/FortAPI/left/${id}" aria-describedby="leave-hint">${words.abandon}</a></p>
<p class="hint" id="leave-hint">${words.abandon_hint}</p>
</section>`,
  );
}

/**
 * The customer left, and nothing has happened.
 *
 * @param {string} id
 * @param {Message} message
 */
export function leftPage(id, message) {
  const language = languageOf(message);
  const words = WORDS[language];
  return page(
    language,
    words.left_title,
    html`<section class="panel" aria-labelledby="title">
<h1 id="title">${words.left_title}</h1>
<p>${words.left_text}</p>
${orderList(message, language)}
<p><a href="/FortAPI/3ds/${id}">${words.left_back}</a></p>
</section>`,
  );
}
