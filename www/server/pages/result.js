// The result of an order's payments, in customers' words.
import { html, raw } from 'hono/html';
import { METHODS } from '../methods.js';
import { isDeclined, reasonOf, waitingFor } from '../results.js';
import { brandOf, hidden, instalmentsOf, money, shopTime } from './parts.js';

/** Decorative icons; the heading beside them states the result. */
const ICONS = {
  good: 'M5 13l5 5 9-11',
  warning: 'M12 6v8M12 17.5v.5',
  error: 'M7 7l10 10M17 7L7 17',
};

const OPEN = new Set(['started', 'action_required', 'pending', 'uncertain']);

/** @param {'good' | 'warning' | 'error'} kind @param {string} title @param {unknown} body */
const notice = (kind, title, body) => html`
  <section class="result ${kind}" ${kind === 'error' ? raw('role="alert"') : raw('role="status"')}>
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[kind]}"/></svg>
    <div><h2>${title}</h2>${body}</div>
  </section>`;

/**
 * The result of the attempts to pay; the latest matters most.
 *
 * @param {import('./parts.js').Context} context
 * @param {any} found an order with its payments
 * @param {{ tag: string, wait: number } | null} watched how its page learns of news; null once there is nothing to wait for
 */
export function result(context, { order, payments, paid, holding, standing }, watched) {
  const { t } = context;
  if (standing === 'paid') {
    const isDoubtful = holding.some(({ doubts }) => doubts.length > 0);
    const body = html`
      ${isDoubtful ? html`<p>${t('change_uncertain')}</p>` : holding.some(isReserved) ? html`<p>${t('reserved_text')}</p>` : ''}
      ${paid.map((/** @type {any} */ entry) => receipt(context, entry))}
      ${holding.length > 1 ? html`<p class="note warning">${t('paid_twice')}</p>` : ''}`;
    return notice('good', t(`paid_${kindOf(holding)}`), body);
  }
  const last = payments.at(-1);
  if (!last) return '';
  if (standing === 'new') {
    if (last.view) return notice('warning', t('released'), html`<p>${t('released_text')}</p>`);
    return notice('error', t('declined'), html`<p>${t(reasonOf(last.record))}</p>`);
  }
  const waiting = payments.findLast(
    (/** @type {any} */ { record, payment: held }) => !held && OPEN.has(record.outcome),
  );
  const declined = isDeclined(last.record)
    ? notice('error', t('declined_again'), html`<p>${t(reasonOf(last.record))}</p><p>${t('declined_again_text')}</p>`)
    : '';
  return html`${declined}${waiting ? unfinished(context, order, waiting, watched) : ''}`;
}

/**
 * An unfinished payment. The page polls for updates.
 *
 * @param {import('./parts.js').Context} context
 */
function unfinished(context, order, { record }, watched) {
  const { t } = context;
  const waiting = waitingFor(record, context.now);
  const links = {
    started: html`<a class="button" href="/payments/${record.reference}/gateway">${t('started_link')}</a>`,
    link: record.link ? html`<a class="button" href="${record.link.url}">${t('started_link')}</a>` : '',
    link_over: '',
    action: record.redirectTo ? html`<a class="button" href="${record.redirectTo}">${t('action_link')}</a>` : '',
    pending: '',
    unknown: '',
  };
  return html`
  <div ${watched ? html`data-watch="/orders/${order.id}/standing" data-tag="${watched.tag}" data-wait="${watched.wait}"` : ''}>
    ${notice(
      'warning',
      t(`wait_${waiting}`),
      html`<p>${t(`wait_${waiting}_text`)}</p>
      <p><b>${t(`wait_${waiting}_not`)}</b></p>
      ${watched ? html`<p class="hint watching">${t('watching')}</p>` : ''}
      <div class="actions">${links[waiting]}${ask(context, order)}</div>`,
    )}
    <p class="note warning" data-news hidden>${t('news')} <a href="/orders/${order.id}">${t('news_link')}</a></p>
  </div>`;
}

/** @param {any} entry */
const isReserved = ({ view }) => view.state === 'authorized';

/**
 * The state of a paid order's money: returned only if nothing is charged or held any more.
 *
 * @param {any[]} holding the payments that money is left of
 */
function kindOf(holding) {
  if (holding.length === 0) return 'returned';
  if (holding.some(({ payment }) => payment.refunded.minor > 0n)) return 'partly_returned';
  return holding.some(({ view }) => view.capturable.minor > 0n) ? 'reserved' : 'taken';
}

/** @param {import('./parts.js').Context} context @param {any} order */
const ask = (context, order) => html`
  <form method="post" action="/orders/${order.id}/refresh">
    ${hidden(context)}<button class="quiet">${context.t('ask')}</button>
  </form>`;

/** @param {import('./parts.js').Context} context @param {any} entry */
function receipt(context, { record, payment, view }) {
  const { t } = context;
  const { card } = record;
  const { payment_option, digital_wallet } = record.chosen ?? {};
  const method = METHODS.find((name) => name === payment_option || name === digital_wallet);
  const instalments = instalmentsOf(context, record);
  const sums = Object.entries({ taken: payment.captured, returned: payment.refunded, held: view.capturable });
  return html`<dl class="facts">
    ${sums
      .filter(([, sum]) => sum.minor > 0n)
      .map(([name, sum]) => html`<div><dt>${t(name)}</dt><dd>${money(context, sum)}</dd></div>`)}
    ${card ? html`<div><dt>${t('paid_with')}</dt><dd>${brandOf(context, card.brand)} <bdi dir="ltr">···· ${card.tail}</bdi></dd></div>` : ''}
    ${method ? html`<div><dt>${t('paid_by')}</dt><dd>${t(`method_${method}`)}</dd></div>` : ''}
    ${instalments ? html`<div><dt>${t('paid_by_plan')}</dt><dd>${instalments}</dd></div>` : ''}
    <div><dt>${t('payment_reference')}</dt><dd><bdi class="code">${record.reference}</bdi></dd></div>
    <div><dt>${t('paid_on')}</dt><dd>${shopTime(context, record.createdAt)}</dd></div>
  </dl>`;
}
