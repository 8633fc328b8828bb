// Figures: a chart with its table, authorizations that lapse soon, success by brand, declines by reason.
import { describe } from 'aps-payops';
import { html } from 'hono/html';
import { decimalOf } from '../figures.js';
import { localeOf } from '../strings.js';
import { layout, money, relative, unbroken } from './parts.js';

/** @typedef {import('./parts.js').Context} Context */
/** @typedef {Awaited<ReturnType<ReturnType<typeof import('../figures.js').createFigures>['read']>> & { doubts: number }} Figures */

const KINDS = /** @type {const} */ (['authorized', 'captured', 'refunded']);
/** Of the chart, in its own units. */
const WIDTH = 700;
const HEIGHT = 180;

/** @param {Context} context @param {Figures} figures */
export function figuresPage(context, figures) {
  const { t } = context;
  const { currency, days, doubts } = figures;
  const isEmpty = days.every((day) => KINDS.every((kind) => day[kind] === 0n));
  return layout(
    context,
    t('nav_figures'),
    html`
    <h1>${t('nav_figures')}</h1>
    <p class="hint">${t('figures_hint')}</p>
    <p><a href="/uncertain">${t('figures_uncertain', { count: String(doubts) })}</a></p>
    <section aria-labelledby="days"><h2 id="days">${t('figures_days', { days: String(days.length) })}</h2>
      ${currencyLinks(context, figures)}
      ${isEmpty || !currency ? html`<p class="empty">${t('figures_none')}</p>` : html`${chart(context, days, currency)}${dayTable(context, days, currency)}`}
    </section>
    <div class="beside">
      ${lapses(context, figures)}${brands(context, figures)}${declines(context, figures)}
    </div>`,
  );
}

/** @param {Context} context @param {Figures} figures */
function currencyLinks({ t }, { currency, currencies }) {
  if (currencies.length < 2) return '';
  return html`<nav class="tabs" aria-label="${t('currency')}">${currencies.map(
    (code) => html`<a href="/figures?currency=${code}" ${code === currency ? 'aria-current=true' : ''}>${code}</a> `,
  )}</nav>`;
}

/** A day, short and in words. @param {Context} context @param {string} day */
function dayText({ language }, day) {
  const format = new Intl.DateTimeFormat(localeOf(language), { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return format.format(Date.parse(day));
}

/** Three columns for each day. @param {Context} context @param {Figures['days']} days @param {string} currency */
function chart(context, days, currency) {
  const { t } = context;
  let most = 1n;
  for (const day of days) for (const kind of KINDS) if (day[kind] > most) most = day[kind];
  const step = WIDTH / days.length;
  const width = step / 4;
  // In thousandths, by exact integer arithmetic; the smallest sum is still visible.
  const share = (/** @type {bigint} */ sum) => (sum === 0n ? 0 : Math.max(1, Number((sum * 1000n) / most)));
  const column = (/** @type {Figures['days'][number]} */ day, /** @type {number} */ index) =>
    KINDS.map((kind, place) => {
      const height = (share(day[kind]) * HEIGHT) / 1000;
      if (height === 0) return '';
      const x = index * step + width / 2 + place * width;
      return html`<rect class="${kind}" x="${x.toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${(width * 0.9).toFixed(1)}" height="${height.toFixed(1)}"><title>${dayText(context, day.day)} · ${t(kind)} · ${currency} ${decimalOf(day[kind], currency)}</title></rect>`;
    });
  return html`
    <ul class="legend">${KINDS.map((kind) => html`<li class="${kind}">${t(kind)}</li>`)}</ul>
    <p class="axis top" aria-hidden="true"><bdi>${currency} ${grouped(context, most, currency)}</bdi></p>
    <svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${t('chart', { currency })}">
      <line x1="0" x2="${WIDTH}" y1="${HEIGHT}" y2="${HEIGHT}"/>${days.map(column)}
    </svg>
    <p class="axis" aria-hidden="true"><span>${dayText(context, days[0]?.day ?? '')}</span><span>${dayText(context, days.at(-1)?.day ?? '')}</span></p>`;
}

/** @param {Context} context @param {Figures['days']} days @param {string} currency */
function dayTable(context, days, currency) {
  const { t } = context;
  const text = (/** @type {bigint} */ sum) => html`<td class="sum"><bdi>${grouped(context, sum, currency)}</bdi></td>`;
  const done = days.filter((day) => KINDS.some((kind) => day[kind] > 0n));
  const sums = KINDS.map((kind) => done.reduce((sum, day) => sum + day[kind], 0n));
  return html`
    <details open><summary>${t('figures_table')}</summary>
    <div class="scroll" tabindex="0" role="group" aria-label="${t('figures_table')}"><table class="plain numbers"><caption class="away">${t('chart', { currency })}</caption>
      <thead><tr><th scope="col">${t('day')} <bdi>(${currency})</bdi></th>${KINDS.map((kind) => html`<th scope="col" class="sum">${t(kind)}</th>`)}</tr></thead>
      <tbody>${done.map((day) => html`<tr><th scope="row">${dayText(context, day.day)}</th>${KINDS.map((kind) => text(day[kind]))}</tr>`)}</tbody>
      <tfoot><tr><th scope="row">${t('sum')}</th>${sums.map(text)}</tr></tfoot>
    </table></div></details>`;
}

/** Digits with their groups, however many they are. @param {Context} context @param {bigint} minor @param {string} currency */
function grouped({ language }, minor, currency) {
  const text = decimalOf(minor, currency);
  const minimumFractionDigits = text.split('.')[1]?.length ?? 0;
  const format = new Intl.NumberFormat(localeOf(language), { minimumFractionDigits });
  // As text, since numbers would be rounded.
  return format.format(/** @type {any} */ (text));
}

/** @param {Context} context @param {Figures} figures */
function lapses(context, { lapses: rows, lapsing }) {
  const { t } = context;
  return html`<section aria-labelledby="lapses"><h2 id="lapses">${t('lapse_soon')}</h2>
    ${
      rows.length === 0
        ? html`<p class="empty">${t('lapse_soon_none')}</p>`
        : html`<div class="scroll" tabindex="0" role="group" aria-label="${t('lapse_soon')}"><table class="plain numbers"><thead><tr><th scope="col">${t('order_name')}</th><th scope="col">${t('lapses')}</th>
      <th scope="col" class="sum">${t('left_to_capture')}</th></tr></thead><tbody>${rows.map(
        ({
          reference,
          name,
          left,
          at,
        }) => html`<tr><th scope="row"><a href="/payments/${reference}"><bdi>${name}</bdi></a></th>
      <td>${relative(context, at)}</td><td class="sum">${money(context, left)}</td></tr>`,
      )}</tbody></table></div>${lapsing > rows.length ? html`<p class="hint">${t('lapse_soon_first', { shown: String(rows.length), all: String(lapsing) })}</p>` : ''}`
    }</section>`;
}

/** @param {Context} context @param {Figures} figures */
function brands(context, { brands: rows }) {
  const { t, language } = context;
  const percent = new Intl.NumberFormat(localeOf(language), { style: 'percent', maximumFractionDigits: 1 });
  return html`<section aria-labelledby="brands"><h2 id="brands">${t('by_brand')}</h2>
    ${
      rows.length === 0
        ? html`<p class="empty">${t('no_payments')}</p>`
        : html`<div class="scroll" tabindex="0" role="group" aria-label="${t('by_brand')}"><table class="plain numbers"><thead><tr><th scope="col">${t('brand')}</th><th scope="col" class="sum">${t('attempts')}</th>
      <th scope="col" class="sum">${t('succeeded_count')}</th><th scope="col" class="sum">${t('rate')}</th></tr></thead><tbody>${rows.map(
        ({
          brand,
          attempts,
          succeeded,
        }) => html`<tr><th scope="row"><bdi>${brand || t('unknown_brand')}</bdi></th><td class="sum">${attempts}</td>
      <td class="sum">${succeeded}</td><td class="sum"><bdi>${percent.format(succeeded / attempts)}</bdi></td></tr>`,
      )}</tbody></table></div>`
    }</section>`;
}

/** @param {Context} context @param {Figures} figures */
function declines(context, { declines: rows }) {
  const { t, language } = context;
  const all = rows.reduce((sum, { count }) => sum + count, 0);
  const percent = new Intl.NumberFormat(localeOf(language), { style: 'percent', maximumFractionDigits: 1 });
  return html`<section aria-labelledby="declines"><h2 id="declines">${t('declines')}</h2>
    ${
      rows.length === 0
        ? html`<p class="empty">${t('declines_none')}</p>`
        : html`<div class="scroll" tabindex="0" role="group" aria-label="${t('declines')}"><table class="plain numbers"><thead><tr><th scope="col">${t('reason')}</th><th scope="col" class="sum">${t('count')}</th>
      <th scope="col" class="sum">${t('share')}</th></tr></thead><tbody>${rows.map(
        ({
          code,
          count,
        }) => html`<tr><th scope="row">${code ? unbroken(describe(code, language).text) : t('unknown_brand')} <bdi class="code">${code}</bdi></th>
      <td class="sum">${count}</td><td class="sum"><bdi>${percent.format(count / all)}</bdi></td></tr>`,
      )}</tbody></table></div>`
    }</section>`;
}
