// The customer's page of an order: result, summary, ways to pay.
import { html } from 'hono/html';
import { localeOf } from '../strings.js';
import { applePayForm } from './apple-pay.js';
import { cardForm, testCards } from './card-form.js';
import { otherMethods, storedCards } from './methods.js';
import { hidden, money, shopLayout } from './parts.js';
import { planNote } from './plans.js';
import { result } from './result.js';

/**
 * @param {import('./parts.js').Context} context
 * @param {any} found an order with its payments
 * @param {object} options
 * @param {import('aps-payops/server').ApsForm | null} options.form signed for the card; null once the order is paid
 * @param {import('../cards.js').Card[]} options.cards to try it with
 * @param {import('./methods.js').Others} options.others other ways to pay
 * @param {{ tag: string, wait: number } | null} [options.watched] how its page learns of news
 * @param {string} [options.message] why the last thing asked for was not done
 * @param {string} [options.told] what happened besides
 */
export function orderPage(context, found, { form, cards, others, watched = null, message, told }) {
  const { t } = context;
  const { order, standing } = found;
  const pay = form && payment(context, found, form, cards, others);
  return shopLayout(
    context,
    t(standing === 'paid' ? 'order' : 'checkout'),
    html`
    <div class="checkout">
      <div class="outcome">
        <h1>${t(standing === 'paid' ? 'order' : 'checkout')} <bdi class="code">${order.id}</bdi></h1>
        ${message ? html`<p class="note ${standing === 'paid' ? 'warning' : 'error'}" role="alert">${message}</p>` : ''}
        ${told ? html`<p class="note warning" role="alert">${told}</p>` : ''}
        ${result(context, found, watched)}
      </div>
      ${summary(context, found)}
      <div class="wide">
        ${standing === 'new' ? pay : ''}
        ${
          standing === 'open'
            ? html`<details class="again"><summary>${t('again')}</summary>
              <p class="note warning">${t('again_warning')}</p>${pay}</details>`
            : ''
        }
      </div>
    </div>`,
    { refresh: watched ? watched.wait : 0 },
  );
}

/** On a phone only the sum, until it is opened; with more room the page's script opens it. @param {import('./parts.js').Context} context @param {any} found */
function summary(context, { order, amount }) {
  const { t } = context;
  return html`
  <details class="summary card">
    <summary class="sum"><span>${t('summary')}</span> ${money(context, amount)}</summary>
    <p class="item"><bdi>${order.description || t('goods')}</bdi> ${money(context, amount)}</p>
    <p class="hint">${t('receipt_to')} <bdi>${order.email}</bdi></p>
  </details>`;
}

/** All ways to pay. @param {import('./parts.js').Context} context @param {any} found */
function payment(context, found, form, cards, others) {
  const { t, language } = context;
  const { order, amount, standing } = found;
  const total = amount.format(localeOf(language));
  const applePay = applePayForm(context, found, others);
  // The stand-in comes after the card form.
  const isFirst = others.applePay?.isStandIn === false;
  return html`
  ${isFirst ? applePay : ''}
  ${storedCards(context, found, others, total)}
  <section class="card pay" aria-labelledby="pay" data-card-payment>
    <p class="note warning unavailable">${t('no_card_form')}</p>
    ${others.plan ? planNote(context, order, others.plan) : ''}
    ${cardForm(context, form, amount, total)}
  </section>
  ${isFirst ? '' : applePay}
  <section class="card other" aria-labelledby="other">
    <h2 id="other">${t('hosted')}</h2>
    <p class="hint">${t('hosted_hint')}</p>
    <form method="post" action="/orders/${order.id}/hosted">
      ${hidden(context)}${standing === 'open' ? html`<input type="hidden" name="again" value="yes">` : ''}
      <button class="quiet">${t('hosted_pay', { amount: total })}</button>
    </form>
  </section>
  ${otherMethods(context, found, others)}
  ${cards.length > 0 ? testCards(context, cards) : ''}`;
}
