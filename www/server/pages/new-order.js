// A new order, and the orders that wait for payment.
import { Amount, currencies } from 'aps-payops';
import { html, raw } from 'hono/html';
import { localeOf } from '../strings.js';
import { described, field, hidden, issuesOf, layout, money } from './parts.js';

/** First in the list of currencies: where APS does business. */
const NEAR = ['AED', 'SAR', 'QAR', 'KWD', 'BHD', 'OMR', 'JOD', 'EGP', 'USD', 'EUR'];
const FRESH = { description: '', amount: '', currency: 'AED', email: 'customer@example.com', command: 'AUTHORIZATION' };

/**
 * @param {import('./parts.js').Context} context
 * @param {any[]} unpaid orders, newest first
 * @param {{ typed?: typeof FRESH, issues?: readonly import('../../rules.js').Issue[] }} [form] when it was refused
 */
export function newOrderPage(context, unpaid, form = {}) {
  const { t } = context;
  return layout(
    context,
    t('new_order'),
    html`
    <h1>${t('new_order')}</h1>
    <div class="columns">
      ${orderForm(context, form)}
      ${
        unpaid.length === 0
          ? ''
          : html`<section class="wide" aria-labelledby="unpaid">
        <h2 id="unpaid">${t('unpaid')}</h2>
        <ul class="list">${unpaid.map((order) => unpaidItem(context, order))}</ul>
      </section>`
      }
    </div>`,
  );
}

/** @param {import('./parts.js').Context} context @param {any} form */
function orderForm(context, { typed = FRESH, issues = [] }) {
  const { t } = context;
  const of = {
    description: issuesOf(issues, ['order_description']),
    amount: issuesOf(issues, ['amount']),
    currency: issuesOf(issues, ['currency']),
    email: issuesOf(issues, ['customer_email']),
  };
  const [near, far] = currencyLists(context);
  const command = (/** @type {string} */ name, /** @type {string} */ key) => html`
    <label class="choice"><input type="radio" name="command" value="${name}" required
      ${typed.command === name ? raw('checked') : ''}>
      <span><b>${t(key)}</b><small>${t(`${key}_hint`)}</small></span></label>`;
  const option = (/** @type {{ code: string, name: string }} */ { code, name }) =>
    html`<option value="${code}" ${code === typed.currency ? raw('selected') : ''}>${code} · ${name}</option>`;
  return html`
  <form method="post" action="/orders" data-check="order" class="card">
    ${hidden(context)}
    ${field({
      id: 'description',
      label: t('description'),
      hint: t('description_hint'),
      issues: of.description,
      control: html`<input id="description" name="description" dir="auto" autocomplete="off" value="${typed.description}"
        ${described('description', of.description)}>`,
    })}
    <div class="pair">
      ${field({
        id: 'amount',
        label: t('amount'),
        hint: t('amount_hint'),
        issues: of.amount,
        control: html`<input id="amount" name="amount" inputmode="decimal" dir="ltr" autocomplete="off" required
          value="${typed.amount}" ${described('amount', of.amount)}>`,
      })}
      ${field({
        id: 'currency',
        label: t('currency'),
        issues: of.currency,
        control: html`<select id="currency" name="currency" aria-describedby="currency-issues">
          ${near.map(option)}<hr>${far.map(option)}</select>`,
      })}
    </div>
    ${field({
      id: 'email',
      label: t('email'),
      hint: t('email_hint'),
      issues: of.email,
      control: html`<input id="email" name="email" type="email" dir="ltr" autocomplete="off" required
        value="${typed.email}" ${described('email', of.email)}>`,
    })}
    <fieldset><legend>${t('how')}</legend>
      <div class="choices">${command('AUTHORIZATION', 'authorize')}${command('PURCHASE', 'purchase')}</div>
    </fieldset>
    <button>${t('create')}</button>
  </form>`;
}

/** @param {import('./parts.js').Context} context */
function currencyLists({ language }) {
  const names = new Intl.DisplayNames(localeOf(language), { type: 'currency', fallback: 'none' });
  const all = new Map(currencies().map(({ code, name }) => [code, { code, name: names.of(code) ?? name }]));
  const near = NEAR.flatMap((code) => all.get(code) ?? []);
  return [near, [...all.values()].filter(({ code }) => !NEAR.includes(code))];
}

/** @param {import('./parts.js').Context} context @param {any} order */
function unpaidItem(context, order) {
  const amount = Amount.fromMinor(order.amount.amount, order.amount.currency);
  return html`<li><a class="row" href="/orders/${order.id}">
    <span class="what"><b><bdi>${order.description || order.id}</bdi></b></span>
    <span class="sum">${money(context, amount)}</span><span class="state go">${context.t('pay')}</span>
  </a></li>`;
}
