// Stored cards, and ways to pay other than the card form.
import { html, raw } from 'hono/html';
import { isRedirected } from '../methods.js';
import { phoneExample } from '../phone.js';
import { localeOf } from '../strings.js';
import { brandOf, hidden, money, shopLayout } from './parts.js';

/**
 * @typedef {object} Others
 * @property {readonly import('../methods.js').Method[]} methods that the order may be paid in
 * @property {readonly import('../stored-cards.js').StoredCard[]} stored the customer's own
 * @property {import('../apple-pay-routes.js').ApplePay | null} applePay
 * @property {boolean} hasPlans whether it may be paid in instalments
 * @property {import('../plans.js').Plan | undefined} plan that was chosen
 * @property {Typed} [typed] what a phone number was given for, and was not taken
 */

/**
 * A phone number that was given. `issue`: what is wrong with it; `asked`: the number, if it is only questioned.
 *
 * @typedef {{ method: string, phone: string, issue?: import('../strings.js').Key, asked?: string }} Typed
 */

/** @param {import('./parts.js').Context} context @param {string} standing of the order */
export const fieldsOf = (context, standing) =>
  html`${hidden(context)}${standing === 'open' ? html`<input type="hidden" name="again" value="yes">` : ''}`;

/**
 * @param {import('./parts.js').Context} context
 * @param {any} found
 * @param {Others} others
 * @param {string} total
 */
export function storedCards(context, { order, standing }, { stored }, total) {
  if (stored.length === 0) return '';
  const { t } = context;
  const item = (/** @type {import('../stored-cards.js').StoredCard} */ { key, brand, tail }) => {
    const card = html`<span class="whole">${brandOf(context, brand)} <bdi dir="ltr">···· ${tail}</bdi></span>`;
    const [before, after] = t('pay_saved', { amount: total, card: '{card}' }).split('{card}');
    return html`<li>
      <form method="post" action="/orders/${order.id}/methods">
        ${fieldsOf(context, standing)}<input type="hidden" name="card" value="${key}">
        <button>${before}${card}${after}</button>
      </form>
      <form method="post" action="/orders/${order.id}/cards">
        ${hidden(context)}<input type="hidden" name="card" value="${key}">
        <button class="quiet">${t('remove_card')}<span class="unseen"> ${card}</span></button>
      </form>
    </li>`;
  };
  return html`
  <section class="card methods stored" aria-labelledby="stored">
    <h2 id="stored">${t('saved_cards')}</h2>
    <ul>${stored.map(item)}</ul>
    <p class="hint">${t('saved_code')}</p>
  </section>`;
}

/**
 * @param {import('./parts.js').Context} context
 * @param {any} found
 * @param {Others} others
 */
export function otherMethods(context, { order, standing }, { methods, hasPlans, typed }) {
  if (methods.length === 0 && !hasPlans) return '';
  const { t } = context;
  const phone = (/** @type {string} */ name) => {
    const own = typed?.method === name ? typed : undefined;
    const example = phoneExample(order.amount.currency);
    const wrong = own?.issue ? raw(own.asked ? ' autofocus' : ' aria-invalid="true" autofocus') : '';
    return html`
    <div class="field"><label for="phone-${name}">${t('phone')}</label>
      <input id="phone-${name}" name="phone_number" type="tel" autocomplete="tel" dir="ltr" required
        value="${own?.phone ?? ''}"${wrong}
        aria-describedby="phone-${name}-hint phone-${name}-issue">${own?.asked ? html`<input type="hidden" name="phone_asked" value="${own.asked}">` : ''}
      <p class="hint" id="phone-${name}-hint">${t('phone_hint', { example })}</p>
      <p class="message${own?.asked ? ' question' : ''}" id="phone-${name}-issue">${own?.issue ? t(own.issue, { example }) : ''}</p></div>`;
  };
  const item = (/** @type {import('../methods.js').Method} */ method) => {
    const { name, needsPhone } = method;
    const isOnPage = isRedirected(method);
    const words = { method: t(`method_${name}`) };
    const button = html`<button class="quiet">${isOnPage ? t('pay_with', words) : t('send_password')}</button>`;
    return html`<li>
      <form method="post" action="/orders/${order.id}/${isOnPage ? 'methods' : 'passwords'}" novalidate>
        ${fieldsOf(context, standing)}<input type="hidden" name="method" value="${name}">
        ${needsPhone ? html`<details${typed?.method === name ? raw(' open') : ''}><summary>${t(isOnPage ? 'pay_later_with' : 'pay_by_wallet', words)}</summary>${phone(name)}${button}</details>` : button}
      </form></li>`;
  };
  return html`
  <section class="card methods" aria-labelledby="others">
    <h2 id="others">${t('other_ways')}</h2>
    <ul>${hasPlans ? html`<li><a href="/orders/${order.id}/plans">${t('instalments')}</a></li>` : ''}${methods.map(item)}</ul>
  </section>`;
}

/**
 * Choices of an instalment plan.
 *
 * @param {import('./parts.js').Context} context
 * @param {readonly import('../plans.js').Plan[]} plans
 * @param {(plan: import('../plans.js').Plan) => string} tell
 * @param {string} [chosen] before
 * @param {boolean} [isMissing] whether none was chosen: the first takes the focus
 */
export function planChoices({ t, language }, plans, tell, chosen, isMissing = false) {
  const number = new Intl.NumberFormat(localeOf(language));
  return plans.map(
    (
      plan,
      index,
    ) => html`<label class="choice"><input type="radio" name="plan" value="${tell(plan)}" required${tell(plan) === chosen ? raw(' checked') : ''}${isMissing && index === 0 ? raw(' autofocus') : ''}>
      <span>${t('plan_months', { count: number.format(Number(plan.months)) })}${
        plan.fee ? html` <small>${t('plan_fee', { fee: `\u2066${plan.fee}\u2069` })}</small>` : ''
      }</span></label>`,
  );
}

/**
 * The page that asks for a one-time password.
 *
 * @param {import('./parts.js').Context} context
 * @param {object} options
 * @param {{ id: string }} options.order
 * @param {import('aps-payops').Amount} options.amount
 * @param {string} options.reference
 * @param {string} options.method
 * @param {string} options.phone its last digits
 * @param {boolean} options.again
 * @param {readonly import('../plans.js').Plan[]} options.plans to choose from
 * @param {import('../password-routes.js').Given} [options.given] what was not taken, and why
 */
export function passwordPage(context, { order, amount, reference, method, phone, again, plans, given }) {
  const { t, offline } = context;
  const { planIssue, otpIssue, tenure, otp = '' } = given ?? {};
  const issues = [planIssue, otpIssue].flatMap((key) => (key ? t(key) : []));
  const name = t(`method_${method}`);
  return shopLayout(
    context,
    name,
    html`<section class="card between">
      <h1>${name}</h1>
      ${issues.length > 0 ? html`<p class="note error" role="alert">${issues.join(' ')}</p>` : ''}
      <p>${t('password_sent')} <bdi dir="ltr">···· ${phone}</bdi></p>
      <p class="total">${money(context, amount)}</p>
      <form method="post" action="/orders/${order.id}/passwords/${reference}" novalidate>
        ${fieldsOf(context, again ? 'open' : 'new')}
        ${
          plans.length > 0
            ? html`<fieldset class="plans" aria-describedby="plan-issue"><legend>${t('plan')}</legend>${planChoices(context, plans, ({ months }) => months, tenure, Boolean(planIssue))}
          <p class="message" id="plan-issue">${planIssue ? t(planIssue) : ''}</p></fieldset>`
            : ''
        }
        <div class="field"><label for="otp">${t('password')}</label>
          <input id="otp" name="otp" inputmode="numeric" autocomplete="one-time-code" dir="ltr" required maxlength="10"
            value="${otp}" aria-describedby="otp-hint otp-issue"${otpIssue ? raw(` aria-invalid="true"${planIssue ? '' : ' autofocus'}`) : ''}>
          <p class="hint" id="otp-hint">${t(offline ? 'password_sandbox' : 'password_hint')}</p>
          <p class="message" id="otp-issue">${otpIssue ? t(otpIssue) : ''}</p></div>
        <button class="big">${t('pay')}</button>
      </form>
      <p><a href="/orders/${order.id}">${t('back_to_order')}</a></p>
    </section>`,
  );
}
