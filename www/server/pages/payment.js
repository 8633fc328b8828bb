// The page of a payment: its money, the operations offered, and the messages so far.
import { Amount, describe } from 'aps-payops';
import { html } from 'hono/html';
import { localeOf } from '../strings.js';
import { bar, sumsList } from './bar.js';
import { contradictionNotes, journalView } from './journal.js';
import {
  cardText,
  chip,
  described,
  field,
  hidden,
  instalmentsOf,
  issueList,
  issuesOf,
  layout,
  money,
  relative,
  time,
  unbroken,
} from './parts.js';

/** Why an answer is missing, by the codes of `TransportError`. */
const CAUSES = new Set(['network', 'timeout', 'http_status', 'redirect', 'unreadable']);

/**
 * @param {import('./parts.js').Context} context
 * @param {any} entry with the `journal` of the payment
 * @param {{ typed?: any, issues?: readonly any[], message?: string, by?: string }} [form] `by`: who works at this browser
 */
export function paymentPage(context, entry, form = {}) {
  const { t } = context;
  const { record, order, amount, payment, state, doubts } = entry;
  const title = order.description || order.id;
  return layout(
    context,
    title,
    html`
    <p class="crumbs"><a href="/">${t('payments')}</a> <a href="/orders/${order.id}">${t('customer_page')}</a></p>
    <h1><bdi>${title}</bdi></h1>
    <p class="total">${money(context, amount)} ${chip(context, state)}</p>
    ${form.message ? html`<p class="note error" role="alert">${form.message}</p>` : ''}
    ${notice(context, record)}
    ${linkCard(context, record)}
    ${entry.twice ? twiceNote(context, entry) : ''}
    ${contradictionNotes(context, entry.journal)}
    ${payment && doubts.length > 0 ? html`<p class="note warning" role="status">${doubtText(context, doubts)}</p>` : ''}
    ${payment ? html`<section aria-label="${t('amount')}" class="balance">${bar(context, entry)}${sumsList(context, entry)}</section>` : ''}
    ${about(context, entry)}
    ${operations(context, entry, form)}
    ${journalView(context, record, entry.journal, form)}
    <section aria-labelledby="steps"><h2 id="steps">${t('steps')}</h2>
      <ol class="steps">${[...record.steps].reverse().map((step) => stepItem(context, step))}</ol>
    </section>`,
  );
}

/** Card, customer, 3-D Secure, and what the gateway calls it. @param {import('./parts.js').Context} context @param {any} entry */
function about(context, { record, order, view }) {
  const { t } = context;
  const fact = (/** @type {string} */ key, /** @type {unknown} */ value) =>
    html`<div><dt>${t(key)}</dt><dd>${value}</dd></div>`;
  const instalments = instalmentsOf(context, record);
  const card = record.card ? html`<bdi dir="ltr">${cardText(context, record.card)}</bdi>` : t('no_card');
  return html`
    <dl class="facts about">
      ${fact('card', html`${card}${record.card && record.how === 'hosted' ? html` <small>${t('via_hosted')}</small>` : ''}`)}
      ${instalments ? fact('paid_by_plan', instalments) : ''}
      ${fact('customer', html`<bdi>${order.email}</bdi>`)}
      ${fact('three_d', threeDOf(context, record))}
      ${fact('created', time(context, record.createdAt))}
      ${lapse(context, view)}
      ${fact('reference', html`<bdi class="code">${record.reference}</bdi>`)}
      ${record.fort_id ? html`<div><dt>fort_id</dt><dd><bdi class="code">${record.fort_id}</bdi></dd></div>` : ''}
      ${fact('command', html`<bdi class="code">${record.command}</bdi>`)}
    </dl>`;
}

/** The result of 3-D Secure, with the ECI of the reply. @param {import('./parts.js').Context} context @param {any} record */
function threeDOf({ t }, record) {
  const replies = record.steps.flatMap((/** @type {any} */ step) =>
    step.exchanges.map((/** @type {any} */ one) => one.reply),
  );
  const eci = replies.findLast((/** @type {any} */ reply) => reply?.params?.eci)?.params.eci;
  const isAsked = record.steps.some((/** @type {any} */ step) => step.outcome === 'action_required');
  // Nothing is known of a payment that was not answered.
  const isAnswered = record.payment || !['started', 'uncertain', 'pending', 'rejected'].includes(record.outcome);
  if (!isAnswered && !isAsked) return '–';
  const told = !isAsked
    ? 'three_d_none'
    : record.payment
      ? 'three_d_passed'
      : record.outcome === 'action_required' || record.outcome === 'uncertain'
        ? 'three_d_waiting'
        : 'three_d_failed';
  return html`${t(told)}${eci ? html` <small dir="ltr">(ECI ${eci})</small>` : ''}`;
}

/** @param {import('./parts.js').Context} context @param {any} record */
function notice({ t, now }, record) {
  const note = (/** @type {string} */ kind, /** @type {unknown} */ text) =>
    html`<p class="note ${kind}" role="status">${text}</p>`;
  if (record.payment) return '';
  if (record.outcome === 'action_required') {
    return note('warning', t('action_note'));
  }
  if (record.outcome === 'started' && record.how === 'link') {
    // The expiry is shown beside the link.
    return record.link?.until <= now ? '' : note('warning', t('link_note'));
  }
  if (record.outcome === 'started') return note('warning', t('started_note'));
  if (record.outcome === 'uncertain') return note('warning', t('uncertain_text'));
  if (record.outcome === 'pending') return note('warning', t('pending_text'));
  if (record.outcome === 'failed') return note('error', t('failed_text'));
  return note('error', t('rejected_text'));
}

/** The link to give to the customer. @param {import('./parts.js').Context} context @param {any} record */
function linkCard(context, { link, payment }) {
  const { t, now } = context;
  if (!link || payment) return '';
  const isOver = link.until <= now;
  const until = html`<p class="hint">${t('link_until')} <span class="whole">${time(context, link.until)}</span> (<span class="whole">${relative(context, link.until)}</span>)</p>`;
  const copy = html`<button type="button" class="quiet" data-copy="link" data-copied="${t('copied')}" hidden>${t('copy')}</button>`;
  return html`<section class="card link" aria-labelledby="link-title"><h2 id="link-title">${t('PAYMENT_LINK')}</h2>
    <div class="copy"><input id="link" readonly dir="ltr" value="${link.url}" aria-labelledby="link-title">
      ${isOver ? '' : copy}</div>
    <p class="away" role="status" data-copy-told></p>
    ${isOver ? html`<p class="note warning">${t('link_over')}</p>` : until}
  </section>`;
}

/** The order holds more than one payment. @param {import('./parts.js').Context} context @param {any} entry */
const twiceNote = ({ t }, { others }) => html`<p class="note warning">${t('paid_twice_desk')}
  ${others.map((/** @type {string} */ reference) => html`<a href="/payments/${reference}"><bdi>${reference}</bdi></a> `)}</p>`;

/** @param {import('./parts.js').Context} context @param {any[]} doubts */
const doubtText = ({ t }, doubts) =>
  html`${doubts.map(({ command }) => html`<b>${t(command)}: ${t('state_uncertain')}.</b> `)}${t('uncertain_text')}`;

/** @param {import('./parts.js').Context} context @param {any} view */
function lapse(context, view) {
  // Nothing lapses once all of it is captured.
  if (!view?.lapsesAt || !['open', 'lapsed'].includes(view.authorization)) return '';
  const at = Number(view.lapsesAt);
  const key = view.authorization === 'lapsed' ? 'lapsed_at' : 'lapses';
  return html`<div><dt>${context.t(key)}</dt><dd>${relative(context, at)} (${time(context, at)})</dd></div>`;
}

/** @param {import('./parts.js').Context} context @param {any} entry @param {any} form */
function operations(context, { record, payment, view }, form) {
  const { t } = context;
  const commands = (view?.commands ?? []).filter((/** @type {string} */ name) => name !== 'CHECK_STATUS');
  return html`<section aria-labelledby="operations"><h2 id="operations">${t('operations')}</h2>
    ${payment && commands.length === 0 ? html`<p class="empty">${t('no_operations')}</p>` : ''}
    <div class="operations" data-reference="${record.reference}" ${payment ? html`data-payment="${JSON.stringify(payment)}"` : ''}>
      ${commands.map((/** @type {string} */ command) => operationForm(context, record, view, command, form))}
      <form method="post" action="/payments/${record.reference}/refresh" class="card">
        ${hidden(context)}
        <h3>${t('CHECK_STATUS')} <bdi class="code">CHECK_STATUS</bdi></h3>
        <p class="hint">${t('refresh_hint')}</p>
        <button class="quiet">${t('refresh')}</button>
      </form>
    </div>
  </section>`;
}

/** @param {import('./parts.js').Context} context */
function operationForm(context, record, view, command, { typed, issues = [] }) {
  const { t, language } = context;
  const own = typed?.command === command ? issues : [];
  const ofWhy = issuesOf(own, ['why']);
  const mine = own.filter((/** @type {any} */ one) => !ofWhy.includes(one));
  const id = `amount-${command}`;
  const isRefund = command === 'REFUND';
  const most = isRefund ? view.refundable : view.capturable;
  // Refunds start empty, so that nobody refunds everything by mistake.
  const offered = isRefund ? '' : String(most);
  const control =
    command === 'VOID_AUTHORIZATION'
      ? html`<p class="hint">${t('void_hint')}</p>${issueList(id, t(command), mine)}`
      : field({
          id,
          label: t('amount'),
          hint: t('at_most', { amount: most.format(localeOf(language)) }),
          issues: mine,
          control: html`<input id="${id}" name="amount" inputmode="decimal" dir="ltr" autocomplete="off" required
 value="${own.length > 0 ? typed.amount : offered}" data-most="${String(most)}" ${described(id, mine)}>`,
        });
  return html`
  <form method="get" action="/payments/${record.reference}/confirm" data-check="operation" class="card" novalidate>
    <input type="hidden" name="token" value="${crypto.randomUUID()}"><input type="hidden" name="command" value="${command}">
    <h3>${t(command)} <bdi class="code">${command}</bdi></h3>
    ${control}
    ${field({
      id: `why-${command}`,
      label: t('reason'),
      hint: t('reason_hint'),
      issues: ofWhy,
      control: html`<input id="why-${command}" name="why" dir="auto" autocomplete="off"
        value="${typed?.command === command ? typed.why : ''}" ${described(`why-${command}`, ofWhy)}>`,
    })}
    <button class="${command === 'CAPTURE' ? '' : 'quiet'}">${t(`next_${command}`)}</button>
  </form>`;
}

/** @param {import('./parts.js').Context} context @param {any} step */
function stepItem(context, step) {
  const { t, language } = context;
  const amount = step.amount ? Amount.fromMinor(step.amount.amount, step.amount.currency) : null;
  const remarks = [
    step.via === 'api' ? '' : t(`via_${step.via}`),
    step.notified ? t('notified') : step.settled ? settledText(context, step) : '',
  ].filter(Boolean);
  return html`<li>
    <p class="step"><b>${t(step.command)}</b> ${amount ? money(context, amount) : ''}
      ${'told' in step ? '' : chip(context, step.settled ?? step.outcome)} ${time(context, step.at)}</p>
    ${[step.code, step.told]
      .filter(Boolean)
      .map((code) => html`<p><bdi class="code">${code}</bdi> ${unbroken(describe(code, language).text)}</p>`)}
    ${step.error ? html`<p class="error">${step.outcome === 'rejected' ? t('not_reached') : html`${t('no_answer')} ${causeOf(context, step.error)}`}</p>` : ''}
    ${step.by || step.why ? html`<p>${step.by ? html`<bdi>${t('done_by', { by: step.by })}</bdi>` : ''}${step.by && step.why ? ': ' : ''}<bdi>${step.why}</bdi></p>` : ''}
    ${remarks.map((text) => html`<p class="hint">${text}</p>`)}
    <details><summary>${t('step_details')}</summary>
      ${foldRepeats(step.exchanges).map((exchange) => exchangeView(context, exchange, step.via))}
    </details>
  </li>`;
}

/** Why no answer came: in words where they are known. @param {import('./parts.js').Context} context @param {any} error */
function causeOf({ t }, { code, detail, message: text }) {
  if (!CAUSES.has(code)) return html`<bdi dir="ltr" lang="en">${text}</bdi>`;
  return html`${t(`cause_${code}`)}${detail ? html` <bdi class="code">${detail}</bdi>` : ''}`;
}

/** What settled a step whose answer was lost. @param {import('./parts.js').Context} context @param {any} step */
const settledText = ({ t }, { evidence }) =>
  evidence && evidence !== 'totals' && evidence !== 'reply' ? t(`evidence_${evidence}`) : t('settled');

/**
 * A lost answer is looked up again and again: what was exchanged several times in a row with the same result is shown once.
 *
 * @param {readonly any[]} exchanges
 * @returns {any[]} with the `times`
 */
function foldRepeats(exchanges) {
  const folded = /** @type {any[]} */ ([]);
  for (const exchange of exchanges) {
    const text = JSON.stringify(exchange);
    const last = folded.at(-1);
    if (last?.text === text) last.times += 1;
    else folded.push({ ...exchange, text, times: 1 });
  }
  return folded;
}

/** @param {import('./parts.js').Context} context @param {any} exchange */
function exchangeView(context, { command, url, request, reply, times }, via) {
  const { t, language } = context;
  const repeated =
    times > 1 ? t('exchange_times', { count: new Intl.NumberFormat(localeOf(language)).format(times) }) : '';
  const verdict = (/** @type {any} */ shown) =>
    shown.signature === ''
      ? html`<span class="chip pending">${t('unsigned')}</span>`
      : shown.matches
        ? html`<span class="chip good">✓ ${t('verified')}</span>`
        : html`<span class="chip failed">✗ ${t('unverified')}</span>`;
  return html`
    ${request ? html`<h3>${t('request')} <bdi class="code">${command}</bdi> <bdi class="code">POST ${url}</bdi></h3>` : ''}
    ${repeated ? html`<p class="hint">${repeated}</p>` : ''}${request ? message(context, request) : ''}
    ${
      reply
        ? html`<h3>${t('reply')} ${verdict(reply)}</h3>${message(context, reply)}`
        : html`<h3>${t('reply')}</h3><p class="empty">${t(via === 'form' ? 'reply_later' : 'no_reply')}</p>`
    }`;
}

/** @param {import('./parts.js').Context} context @param {import('../steps.js').Shown} shown */
function message({ t }, { params, canonical, signature }) {
  const rows = Object.entries(params).filter(([name]) => name !== 'signature');
  const text = (/** @type {unknown} */ value) => (typeof value === 'string' ? value : JSON.stringify(value));
  return html`
    <div class="scroll" tabindex="0" role="group" aria-label="${t('parameter')}"><table dir="ltr">
      <thead><tr><th scope="col">${t('parameter')}</th><th scope="col">${t('value')}</th></tr></thead>
      <tbody>${rows.map(
        ([name, value]) => html`<tr><th scope="row">${name}</th><td><bdi>${text(value)}</bdi></td></tr>`,
      )}</tbody>
    </table></div>
    ${canonical ? html`<h4>${t('canonical')}</h4><pre dir="ltr">${canonical}</pre>` : ''}
    ${signature ? html`<h4>${t('signature')}</h4><pre dir="ltr">${signature}</pre>` : ''}`;
}

/** @param {import('./parts.js').Context} context @param {string} message @param {string} [title] */
export function errorPage(context, message, title = context.t('error_title')) {
  const { t } = context;
  return layout(
    context,
    title,
    html`<h1>${title}</h1><p class="note error" role="alert">${message}</p><p><a href="/">${t('back')}</a></p>`,
    { isError: true },
  );
}
