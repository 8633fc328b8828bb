// The desk's table of payments: search, filters, sorting, pages, CSV download.
import { html, raw } from 'hono/html';
import { queryOf, STATES, searchLimits } from '../listing.js';
import { localeOf } from '../strings.js';
import { cardText, chip, described, issueList, layout, money, relative, time } from './parts.js';

/** @typedef {import('./parts.js').Context} Context */
/** @typedef {import('../listing.js').Wish} Wish */
/** @typedef {Awaited<ReturnType<ReturnType<typeof import('../listing.js').createListing>['page']>>} Page */

/** Columns, with what sorts them. @type {[key: string, sort: string | null, isSum: boolean][]} */
const COLUMNS = [
  ['date', 'date', false],
  ['order_name', 'order', false],
  ['customer', 'customer', false],
  ['card', null, false],
  ['amount', 'amount', true],
  ['captured', 'captured', true],
  ['refunded', 'refunded', true],
  ['state', null, false],
];

/** @param {Context} context @param {Page} page @param {readonly import('../listing.js').Doubt[]} [doubts] about its query */
export function paymentsPage(context, page, doubts = []) {
  const { t, language } = context;
  const { wish, rows, total } = page;
  const isAsked = doubts.length > 0 || [wish.q, wish.state, wish.currency, wish.from, wish.to].some(Boolean);
  const count = new Intl.NumberFormat(localeOf(language)).format(total);
  const told = total === 0 ? t('count_none') : total === 1 ? t('count_one') : t('count_many', { count });
  return layout(
    context,
    t('payments'),
    html`
    <h1>${t('payments')}</h1>
    ${isAsked || total > 0 ? search(context, page, doubts) : ''}
    ${
      rows.length === 0
        ? html`<p class="empty">${t(isAsked ? 'none_found' : 'no_payments')}</p>
      ${isAsked ? '' : html`<p><a class="button" href="/new">${t('new_order')}</a></p>`}`
        : html`<p class="told"><span role="status">${told}</span>
      <a href="/payments.csv?${queryOf(wish)}" download>${t('export_csv')}</a></p>
    <table class="payments"><caption class="away">${t('payments')}</caption>
      <thead><tr data-label="${t('sort_by', { column: '' }).trim()}:">${COLUMNS.map((column) => head(context, wish, column))}</tr></thead>
      <tbody>${rows.map((row) => line(context, row))}</tbody>
    </table>
    ${pages(context, page)}`
    }`,
  );
}

/** @param {Context} context @param {Page} page @param {readonly import('../listing.js').Doubt[]} doubts */
function search({ t, language }, { wish, currencies }, doubts) {
  const number = new Intl.NumberFormat(localeOf(language));
  const limits = searchLimits((count) => number.format(count));
  const issuesOf = (/** @type {string} */ name) =>
    doubts.flatMap(({ control, key }) => {
      if (control !== name) return [];
      const severity = /** @type {'error' | 'warning'} */ (key === 'search_cut' ? 'warning' : 'error');
      return [{ parameter: 'query', code: key, severity, message: t(key, limits), source: '' }];
    });
  const option = (/** @type {string} */ value, /** @type {string} */ own, /** @type {string} */ label) =>
    html`<option value="${value}"${value === own ? raw(' selected') : ''}>${label}</option>`;
  const day = (/** @type {'from' | 'to'} */ name) => html`<div><label for="${name}">${t(name)}</label>
    <input type="date" id="${name}" name="${name}" value="${wish[name]}"
      aria-describedby="${name}-issues"${issuesOf(name).length > 0 ? raw(' aria-invalid="true" autofocus') : ''}>
    ${issueList(name, t(name), issuesOf(name))}</div>`;
  return html`
  <form method="get" action="/" class="search card" role="search" novalidate data-check="search"
    data-incomplete="${t('day_wrong')}" data-reversed="${t('days_reversed')}">
    <div class="words"><label for="q">${t('search')}</label>
      <input type="search" id="q" name="q" dir="auto" value="${wish.q}" ${described('q', issuesOf('q'))}>
      <p class="hint" id="q-hint">${t('search_hint')}</p>${issueList('q', t('search'), issuesOf('q'))}</div>
    <div><label for="state">${t('state')}</label><select id="state" name="state">
      ${option('', wish.state, t('any_state'))}${STATES.map((state) => option(state, wish.state, t(`state_${state}`)))}</select></div>
    <div><label for="currency">${t('currency')}</label><select id="currency" name="currency">
      ${option('', wish.currency, t('any_currency'))}${currencies.map((code) => option(code, wish.currency, code))}</select></div>
    ${day('from')}${day('to')}
    ${wish.sort === 'date' ? '' : html`<input type="hidden" name="sort" value="${wish.sort}">`}
    ${wish.up ? html`<input type="hidden" name="dir" value="up">` : ''}
    <div class="act"><button>${t('filter')}</button> <a href="/">${t('clear')}</a></div>
  </form>`;
}

/** @param {Context} context @param {Wish} wish @param {[string, string | null, boolean]} column */
function head({ t }, wish, [key, sort, isSum]) {
  const kind = isSum ? raw(' class="sum"') : '';
  if (!sort) return html`<th scope="col" class="still">${t(key)}</th>`;
  const isOwn = wish.sort === sort;
  // Dates and sums sort in descending order first, names in ascending order.
  const isUp = isOwn ? !wish.up : sort === 'order' || sort === 'customer';
  const order = isOwn ? raw(` aria-sort="${wish.up ? 'ascending' : 'descending'}"`) : '';
  return html`<th scope="col"${kind}${order}><a href="/?${queryOf(wish, { sort, up: isUp })}" title="${t('sort_by', { column: t(key) })}">${t(key)}</a></th>`;
}

/** @param {Context} context @param {import('../listing.js').Row} row */
function line(context, row) {
  const { t } = context;
  const card = cardText(context, row);
  const left = row.lapsesAt && row.state !== 'lapsed' ? relative(context, row.lapsesAt) : '';
  const sum = (/** @type {string} */ name, /** @type {import('aps-payops').Amount} */ amount) =>
    amount.minor === 0n
      ? html`<td class="sum ${name} none">–</td>`
      : html`<td class="sum ${name}" data-label="${t(name)}">${money(context, amount)}</td>`;
  return html`
      <tr class="row"><td class="at">${time(context, row.at)}</td>
        <th scope="row" class="what"><a href="/payments/${row.reference}"><bdi>${row.description || row.order}</bdi></a> <bdi class="code">${row.reference}</bdi></th>
        <td class="who"><bdi>${row.email}</bdi></td><td class="by${card ? '' : ' none'}"><bdi dir="ltr">${card || '–'}</bdi></td>
        <td class="sum">${money(context, row.amount)}</td>${sum('captured', row.captured)}${sum('refunded', row.refunded)}
        <td class="state">${chip(context, row.state)}${row.doubtful && row.state !== 'uncertain' ? chip(context, 'uncertain') : ''}${left ? html` <small>${t('lapses')} ${left}</small>` : ''}</td></tr>`;
}

/** @param {Context} context @param {Page} page */
function pages({ t }, { wish, next, previous }) {
  if (!next && !previous) return '';
  return html`<nav class="pages" aria-label="${t('pages')}">
    ${previous ? html`<a rel="prev" href="/?${queryOf(wish, { before: previous })}">${t('previous_page')}</a>` : ''}
    ${next ? html`<a rel="next" href="/?${queryOf(wish, { after: next })}">${t('next_page')}</a>` : ''}</nav>`;
}
