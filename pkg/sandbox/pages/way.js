/** Where ways to pay that need no card go on: in place of the wallet's or the bank's own page. */

import { text } from '../message.js';
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
<form method="post" action="${action}" class="choice">
<div><button class="main" name="result" value="pass" aria-describedby="pass-hint">${words.pay}</button>
<p class="hint" id="pass-hint">${words.way_pass_hint}</p></div>
<div><button name="result" value="fail" aria-describedby="fail-hint">${words.decline}</button>
<p class="hint" id="fail-hint">${words.way_fail_hint}</p></div>
</form>
<form method="post" action="${action}"><button class="plain" name="cancel" value="1">${words.cancel}</button></form>
</section>`,
  );
}
