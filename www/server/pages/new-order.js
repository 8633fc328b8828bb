// The form for a new order, and the unpaid orders.
import { Amount, currencies } from 'aps-payops';
import { html, raw } from 'hono/html';
import { localeOf } from '../strings.js';
import { described, field, hidden, issuesOf, layout, money } from './parts.js';

/** First in the list: currencies of the countries that APS serves. */
const NEAR = ['AED', 'SAR', 'QAR', 'KWD', 'BHD', 'OMR', 'JOD', 'EGP', 'USD', 'EUR'];
/** How long a payment link can be valid, in days. */
export const LINK_DAYS = ['1', '3', '7', '10'];
const FRESH = {
  description: '',
  amount: '',
  currency: 'AED',
  email: 'customer@example.com',
  command: 'AUTHORIZATION',
  link: '',
  days: '7',
  mailed: '',
};

/**
 * @param {import('./parts.js').Context} context
 * @param {{ orders: any[], count: number }} unpaid the newest of them, newest first, and how many there are
 * @param {{ typed?: typeof FRESH, issues?: readonly import('../../rules.js').Issue[], message?: string }} [form] when it was
 *   refused: what is wrong with its fields, or else why
 */
export function newOrderPage(context, { orders: unpaid, count }, form = {}) {
  const { t, language } = context;
  const number = new Intl.NumberFormat(localeOf(language));
  const cut = { shown: number.format(unpaid.length), all: number.format(count) };
  return layout(
    context,
    t('new_order'),
    html`
    <h1>${t('new_order')}</h1>
    ${form.message ? html`<p class="note error" role="alert">${form.message}</p>` : ''}
    <div class="columns">
      ${orderForm(context, form)}
      ${
        unpaid.length === 0
          ? ''
          : html`<section class="wide" aria-labelledby="unpaid">
        <h2 id="unpaid">${t('unpaid')}</h2>
        ${count > unpaid.length ? html`<p class="hint">${t('unpaid_first', cut)}</p>` : ''}
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
  <form method="post" action="/orders" data-check="order" class="card" novalidate>
    ${hidden(context)}
    ${field({
      id: 'description',
      label: t('description'),
      hint: t('description_hint'),
      issues: of.description,
      control: html`<input id="description" name="description" dir="auto" autocomplete="off" value="${typed.description}"
        ${described('description', of.description)}>`,
    })}
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
    ${linkChoice(context, typed)}
    <button>${t('create')}</button>
  </form>`;
}

/** Whether the customer gets a link instead of the shop's page. @param {import('./parts.js').Context} context @param {any} typed */
function linkChoice({ t, language }, { link, days, mailed }) {
  const box = (/** @type {string} */ name, /** @type {boolean} */ isOn, /** @type {unknown} */ text) =>
    html`<label class="choice"><input type="checkbox" name="${name}" value="yes" ${isOn ? raw('checked') : ''}>
      <span>${text}</span></label>`;
  const number = new Intl.NumberFormat(localeOf(language));
  const told = (/** @type {string} */ one) =>
    one === '1' ? t('link_day') : t('link_days_count', { count: number.format(Number(one)) });
  return html`<fieldset class="link"><legend>${t('PAYMENT_LINK')}</legend>
    ${box('link', link === 'yes', html`<b>${t('make_link')}</b><small>${t('make_link_hint')}</small>`)}
    <div class="field"><label for="days">${t('link_days')}</label><select id="days" name="days">${LINK_DAYS.map(
      (one) => html`<option value="${one}" ${one === days ? raw('selected') : ''}>${told(one)}</option>`,
    )}</select></div>
    ${box('mailed', mailed === 'yes', t('link_mailed'))}
  </fieldset>`;
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
