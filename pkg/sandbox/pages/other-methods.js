/** The page of a payment without a card, in place of the wallet's or the bank's. */

import { text } from '../message.js';
import { choiceForm } from './choice.js';
import { html, languageOf, page } from './html.js';
import { orderList } from './order.js';
import { problem } from './payment.js';
import { METHODS, WORDS } from './words.js';

/** @typedef {import('../message.js').Message} Message */

/**
 * @param {string} id
 * @param {Message} message
 * @param {import('../check.js').Complaint} [complaint] About the previous submission.
 */
export function methodPage(id, message, complaint) {
  const language = languageOf(message);
  const words = WORDS[language];
  const option = text(message, 'digital_wallet') ?? text(message, 'payment_option') ?? '';
  const method = METHODS[language][option] ?? option;
  const named = (/** @type {string} */ sentence) => sentence.replace('{method}', `\u2068${method}\u2069`);
  const action = `/FortAPI/paymentPage/${id}`;
  return page(
    language,
    named(words.method_title),
    html`<section class="panel" aria-labelledby="title">
<h1 id="title">${named(words.method_title)}</h1>
<p class="soft">${named(words.method_intro)}</p>
${orderList(message, language)}
${complaint && problem(language, complaint)}
${choiceForm(action, {
  pass: { label: words.pay, hint: words.method_pass_hint },
  fail: { label: words.decline, hint: words.method_fail_hint },
})}
<form method="post" action="${action}"><button class="plain" name="cancel" value="1">${words.cancel}</button></form>
</section>`,
  );
}
