// Authorized, captured, refunded and remaining, as a bar and as text.
import { html } from 'hono/html';
import { localeOf } from '../strings.js';
import { money } from './parts.js';

/**
 * The four sums. `remaining` is what could still be captured; of a voided or lapsed payment nothing remains.
 *
 * @param {{ payment: import('aps-payops').Payment, view: { capturable: import('aps-payops').Amount } }} record
 */
function sums({ payment, view }) {
  const { authorized, captured, refunded } = payment;
  return { authorized, captured, refunded, remaining: view.capturable };
}

/**
 * @param {import('./parts.js').Context} context
 * @param {any} record
 */
export function bar({ t, language }, record) {
  const { authorized, captured, refunded, remaining } = sums(record);
  const locale = localeOf(language);
  const text = (/** @type {import('aps-payops').Amount} */ amount) => amount.format(locale);
  const label = t('bar', {
    authorized: text(authorized),
    captured: text(captured),
    refunded: text(refunded),
    remaining: text(remaining),
  });
  // Attributes, since the content security policy forbids inline styles.
  const part = (/** @type {string} */ name, /** @type {bigint} */ from, /** @type {bigint} */ to) =>
    to > from
      ? html`<rect class="${name}" x="${share(from, authorized)}" width="${share(to - from, authorized)}" height="10"/>`
      : '';
  const kept = captured.minor - refunded.minor;
  return html`<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="${label}">
    <rect class="released" width="1000" height="10"/>
    ${part('captured', 0n, kept)}${part('refunded', kept, captured.minor)}
    ${part('remaining', captured.minor, captured.minor + remaining.minor)}
  </svg>`;
}

/**
 * The same as a list with its key.
 *
 * @param {import('./parts.js').Context} context
 * @param {any} record
 */
export function sumsList(context, record) {
  const all = sums(record);
  return html`<dl class="sums">${Object.entries(all).map(
    ([name, amount]) => html`<div class="${name}"><dt>${context.t(name)}</dt><dd>${money(context, amount)}</dd></div>`,
  )}</dl>`;
}

// In thousandths, by exact integer arithmetic.
/** @param {bigint} part @param {import('aps-payops').Amount} whole */
function share(part, whole) {
  return whole.minor === 0n ? '0' : String((part * 1000n) / whole.minor);
}
