// The card form, which posts to the gateway, and the test cards.
import { html, raw } from 'hono/html';

/** Accepted brands by APS's names, with the text of our own marks: no trademark artwork. */
const MARKS = { VISA: 'VISA', MASTERCARD: 'MC', AMEX: 'AMEX', MADA: 'mada', MEEZA: 'Meeza', JAYWAN: 'Jaywan' };

/** Keeps browsers from treating card fields as passwords or search fields. */
const CARD_FIELD = raw('autocapitalize="off" spellcheck="false" autocorrect="off" dir="ltr" required');

/**
 * Goes to the gateway, not to us. Only APS's own parameters have names: it refuses others (00027). The card's fields get
 * theirs from the page's script, once it has attached the form: whatever sends it before that sends no card. The expiry
 * date is typed as on the card, and sent as YYMM.
 *
 * @param {import('./parts.js').Context} context
 * @param {import('aps-payops/server').ApsForm} form
 * @param {import('aps-payops').Amount} amount
 * @param {string} total
 */
export function cardForm({ t, now, file }, form, amount, total) {
  const message = (/** @type {string} */ name) =>
    html`<p class="message" id="${name}-message" data-aps-message="${name}"></p>`;
  const described = (/** @type {string} */ name, hint = false) =>
    raw(`aria-describedby="${hint ? `${name}-hint ` : ''}${name}-message"`);
  return html`
  <form class="card-form" method="post" action="${form.action}" data-checkout data-currency="${amount.currency}" data-at="${now}"
    data-rules="${file('checkout.wasm')}">
    ${Object.entries(form.fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
    <div class="heading"><h2 id="pay">${t('pay_by_card')}</h2>
      <ul class="marks" aria-label="${t('accepted')}">${Object.entries(MARKS).map(
        ([
          brand,
          text,
        ]) => html`<li data-mark="${brand}"><svg viewBox="0 0 44 28" role="img" aria-label="${t(`brand_${brand}`)}">
          <rect x="1" y="1" width="42" height="26" rx="4"/><text x="22" y="18" text-anchor="middle"${text.length > 5 ? raw(' textLength="36" lengthAdjust="spacingAndGlyphs"') : ''}>${text}</text></svg></li>`,
      )}</ul>
    </div>
    <div class="errors" data-aps-summary></div>
    <div class="field">
      <div class="label"><label for="card_number">${t('card_number')}</label>
        <span class="brand" data-aps-brand aria-hidden="true"></span></div>
      <input id="card_number" data-aps="card_number" inputmode="numeric" autocomplete="cc-number"
        placeholder="1234 5678 9012 3456" ${CARD_FIELD} ${described('card_number')}>
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
        <input id="card_security_code" data-aps="card_security_code" inputmode="numeric"
          autocomplete="cc-csc" placeholder="123" ${CARD_FIELD} ${described('card_security_code', true)}>
        <div class="below">
          ${message('card_security_code')}
          <p class="hint" id="card_security_code-hint" data-aps-hint="card_security_code">${t('security_code_hint')}</p>
        </div>
      </div>
    </div>
    <div class="field">
      <label for="card_holder_name">${t('holder')}</label>
      <input id="card_holder_name" data-aps="card_holder_name" data-keep="card_holder_name" autocomplete="cc-name" dir="auto"
        required ${described('card_holder_name')}>
      ${message('card_holder_name')}
    </div>
    <p class="choice"><input type="checkbox" id="save_card" data-keep="save_card">
      <label for="save_card">${t('save_card')}</label><input type="hidden" name="remember_me" value="NO"></p>
    <button class="big" data-aps-pay disabled>${t('pay_amount', { amount: total })}</button>
    <p class="hint safe">${t('card_safe')}</p>
  </form>`;
}

/** @param {import('./parts.js').Context} context @param {import('../cards.js').Card[]} cards */
export function testCards({ t }, cards) {
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
