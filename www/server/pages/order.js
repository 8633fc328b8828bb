// One order: how to pay it, and what was tried.
import { html, raw } from 'hono/html';
import { localeOf } from '../strings.js';
import { chip, hidden, issueList, layout, money, time } from './parts.js';

/**
 * @param {import('./parts.js').Context} context
 * @param {any} found
 * @param {import('../cards.js').Card[]} cards
 * @param {{ choice?: { command: string, card: string }, message?: string, issues?: readonly any[] }} [form]
 */
export function orderPage(context, { order, amount, payments, standing }, cards, form = {}) {
  const { t } = context;
  const title = order.description || order.id;
  const holding = payments.filter((/** @type {any} */ { view }) => view && !['voided', 'lapsed'].includes(view.state));
  return layout(
    context,
    title,
    html`
    <p class="crumbs"><a href="/">${t('home')}</a></p>
    <h1><bdi>${title}</bdi></h1>
    <p class="total">${money(context, amount)}</p>
    <dl class="facts">
      <div><dt>${t('order')}</dt><dd><bdi class="code">${order.id}</bdi></dd></div>
      <div><dt>${t('email')}</dt><dd><bdi>${order.email}</bdi></dd></div>
      <div><dt>${t('created')}</dt><dd>${time(context, order.createdAt)}</dd></div>
    </dl>
    ${form.message ? html`<p class="note error" role="alert">${form.message}</p>` : ''}
    ${holding.length > 1 ? html`<p class="note warning">${t('paid_twice')}</p>` : ''}
    ${standing === 'paid' ? html`<p class="note good">${t('order_paid')}</p>` : ''}
    ${standing === 'open' ? html`<p class="note warning">${t('order_open')}</p>` : ''}
    ${
      payments.length === 0
        ? ''
        : html`<section aria-labelledby="attempts"><h2 id="attempts">${t('attempts')}</h2>
      <ul class="list">${payments.map(
        (/** @type {any} */ { record, state }) => html`<li><a class="row" href="/payments/${record.reference}">
        <bdi class="code">${record.reference}</bdi><span class="state">${chip(context, state)}</span></a></li>`,
      )}</ul></section>`
    }
    ${standing === 'new' ? payForm(context, order, amount, cards, form) : ''}
    ${
      standing === 'open'
        ? html`<details ${form.choice ? raw('open') : ''}><summary>${t('again')}</summary>
      <p class="note warning">${t('again_warning')}</p>${payForm(context, order, amount, cards, form, true)}</details>`
        : ''
    }`,
  );
}

/** @param {import('./parts.js').Context} context @param {any} form */
function payForm(context, order, amount, cards, { choice, issues = [] }, again = false) {
  const { t } = context;
  const chosen = choice ?? { command: 'AUTHORIZATION', card: cards[0].id };
  const command = (/** @type {'AUTHORIZATION' | 'PURCHASE'} */ name, /** @type {string} */ key) => html`
    <label class="choice"><input type="radio" name="command" value="${name}" required
      ${chosen.command === name ? raw('checked') : ''}>
      <span><b>${t(key)}</b><small>${t(`${key}_hint`)}</small></span></label>`;
  return html`
  <section aria-labelledby="pay"><h2 id="pay">${t('pay_order')}</h2>
  <form method="post" action="/orders/${order.id}/pay" data-check="pay" class="card"
    data-amount="${amount.minor.toString()}" data-currency="${amount.currency}">
    ${hidden(context)}${again ? html`<input type="hidden" name="again" value="yes">` : ''}
    <p class="hint">${t('charged')}</p>
    <fieldset><legend>${t('how')}</legend>
      <div class="choices">${command('AUTHORIZATION', 'authorize')}${command('PURCHASE', 'purchase')}</div>
    </fieldset>
    <fieldset aria-describedby="card-hint card-issues"><legend>${t('card')}</legend>
      <p class="hint" id="card-hint">${t('card_hint')}</p>
      <div class="choices">${cards.map(
        (/** @type {import('../cards.js').Card} */ card) => html`
        <label class="choice"><input type="radio" name="card" value="${card.id}" required
          data-option="${card.payment_option}" ${chosen.card === card.id ? raw('checked') : ''}>
          <span><b><bdi>${card.payment_option} …${card.tail}</bdi></b><small>${t(`card_${card.outcome}`)}</small></span>
        </label>`,
      )}</div>
      ${issueList('card', t('this_card'), issues)}
    </fieldset>
    <button>${t('pay_amount', { amount: amount.format(localeOf(context.language)) })}</button>
  </form></section>`;
}
