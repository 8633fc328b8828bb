/** Where ways to pay that need no card go on: in place of the wallet's or the bank's own page. */

import { text } from '../message.js';
import { choiceForm } from './choice.js';
import { html, languageOf, page } from './html.js';
import { orderList } from './order.js';
import { problem } from './payment.js';
import { WORDS } from './words.js';

/** @typedef {import('../message.js').Message} Message */

/**
 * @param {string} id
 * @param {Message} message
 * @param {import('../check.js').Complaint} [complaint] About what was sent before.
 */
export function wayPage(id, message, complaint) {
  const language = languageOf(message);
  const words = WORDS[language];
  const way = text(message, 'digital_wallet') ?? text(message, 'payment_option') ?? '';
  const named = (/** @type {string} */ sentence) => sentence.replace('{way}', `\u2068${way}\u2069`);
  const action = `/FortAPI/paymentPage/${id}`;
  return page(
    language,
    named(words.way_title),
    html`<section class="panel" aria-labelledby="title">
<h1 id="title">${named(words.way_title)}</h1>
<p class="soft">${named(words.way_intro)}</p>
${orderList(message, language)}
${complaint && problem(language, complaint)}
${choiceForm(action, {
  pass: { label: words.pay, hint: words.way_pass_hint },
  fail: { label: words.decline, hint: words.way_fail_hint },
})}
<form method="post" action="${action}"><button class="plain" name="cancel" value="1">${words.cancel}</button></form>
</section>`,
  );
}
