// Pages on the way to the gateway or the bank, and error pages for customers.
import { html } from 'hono/html';
import { money, shopLayout } from './parts.js';

/** Redirects by script; without scripts, the button does. */
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
    t('wait_action'),
    t('bank_going'),
    amount,
    html`<p><a class="button" href="${url}" data-go>${t('action_link')}</a></p>
    <p><a href="/orders/${order.id}">${t('back_to_order')}</a></p>`,
  );
}

/**
 * An error page for customers.
 *
 * @param {import('./parts.js').Context} context
 * @param {{ title: string, text: string, order?: string }} options `order`: where to look how it stands
 */
export function shopErrorPage(context, { title, text, order }) {
  const { t } = context;
  const back = order
    ? html`<p><a class="button" href="/orders/${encodeURIComponent(order)}">${t('back_to_order')}</a></p>`
    : '';
  return shopLayout(
    context,
    title,
    html`<section class="card between"><h1>${title}</h1><p role="alert">${text}</p>${back}</section>`,
  );
}
