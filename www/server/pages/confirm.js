// Asks for confirmation before money moves. A page of its own, so that it works without scripts.
import { html, raw } from 'hono/html';
import { localeOf } from '../strings.js';
import { cardText, described, field, hidden, layout, money } from './parts.js';

/** @typedef {import('./parts.js').Context} Context */

/**
 * @param {Context} context
 * @param {any} entry of the desk
 * @param {{ command: string, amount: import('aps-payops').Amount, next: import('aps-payops').Payment, typed: any,
 *   issues?: readonly any[] }} asked `next`: the payment afterwards; `typed`: as it came from the form
 */
export function confirmPage(context, { record, order }, { command, amount, next, typed, issues = [] }) {
  const { t, language, now } = context;
  const back = `/payments/${record.reference}`;
  const facts = {
    amount: `\u2068${amount.format(localeOf(language))}\u2069`,
    card: record.card ? `\u2066${cardText(context, record.card)}\u2069` : t('the_customer'),
  };
  const { capturable, refundable } = next.at(now);
  const title = t(`ask_${command}`, facts);
  const fact = (/** @type {string} */ key, /** @type {unknown} */ value) =>
    html`<div><dt>${t(key)}</dt><dd>${value}</dd></div>`;
  return layout(
    context,
    title,
    html`
    <p class="crumbs"><a href="/">${t('payments')}</a> <a href="${back}"><bdi>${order.description || order.id}</bdi></a></p>
    <form method="post" action="${back}/operations" class="card confirm" novalidate>
      ${hidden(context, typed.token)}<input type="hidden" name="command" value="${command}">
      ${command === 'VOID_AUTHORIZATION' ? '' : html`<input type="hidden" name="amount" value="${typed.amount}">`}
      <input type="hidden" name="why" value="${typed.why}">
      <h1>${title}</h1>
      <dl class="facts">
        ${fact('order_name', html`<bdi>${order.description || order.id}</bdi>`)}
        ${fact('customer', html`<bdi>${order.email}</bdi>`)}
        ${fact('reference', html`<bdi class="code">${record.reference}</bdi>`)}
        ${typed.why ? fact('reason', html`<bdi>${typed.why}</bdi>`) : ''}
        ${command === 'REFUND' ? fact('left_after_refund', money(context, refundable)) : fact('left_after_capture', money(context, capturable))}
      </dl>
      ${field({
        id: 'by',
        label: t('by'),
        hint: t('by_hint'),
        issues,
        control: html`<input id="by" name="by" dir="auto" autocomplete="name" required value="${typed.by}" ${described('by', issues)}>`,
      })}
      <p class="hint">${t('confirm_note')}</p>
      <p class="act"><button${command === 'CAPTURE' ? '' : raw(' class="danger"')}>${t(`do_${command}`, facts)}</button>
        <a href="${back}">${t('cancel')}</a></p>
    </form>`,
  );
}
