// The journal of a payment: operations with their evidence, notifications, and the form that settles an operation by hand.
import { Amount, describe } from 'aps-payops';
import { html, raw } from 'hono/html';
import { localeOf } from '../strings.js';
import { chip, described, field, hidden, issueList, issuesOf, money, time, unbroken } from './parts.js';

/** @typedef {import('./parts.js').Context} Context */
/** @typedef {import('aps-payops/journal').History} History */
/** @typedef {{ typed?: any, issues?: readonly any[], by?: string }} Form */

const ENDED = new Set(['succeeded', 'failed', 'rejected']);

/**
 * @param {Context} context
 * @param {any} record
 * @param {History | null} journal
 * @param {Form} form
 */
export function journalView(context, record, journal, form) {
  const { t, language } = context;
  if (!journal)
    return html`<section aria-labelledby="journal"><h2 id="journal">${t('journal')}</h2><p class="empty">${t('no_journal')}</p></section>`;
  const { totals, operations, notifications } = journal;
  const sum = (/** @type {string} */ minor) =>
    `\u2068${Amount.fromMinor(minor, record.amount.currency).format(localeOf(language))}\u2069`;
  const sums = {
    authorized: sum(totals.authorized),
    captured: sum(totals.captured),
    refunded: sum(totals.refunded),
  };
  const contradicted = contradictedIn(journal);
  const doubtful = operations.filter(({ operation, status }) => !ENDED.has(status) || contradicted.has(operation));
  return html`<section aria-labelledby="journal"><h2 id="journal">${t('journal')}</h2>
    <p class="hint">${t('journal_hint')}</p>
    <p>${t('totals_known', sums)}</p>
    ${operations.length === 0 ? html`<p class="empty">${t('journal_empty')}</p>` : operationTable(context, record, operations)}
    ${doubtful.map((operation) => settleForm(context, record, operation, form))}
    <h3 id="notifications">${t('notifications')}</h3>
    ${notifications.length === 0 ? html`<p class="empty">${t('no_notifications')}</p>` : trail(context, operations, notifications)}
    ${notifications.filter(isUnexplained).map((notification) => dismissForm(context, record, notification, form))}
  </section>`;
}

/** Whether a person should look at a notification. @param {History['notifications'][number]} notification */
const isUnexplained = ({ operation, dismissed }) => operation === undefined && !dismissed;

/** @param {Context} context @param {any} record @param {History['operations']} operations */
function operationTable(context, record, operations) {
  const { t } = context;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${t('journal')}"><table class="plain stacked">
    <thead><tr><th scope="col">${t('operation')}</th><th scope="col">${t('state')}</th><th scope="col">${t('evidence')}</th>
      <th scope="col">${t('who_why')}</th><th scope="col">${t('since')}</th><th scope="col">${t('changed')}</th></tr></thead>
    <tbody>${operations.map((operation) => operationRow(context, record, operation))}</tbody>
  </table></div>`;
}

/** What the gateway told both ways about this payment, and what to do. @param {Context} context @param {History | null} journal */
export function contradictionNotes(context, journal) {
  if (!journal) return '';
  const { t } = context;
  const contradicted = contradictedIn(journal);
  return journal.operations
    .filter(({ operation }) => contradicted.has(operation))
    .map(
      (operation) => html`<p class="note warning" role="status"><b>${t(operation.command)} ${sumOf(context, operation)}:
        ${t('kind_contradiction')}.</b> ${t('cure_contradiction')}</p>`,
    );
}

/** Operations with conflicting evidence. @param {History} journal @returns {Set<string>} */
function contradictedIn({ entries, operations }) {
  const keys = new Set();
  for (const entry of entries) {
    for (const { key, contradiction } of entry.operations ?? []) {
      if (contradiction) keys.add(key);
      else keys.delete(key);
    }
  }
  for (const { operation, evidence } of operations) if (evidence === 'person') keys.delete(operation);
  return keys;
}

/** Its amount; a void has none. @param {Context} context @param {{ amount: string, currency: string }} operation */
const sumOf = (context, { amount, currency }) => (currency ? money(context, Amount.fromMinor(amount, currency)) : '');

/** @param {Context} context @param {any} record @param {History['operations'][number]} operation */
function operationRow(context, record, operation) {
  const { t } = context;
  const { command, status, evidence, at, changed } = operation;
  const step = record.steps.find((/** @type {any} */ one) => one.operation === operation.operation);
  const by = operation.by ?? step?.by;
  const why = operation.why ?? step?.why;
  return html`<tr><th scope="row">${t(command)} ${sumOf(context, operation)}</th>
    <td data-label="${t('state')}">${chip(context, status)}</td>
    <td data-label="${t('evidence')}">${t(`evidence_${evidence ?? 'none'}`)}</td>
    <td class="text" data-label="${t('who_why')}"><span>${by ? html`<bdi>${by}</bdi>` : '–'}${why ? html`: <bdi>${why}</bdi>` : ''}</span></td>
    <td data-label="${t('since')}">${time(context, at.getTime())}</td>
    <td data-label="${t('changed')}">${time(context, changed.getTime())}</td></tr>`;
}

/** @param {Context} context @param {History['operations']} operations @param {History['notifications']} notifications */
function trail(context, operations, notifications) {
  const { t, language } = context;
  const about = (/** @type {string | undefined} */ key) => {
    const found = operations.find(({ operation }) => operation === key);
    if (!found) return t('about_none');
    return html`${t(found.command)} ${sumOf(context, found)}`;
  };
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${t('notifications')}"><table class="plain stacked">
    <thead><tr><th scope="col">${t('date')}</th><th scope="col">${t('outcome_told')}</th><th scope="col">${t('about_operation')}</th>
      <th scope="col">${t('state')}</th></tr></thead>
    <tbody>${notifications.map(
      ({
        at,
        outcome,
        code,
        operation,
        handled,
        dismissed,
      }) => html`<tr><td data-label="${t('date')}">${time(context, at.getTime())}</td>
      <td class="text" data-label="${t('outcome_told')}"><span>${chip(context, outcome)} <bdi class="code">${code}</bdi> ${unbroken(describe(code, language).text)}</span></td>
      <td data-label="${t('about_operation')}"><span>${about(operation)}</span></td><td class="text" data-label="${t('state')}"><span>${dismissed ? html`${t('dismissed')} · <bdi>${dismissed.by}</bdi>: <bdi>${dismissed.why}</bdi>` : t(handled ? 'handled' : 'not_handled')}</span></td></tr>`,
    )}</tbody></table></div>`;
}

/**
 * The fields of who decides by hand, and why.
 * @param {Context} context
 * @param {(name: string) => string} id
 * @param {{ by: string, why: string, issues: readonly any[] }} form
 */
function whoFields({ t }, id, { by, why, issues }) {
  const text = (/** @type {'by' | 'why'} */ name, /** @type {string} */ value, /** @type {string} */ hint) => {
    const own = issuesOf(issues, [name]);
    return field({
      id: id(name),
      label: t(name === 'by' ? 'by' : 'reason'),
      hint,
      issues: own,
      control: html`<input id="${id(name)}" name="${name}" dir="auto" required
        autocomplete="${name === 'by' ? 'name' : 'off'}" value="${value}" ${described(id(name), own)}>`,
    });
  };
  return html`${text('by', by, t('by_hint'))}${text('why', why, t('settle_why_hint'))}`;
}

/** @param {string} own */
const idWith = (own) => (/** @type {string} */ name) => `${name}-${own.replace(/[^\w-]/g, '-')}`;

/** @param {Context} context @param {any} record @param {History['notifications'][number]} notification @param {Form} form */
function dismissForm(context, record, { id: notification, command, outcome }, { typed, issues = [], by = '' }) {
  const { t } = context;
  const isOwn = typed?.notification === notification;
  const who = { by: isOwn ? typed.by : by, why: isOwn ? typed.why : '', issues: isOwn ? issues : [] };
  return html`
    <form method="post" action="/payments/${record.reference}/dismiss" class="card settle" novalidate>
      ${hidden(context)}<input type="hidden" name="notification" value="${notification}">
      <h3>${t('kind_unattributed')}: ${t(command)} ${chip(context, outcome)}</h3>
      <p class="hint">${t('dismiss_hint')}</p>
      ${whoFields(context, idWith(notification), who)}
      <button class="quiet">${t('dismiss')}</button>
    </form>`;
}

/** @param {Context} context @param {any} record @param {History['operations'][number]} operation @param {Form} form */
function settleForm(context, record, doubtful, { typed, issues = [], by = '' }) {
  const { t } = context;
  const { operation, command } = doubtful;
  const isOwn = typed?.operation === operation;
  const mine = isOwn ? issues : [];
  const id = idWith(operation);
  const unchosen = issuesOf(mine, ['outcome']);
  const legend = id('outcome');
  const who = { by: isOwn ? typed.by : by, why: isOwn ? typed.why : '', issues: mine };
  const choice = (/** @type {string} */ outcome) => html`
    <label class="choice"><input type="radio" name="outcome" value="${outcome}" required${isOwn && typed.outcome === outcome ? raw(' checked') : ''}${unchosen.length > 0 && outcome === 'succeeded' ? raw(' autofocus') : ''}>
      <span>${t(`settle_${outcome}`)}</span></label>`;
  return html`
    <form method="post" action="/payments/${record.reference}/settle" class="card settle" novalidate>
      ${hidden(context)}<input type="hidden" name="operation" value="${operation}">
      <h3>${t('settle_title')}: ${t(command)} ${sumOf(context, doubtful)}</h3>
      <p class="hint">${t('settle_hint')}</p>
      <fieldset aria-describedby="${legend}-issues"><legend>${t('settle_legend')}</legend>
        <div class="choices">${choice('succeeded')}${choice('failed')}</div>${issueList(legend, t('settle_legend'), unchosen)}</fieldset>
      ${whoFields(context, id, who)}
      <button class="quiet">${t('settle')}</button>
    </form>`;
}
