// Apple Pay's button, which the page's script shows where it can be used.
import { html } from 'hono/html';
import { fieldsOf } from './methods.js';
import { money } from './parts.js';

/** The mark: words of our own, as Apple's artwork comes with its own button alone. */
const mark = html`<svg viewBox="0 0 108 24" role="presentation" aria-hidden="true"><rect x="1" y="3" width="18" height="18" rx="5"/>
  <path d="M6 12.5l3 3 5.5-6.5"/><text x="25" y="17">Apple Pay</text></svg>`;

/**
 * Without script there is no Apple Pay.
 *
 * @param {import('./parts.js').Context} context
 * @param {any} found an order with its payments
 * @param {import('./methods.js').Others} others
 */
export function applePayForm(context, { order, amount, standing }, { applePay }) {
  if (!applePay) return '';
  const { t } = context;
  const { country, isStandIn } = applePay;
  return html`
  <section class="apple" hidden data-apple-pay="${isStandIn ? 'stand-in' : 'real'}">
    <form method="post" action="/orders/${order.id}/apple-pay" data-amount="${amount}" data-currency="${amount.currency}"
      data-country="${country}" data-label="${t('shop')}">
      ${fieldsOf(context, standing)}<input type="hidden" name="apple_token" value="">
      <button class="apple-pay" aria-label="${t('apple_pay')}">${mark}</button>
    </form>
    <p class="note error" role="alert" hidden data-apple-failed>${t('apple_failed')}</p>
    ${
      isStandIn
        ? html`<dialog class="sheet" aria-labelledby="sheet">
      <h2 id="sheet">Apple Pay</h2><p class="hint">${t('apple_stand_in')}</p>
      <p>${t('apple_card')}</p><p class="total">${money(context, amount)}</p>
      <div class="actions"><button type="button" data-sheet="pay">${t('pay')}</button>
        <button type="button" class="quiet" data-sheet="cancel">${t('apple_cancel')}</button></div>
    </dialog>`
        : ''
    }
  </section>`;
}
