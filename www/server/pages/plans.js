// The instalment plans for an order, by bank.
import { html, raw } from 'hono/html';
import { planChoices } from './methods.js';
import { hidden, instalmentsOf, money, shopLayout } from './parts.js';

/** @param {import('../plans.js').Plan} plan */
export const planKey = ({ issuer, code }) => `${issuer}-${code}`;

/**
 * @param {import('./parts.js').Context} context
 * @param {{ order: { id: string }, amount: import('aps-payops').Amount, plans: import('../plans.js').Plan[],
 *   message?: string }} found `message`: why the choice was not taken
 */
export function plansPage(context, { order, amount, plans, message }) {
  const { t } = context;
  const banks = [...new Set(plans.map(({ bank }) => bank))];
  return shopLayout(
    context,
    t('instalments'),
    html`<section class="card between">
      <h1>${t('instalments')}</h1>
      ${message ? html`<p class="note error" role="alert" id="plan-issue">${message}</p>` : ''}
      <p class="total">${money(context, amount)}</p>
      <form method="post" action="/orders/${order.id}/plans" novalidate>${hidden(context)}
        ${banks.map(
          (bank, index) =>
            html`<fieldset class="plans"${message ? raw(' aria-describedby="plan-issue"') : ''}><legend><bdi>${bank}</bdi></legend>${planChoices(
              context,
              plans.filter((plan) => plan.bank === bank),
              planKey,
              undefined,
              Boolean(message) && index === 0,
            )}</fieldset>`,
        )}
        <button class="big">${t('plan_choose')}</button>
      </form>
      <p><a href="/orders/${order.id}">${t('back_to_order')}</a></p>
    </section>`,
  );
}

/** The plan that the card pays by. @param {import('./parts.js').Context} context @param {{ id: string }} order @param {import('../plans.js').Plan} plan */
export function planNote(context, order, plan) {
  const { t } = context;
  const { bank, fee } = plan;
  return html`<div class="note plan"><p><b>${instalmentsOf(context, { plan })}</b>${fee ? html` (${t('plan_fee', { fee: `\u2066${fee}\u2069` })})` : ''}.
    ${t('plan_bank', { bank: `\u2068${bank}\u2069` })}</p>
    <p class="act"><a href="/orders/${order.id}/plans">${t('plan_other')}</a>
      <a href="/orders/${order.id}?plan=none">${t('plan_none')}</a></p></div>`;
}
