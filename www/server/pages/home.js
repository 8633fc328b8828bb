// The desk: a new order, orders that wait for payment, and all payments.
import { Amount, currencies } from 'aps-payops';
import { html, raw } from 'hono/html';
import { localeOf } from '../strings.js';
import { bar } from './bar.js';
import { chip, described, field, hidden, issuesOf, layout, money, relative } from './parts.js';

/** First in the list of currencies: where APS does business. */
const NEAR = ['AED', 'SAR', 'QAR', 'KWD', 'BHD', 'OMR', 'JOD', 'EGP', 'USD', 'EUR'];
const FRESH = { description: '', amount: '', currency: 'AED', email: 'customer@example.com', command: 'AUTHORIZATION' };

/**
 * @param {import('./parts.js').Context} context
 * @param {{ payments: any[], unpaid: any[] }} desk
 * @param {{ typed?: typeof FRESH, issues?: readonly import('../../rules.js').Issue[] }} [form] when it was refused
 */
export function homePage(context, { payments, unpaid }, form = {}) {
  const { t } = context;
  return layout(
    context,
    t('home'),
    html`
    <h1>${t('home')}</h1>
    <div class="columns">
      <section aria-labelledby="new">
        <h2 id="new">${t('new_order')}</h2>
        ${orderForm(context, form)}
      </section>
      <div class="wide">
        ${
          unpaid.length === 0
            ? ''
            : html`<section aria-labelledby="unpaid">
          <h2 id="unpaid">${t('unpaid')}</h2>
          <ul class="list">${unpaid.map((order) => unpaidItem(context, order))}</ul>
        </section>`
        }
        <section aria-labelledby="payments">
          <h2 id="payments">${t('payments')}</h2>
          ${
            payments.length === 0
              ? html`<p class="empty">${t('no_payments')}</p>`
              : html`<ul class="list">${payments.map((record) => paymentItem(context, record))}</ul>`
          }
        </section>
      </div>
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

/** @param {import('./parts.js').Context} context @param {any} entry */
function paymentItem(context, entry) {
  const { record, order, amount, view, state } = entry;
  const left = view?.authorization === 'open' && view.lapsesAt ? relative(context, Number(view.lapsesAt)) : '';
  return html`<li><a class="row" href="/payments/${record.reference}">
    <span class="what"><b><bdi>${order.description || order.id}</bdi></b>
      <span class="code"><bdi>${record.reference}</bdi></span></span>
    <span class="sum">${money(context, amount)}</span>
    <span class="state">${chip(context, state)}${entry.doubts.length > 0 ? chip(context, 'uncertain') : ''}${left ? html`<small>${context.t('lapses')} ${left}</small>` : ''}</span>
    ${entry.payment ? bar(context, entry) : html`<span class="bar none"></span>`}
  </a></li>`;
}
