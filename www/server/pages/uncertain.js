// Uncertain operations, with their evidence and what to do about them.
import { Amount } from 'aps-payops';
import { html } from 'hono/html';
import { hidden, layout, money, time } from './parts.js';

/** @typedef {import('./parts.js').Context} Context */
/** @typedef {import('aps-payops/journal').Uncertainty} Uncertainty */

/**
 * @param {Context} context
 * @param {{ doubts: Uncertainty[], waiting: Uncertainty[] }} found
 * @param {{ settled: string, open: string } | null} told the result of asking
 */
export function uncertainPage(context, { doubts, waiting }, told) {
  const { t } = context;
  return layout(
    context,
    t('uncertain_title'),
    html`
    <h1>${t('uncertain_title')}</h1>
    ${told ? html`<p class="note good" role="status">${t('recovered', told)}</p>` : ''}
    ${
      doubts.length === 0
        ? html`<p class="empty">${t('uncertain_none')}</p>`
        : html`<p class="hint">${t('uncertain_hint')}</p>${list(context, doubts, 'doubts')}`
    }
    ${
      doubts.length + waiting.length === 0
        ? ''
        : html`<form method="post" action="/uncertain/recover">${hidden(context)}<button>${t('recover_all')}</button></form>`
    }
    ${
      waiting.length === 0
        ? ''
        : html`<section aria-labelledby="waiting"><h2 id="waiting">${t('waiting_title')}</h2>
      <p class="hint">${t('waiting_hint')}</p>${list(context, waiting, 'waiting-list')}</section>`
    }`,
  );
}

/** @param {Context} context @param {Uncertainty[]} all @param {string} id */
function list(context, all, id) {
  return html`<ul class="list doubts" id="${id}">${all.map((one) => item(context, one))}</ul>`;
}

/** @param {Context} context @param {Uncertainty} one */
function item(context, one) {
  const { t } = context;
  const { kind, merchant_reference, command, amount, currency, evidence, references = [merchant_reference], at } = one;
  const sum = amount && currency ? money(context, Amount.fromMinor(amount, currency)) : '';
  const isWaiting = kind === 'open' && one.status === 'action_required';
  return html`
    <li class="card">
      <p class="step"><b>${command ? t(command) : t('about_payment')}</b> ${sum}
        <span class="chip uncertain">${t(isWaiting ? 'waiting_title' : `kind_${kind}`)}</span> ${time(context, at.getTime())}</p>
      <p>${references.map((reference) => html`<a class="reference" href="/payments/${reference}"><bdi>${reference}</bdi></a> `)}</p>
      <dl class="facts">${kind === 'paid_twice' ? '' : html`<div><dt>${t('evidence')}</dt><dd>${t(`evidence_${evidence ?? 'none'}`)}</dd></div>`}
        ${isWaiting ? '' : html`<div><dt>${t('cure')}</dt><dd>${t(`cure_${kind}`)}</dd></div>`}</dl>
    </li>`;
}
