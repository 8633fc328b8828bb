/** The card form: of the hosted payment page, and of a TOKENIZATION without card fields (Merchant Page). */

import { brandOf, isLocalBrand, maskCardNumber, testCards } from '../cards.js';
import { messageOf } from '../codes.js';
import { text } from '../message.js';
import { html, languageOf, page } from './html.js';
import { grouped, groups, orderList } from './order.js';
import { BRANDS, COMPLAINTS, OUTCOMES, WORDS } from './words.js';

/** @typedef {import('../message.js').Message} Message */
/** @typedef {import('../check.js').Complaint} Complaint */
/** @typedef {import('./html.js').Html} Html */
/** @typedef {import('./html.js').Language} Language */

/** @type {readonly import('../cards.js').CardOutcome[]} */
const ORDER = [
  'success',
  'challenge',
  'declined',
  'insufficient_funds',
  'uncertain',
  'uncertain_declined',
  'technical_problem',
  'refund_declined',
];

/**
 * @param {string} id
 * @param {Message} message
 * @param {object} [options]
 * @param {import('../stored-cards.js').Card} [options.stored] The card of the message's token.
 * @param {Complaint} [options.complaint] About the previous submission.
 * @param {Message} [options.sent] The previous submission. All of it is shown again but the card's number and code.
 */
export function paymentPage(id, message, { stored, complaint, sent = new Map() } = {}) {
  const language = languageOf(message);
  const words = WORDS[language];
  const action = `/FortAPI/paymentPage/${id}`;
  const stores = message.has('service_command');
  const title = stores ? words.token_title : words.pay_title;
  // Of two forms, a complaint is about the one that was sent.
  const isOfStored = !stores && stored !== undefined && !sent.has('card_number');
  const ofCard = isOfStored ? undefined : complaint;
  const form = html`<form method="post" action="${action}" class="card" novalidate>
${field(language, 'card_number', { autocomplete: 'cc-number', digits: true, complaint: ofCard, max: 32 })}
<div class="pair">
${field(language, 'expiry_date', { autocomplete: 'cc-exp', digits: true, hint: words.expiry_hint, value: again(sent, 'expiry_date'), complaint: ofCard, max: 9 })}
${field(language, 'card_security_code', { autocomplete: 'cc-csc', digits: true, hint: words.security_hint, complaint: ofCard, max: 4 })}
</div>
${field(language, 'card_holder_name', { autocomplete: 'cc-name', value: again(sent, 'card_holder_name'), complaint: ofCard, max: 50 })}
${!message.has('remember_me') && remember(words.remember_me, sent.has('remember_me'))}
<button class="main">${stores ? words.proceed : words.pay}</button>
</form>`;
  return page(
    language,
    title,
    html`<section class="panel" aria-labelledby="title">
<h1 id="title">${title}</h1>
${stores && html`<p class="soft">${words.token_intro}</p>`}
${orderList(message, language)}
${complaint && problem(language, complaint)}
${!stores && stored && storedCard(language, action, stored, isOfStored ? complaint : undefined)}
${!stores && stored && html`<h2>${words.other_card}</h2>`}
${form}
<form method="post" action="${action}"><button class="plain" name="cancel" value="1">${words.cancel}</button></form>
</section>
${cardList(language, text(message, 'command') === 'AUTHORIZATION')}`,
    'two',
  );
}

/**
 * What was typed, unless it may be a card number or a security code in the wrong field.
 *
 * @param {Message} sent
 * @param {string} name
 */
function again(sent, name) {
  const typed = text(sent, name) ?? '';
  const digits = typed.replace(/\P{Nd}/gu, '').length;
  if (name === 'card_holder_name') return digits < 3 ? typed : '';
  // Four digits alone are as likely a date.
  return digits < 12 && !/^\s*\p{Nd}{3}\s*$/u.test(typed) ? typed : '';
}

/** @param {string} label @param {boolean} isTicked */
const remember = (label, isTicked) =>
  html`<p class="check"><input type="checkbox" id="remember_me" name="remember_me" value="YES"${isTicked && html` checked`}><label for="remember_me">${label}</label></p>`;

/**
 * @param {Language} language
 * @param {'card_number' | 'expiry_date' | 'card_security_code' | 'card_holder_name'} name
 * @param {{ autocomplete: string, max: number, id?: string, digits?: boolean, hint?: string, value?: string,
 *   complaint?: Complaint }} options
 */
function field(language, name, { autocomplete, max, id = name, digits = false, hint, value, complaint }) {
  const words = WORDS[language];
  const wrong = complaint !== undefined && fieldOf(complaint) === name;
  const described = [hint && `${id}-hint`, wrong && 'problem'].filter(Boolean).join(' ');
  return html`<div class="field">
<label for="${id}">${words[name]}${!digits && html` <span class="soft">(${words.optional})</span>`}</label>
<input id="${id}" name="${name}" autocomplete="${autocomplete}" maxlength="${max}" value="${value}"${digits && html` inputmode="numeric" dir="ltr" required`}${described !== '' && html` aria-describedby="${described}"`}${wrong && html` aria-invalid="true" autofocus`}>
${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
</div>`;
}

/**
 * The field that a complaint is about.
 *
 * @param {Complaint} complaint
 */
function fieldOf({ code, detail }) {
  if (['00016', '00049', '00087'].includes(code)) return 'card_number';
  return code === '00012' || code === '00100' ? 'expiry_date' : detail;
}

/**
 * @param {Language} language
 * @param {Complaint} complaint
 */
export function problem(language, { code, detail }) {
  const sentences = COMPLAINTS[language];
  const sentence = sentences[`${code} ${detail}`] ?? sentences[code] ?? sentences.other;
  return html`<div class="problem" id="problem" role="alert"><p>${sentence}</p>
<p class="detail"><bdi lang="en">${code}: ${messageOf(code, detail)}</bdi></p></div>`;
}

/**
 * @param {Language} language
 * @param {string} action
 * @param {import('../stored-cards.js').Card} card
 * @param {Complaint} [complaint]
 */
function storedCard(language, action, { number, expiry }, complaint) {
  const words = WORDS[language];
  const brand = brandOf(number);
  return html`<form method="post" action="${action}" class="stored" novalidate><h2>${words.stored}</h2>
<p>${brand && html`${BRANDS[language][brand]} · `}${grouped(maskCardNumber(number))} <bdi dir="ltr" class="soft">${monthAndYear(expiry)}</bdi></p>
${field(language, 'card_security_code', { id: 'stored_code', autocomplete: 'cc-csc', digits: true, hint: words.security_hint, complaint, max: 4 })}
<button class="main">${words.pay_stored}</button></form>`;
}

/**
 * The cards by outcome.
 *
 * @param {Language} language
 * @param {boolean} authorizes
 */
function cardList(language, authorizes) {
  const words = WORDS[language];
  const kinds = ORDER.map((outcome) => {
    const cards = testCards.filter((card) => card.outcome === outcome && !(authorizes && isLocalBrand(card.brand)));
    const [name, meaning] = OUTCOMES[language][outcome];
    return html`<section><h3>${name}</h3><p class="soft">${meaning}</p>
<ul>${cards.map((card) => testCard(language, card))}</ul></section>`;
  });
  return html`<aside class="panel cards" aria-labelledby="cards"><h2 id="cards">${words.test_cards}</h2>
<p class="soft">${words.test_cards_intro}${authorizes && ` ${words.purchase_only}`}</p>
${kinds}</aside>`;
}

/**
 * @param {Language} language
 * @param {import('../cards.js').TestCard} card
 */
function testCard(language, { number, brand, expiry, securityCode }) {
  const words = WORDS[language];
  const until = monthAndYear(expiry);
  return html`<li><p>${grouped(number)}
<span class="soft">${BRANDS[language][brand]} <span class="digits"><bdi dir="ltr">${until}</bdi> · ${words.code.replace('{code}', securityCode)}</span></span></p>
<button type="button" class="use" hidden data-number="${groups(number)}" data-expiry="${until}" data-code="${securityCode}">${words.use}<span class="unseen"> ${groups(number)}</span></button></li>`;
}

/** @param {string} expiry `YYMM` */
const monthAndYear = (expiry) => `${expiry.slice(2)}/${expiry.slice(0, 2)}`;
