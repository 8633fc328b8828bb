// The customer's pages: an order and how to pay it, what became of that, and the two pages between ours and the gateway's.
import { describe } from 'aps-payops';
import { html, raw } from 'hono/html';
import { localeOf } from '../strings.js';
import { hidden, money, shopLayout, time } from './parts.js';

/** Whose cards are taken, as they write their names. */
const BRANDS = ['VISA', 'Mastercard', 'AMEX', 'mada', 'Meeza'];

/** Without these, the browser would take a card field for a password or a search. */
const CARD_FIELD = raw('autocapitalize="off" spellcheck="false" autocorrect="off" dir="ltr" required');

/** Pictures that say what the heading beside them says. */
const ICONS = {
  good: 'M5 13l5 5 9-11',
  warning: 'M12 6v8M12 17.5v.5',
  error: 'M7 7l10 10M17 7L7 17',
};

/**
 * @param {import('./parts.js').Context} context
 * @param {any} found an order with its payments
 * @param {object} options
 * @param {import('aps-payops/server').ApsForm | null} options.form signed for the card; null once the order is paid
 * @param {import('../cards.js').Card[]} options.cards to try it with
 * @param {string} [options.message] why the last thing asked for was not done
 */
export function orderPage(context, found, { form, cards, message }) {
  const { t } = context;
  const { order, standing } = found;
  const pay = form && payment(context, found, form, cards);
  return shopLayout(
    context,
    t(standing === 'paid' ? 'order' : 'checkout'),
    html`
    <div class="checkout">
      ${summary(context, found)}
      <div class="wide">
        <h1>${t(standing === 'paid' ? 'order' : 'checkout')} <bdi class="code">${order.id}</bdi></h1>
        ${message ? html`<p class="note error" role="alert">${message}</p>` : ''}
        ${result(context, found)}
        ${standing === 'new' ? pay : ''}
        ${
          standing === 'open'
            ? html`<details class="again"><summary>${t('again')}</summary>
              <p class="note warning">${t('again_warning')}</p>${pay}</details>`
            : ''
        }
      </div>
    </div>`,
  );
}

/** @param {import('./parts.js').Context} context @param {any} found */
function summary(context, { order, amount }) {
  const { t } = context;
  return html`
  <aside class="summary card" aria-labelledby="summary">
    <h2 id="summary">${t('summary')}</h2>
    <p class="item"><bdi>${order.description || t('goods')}</bdi> ${money(context, amount)}</p>
    <p class="sum"><span>${t('total')}</span> ${money(context, amount)}</p>
    <p class="hint">${t('receipt_to')} <bdi>${order.email}</bdi></p>
  </aside>`;
}

/** @param {'good' | 'warning' | 'error'} kind @param {string} title @param {unknown} body */
const notice = (kind, title, body) => html`
  <section class="result ${kind}" ${kind === 'error' ? raw('role="alert"') : raw('role="status"')}>
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[kind]}"/></svg>
    <div><h2>${title}</h2>${body}</div>
  </section>`;

/** What became of what was tried, the newest first in importance. @param {import('./parts.js').Context} context */
function result(context, { order, payments, paid, holding, standing }) {
  const { t } = context;
  if (standing === 'paid') {
    const isDoubtful = holding.some(({ doubts }) => doubts.length > 0);
    const body = html`
      ${isDoubtful ? html`<p>${t('change_uncertain')}</p>` : holding.some(isReserved) ? html`<p>${t('reserved_text')}</p>` : ''}
      ${paid.map((/** @type {any} */ entry) => receipt(context, entry))}
      ${holding.length > 1 ? html`<p class="note warning">${t('paid_twice')}</p>` : ''}`;
    return notice('good', t(`paid_${kindOf(holding)}`), body);
  }
  const last = payments.at(-1);
  if (!last) return '';
  if (standing === 'new') {
    if (last.view) return notice('warning', t('released'), html`<p>${t('released_text')}</p>`);
    return notice('error', t('declined'), html`${reason(context, last)}<p>${t('declined_text')}</p>`);
  }
  const waiting = payments.findLast(
    (/** @type {any} */ { record, payment: held }) => !held && OPEN.has(record.outcome),
  );
  const declined = DECLINED.has(last.record.outcome)
    ? notice('error', t('declined_again'), html`${reason(context, last)}<p>${t('declined_again_text')}</p>`)
    : '';
  return html`${declined}${unfinished(context, order, waiting)}`;
}

/** A payment of which it is not known yet how it ends. @param {import('./parts.js').Context} context */
function unfinished(context, order, { record }) {
  const { t } = context;
  const { reference, outcome, redirectTo } = record;
  if (outcome === 'started') {
    const link = html`<a class="button" href="/payments/${reference}/gateway">${t('started_link')}</a>`;
    return notice(
      'warning',
      t('started'),
      html`<p>${t('started_text')}</p><div class="actions">${link}${ask(context, order)}</div>`,
    );
  }
  if (outcome === 'action_required') {
    const link = redirectTo ? html`<a class="button" href="${redirectTo}">${t('action_link')}</a>` : '';
    return notice(
      'warning',
      t('action'),
      html`<p>${t('action_text')}</p><div class="actions">${link}${ask(context, order)}</div>`,
    );
  }
  return notice(
    'warning',
    t('unknown'),
    html`${reason(context, { record }) || html`<p>${t('unknown_lost')}</p>`}<p>${t('unknown_text')}</p>
      <div class="actions">${ask(context, order)}</div>`,
  );
}

/** What the gateway said, if it said anything. @param {import('./parts.js').Context} context @param {any} entry */
const reason = ({ language }, { record: { code } }) => (code ? html`<p>${describe(code, language).text}</p>` : '');

const OPEN = new Set(['started', 'action_required', 'pending', 'uncertain']);

const DECLINED = new Set(['failed', 'rejected']);

/** @param {any} entry */
const isReserved = ({ view }) => view.state === 'authorized';

/**
 * How the money of a paid order is called. It is not returned as long as some is taken or held.
 *
 * @param {any[]} holding the payments that money is left of
 */
function kindOf(holding) {
  if (holding.length === 0) return 'returned';
  if (holding.some(({ payment }) => payment.refunded.minor > 0n)) return 'partly_returned';
  return holding.some(({ view }) => view.capturable.minor > 0n) ? 'reserved' : 'taken';
}

/** @param {import('./parts.js').Context} context @param {any} order */
const ask = (context, order) => html`
  <form method="post" action="/orders/${order.id}/refresh">
    ${hidden(context)}<button class="quiet">${context.t('ask')}</button>
  </form>`;

/** @param {import('./parts.js').Context} context @param {any} entry */
function receipt(context, { record, payment, view }) {
  const { t } = context;
  const { card } = record;
  const sums = Object.entries({ taken: payment.captured, returned: payment.refunded, held: view.capturable });
  return html`<dl class="facts">
    ${sums
      .filter(([, sum]) => sum.minor > 0n)
      .map(([name, sum]) => html`<div><dt>${t(name)}</dt><dd>${money(context, sum)}</dd></div>`)}
    ${card ? html`<div><dt>${t('paid_with')}</dt><dd><bdi>${card.brand ?? t('card')} ···· ${card.tail}</bdi></dd></div>` : ''}
    <div><dt>${t('payment_reference')}</dt><dd><bdi class="code">${record.reference}</bdi></dd></div>
    <div><dt>${t('paid_on')}</dt><dd>${time(context, record.createdAt)}</dd></div>
  </dl>`;
}

/** The two ways to pay. @param {import('./parts.js').Context} context @param {any} found */
function payment(context, { order, amount, standing }, form, cards) {
  const { t, language } = context;
  const total = amount.format(localeOf(language));
  return html`
  <section class="card pay" aria-labelledby="pay" data-card-payment>
    <div class="heading"><h2 id="pay">${t('pay_by_card')}</h2>
      <ul class="brands" aria-label="${t('accepted')}">${BRANDS.map((name) => html`<li><bdi>${name}</bdi></li>`)}</ul>
    </div>
    <p class="note warning unavailable">${t('no_card_form')}</p>
    ${cardForm(context, form, amount, total)}
  </section>
  <section class="card other" aria-labelledby="other">
    <h2 id="other">${t('hosted')}</h2>
    <p class="hint">${t('hosted_hint')}</p>
    <form method="post" action="/orders/${order.id}/hosted">
      ${hidden(context)}${standing === 'open' ? html`<input type="hidden" name="again" value="yes">` : ''}
      <button class="quiet">${t('hosted_pay', { amount: total })}</button>
    </form>
  </section>
  ${cards.length > 0 ? testCards(context, cards) : ''}`;
}

/**
 * Goes to the gateway, not to us. Only APS's own parameters have names: it refuses others (00027). The expiry date is
 * typed as on the card, and sent as YYMM by the page's script.
 *
 * @param {import('./parts.js').Context} context
 * @param {import('aps-payops/server').ApsForm} form
 * @param {import('aps-payops').Amount} amount
 * @param {string} total
 */
function cardForm({ t, now }, form, amount, total) {
  const message = (/** @type {string} */ name) =>
    html`<p class="message" id="${name}-message" data-aps-message="${name}"></p>`;
  const described = (/** @type {string} */ name, hint = false) =>
    raw(`aria-describedby="${hint ? `${name}-hint ` : ''}${name}-message"`);
  return html`
  <form class="card-form" method="post" action="${form.action}" data-checkout data-currency="${amount.currency}" data-at="${now}">
    ${Object.entries(form.fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
    <div class="errors" data-aps-summary></div>
    <div class="field">
      <label for="card_number">${t('card_number')}</label>
      <div class="with-brand">
        <input id="card_number" name="card_number" data-aps="card_number" inputmode="numeric" autocomplete="cc-number"
          placeholder="1234 5678 9012 3456" ${CARD_FIELD} ${described('card_number')}>
        <span class="brand" data-aps-brand aria-hidden="true"></span>
      </div>
      ${message('card_number')}
    </div>
    <div class="pair">
      <div class="field">
        <label for="expiry_date">${t('expiry')}</label>
        <input id="expiry_date" data-aps="expiry_date" inputmode="numeric" autocomplete="cc-exp"
          placeholder="${t('expiry_format')}" ${CARD_FIELD} ${described('expiry_date')}>
        ${message('expiry_date')}
      </div>
      <div class="field">
        <label for="card_security_code">${t('security_code')}</label>
        <input id="card_security_code" name="card_security_code" data-aps="card_security_code" inputmode="numeric"
          autocomplete="cc-csc" placeholder="123" ${CARD_FIELD} ${described('card_security_code', true)}>
        <div class="below">
          ${message('card_security_code')}
          <p class="hint" id="card_security_code-hint" data-aps-hint="card_security_code">${t('security_code_hint')}</p>
        </div>
      </div>
    </div>
    <div class="field">
      <label for="card_holder_name">${t('holder')}</label>
      <input id="card_holder_name" name="card_holder_name" data-aps="card_holder_name" autocomplete="cc-name" dir="auto"
        required ${described('card_holder_name')}>
      ${message('card_holder_name')}
    </div>
    <button class="big" data-aps-pay disabled>${t('pay_amount', { amount: total })}</button>
    <p class="hint safe">${t('card_safe')}</p>
  </form>`;
}

/** @param {import('./parts.js').Context} context @param {import('../cards.js').Card[]} cards */
function testCards({ t }, cards) {
  const expiry = (/** @type {string} */ yymm) => `${yymm.slice(2)}/${yymm.slice(0, 2)}`;
  return html`<details class="test-cards"><summary>${t('test_cards')}</summary>
    <div class="scroll" tabindex="0" role="group" aria-label="${t('test_cards')}"><table>
      <thead><tr><th scope="col">${t('card_number')}</th><th scope="col">${t('expiry')}</th>
        <th scope="col">${t('security_code')}</th><th scope="col">${t('outcome')}</th></tr></thead>
      <tbody>${cards.map(
        (
          card,
        ) => html`<tr><th scope="row"><bdi>${card.payment_option}</bdi> <bdi dir="ltr">${card.card_number}</bdi></th>
        <td><bdi>${expiry(card.expiry_date)}</bdi></td><td>${card.card_security_code}</td>
        <td>${t(`card_${card.outcome}`)}</td></tr>`,
      )}</tbody>
    </table></div>
  </details>`;
}

/** Takes the browser on by itself; a button does where scripts are off. */
const between = (/** @type {import('./parts.js').Context} */ context, title, text, amount, action) =>
  shopLayout(
    context,
    title,
    html`<section class="card between">
      <span class="spinner" aria-hidden="true"></span>
      <h1>${title}</h1><p>${text}</p><p class="total">${money(context, amount)}</p>${action}
    </section>`,
  );

/**
 * On the way to the gateway's payment page.
 *
 * @param {import('./parts.js').Context} context
 * @param {{ order: any, amount: import('aps-payops').Amount, form: import('aps-payops/server').ApsForm }} options
 */
export function hostedPage(context, { order, amount, form }) {
  const { t } = context;
  const fields = Object.entries(form.fields);
  return between(
    context,
    t('hosted'),
    t('hosted_going'),
    amount,
    html`<form method="post" action="${form.action}" data-go>
      ${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
      <button>${t('started_link')}</button>
    </form>
    <p><a href="/orders/${order.id}">${t('back_to_order')}</a></p>`,
  );
}

/**
 * On the way to the bank's 3-D Secure page.
 *
 * @param {import('./parts.js').Context} context
 * @param {{ order: any, amount: import('aps-payops').Amount, url: string }} options
 */
export function bankPage(context, { order, amount, url }) {
  const { t } = context;
  return between(
    context,
    t('action'),
    t('bank_going'),
    amount,
    html`<p><a class="button" href="${url}" data-go>${t('action_link')}</a></p>
    <p><a href="/orders/${order.id}">${t('back_to_order')}</a></p>`,
  );
}
