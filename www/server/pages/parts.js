// Building blocks of all pages. Hono's `html` escapes its values; `raw` is used for constant text only. Forms with fields are
// `novalidate`: a browser speaks its own language, the server and the page's script that of the page.
import { html, raw } from 'hono/html';
import { sentenceOf } from '../../rules.js';
import { localeOf } from '../strings.js';

/**
 * What every page needs.
 *
 * @typedef {object} Context
 * @property {(key: any, facts?: Record<string, string>) => string} t
 * @property {'en' | 'ar'} language
 * @property {string} csrf
 * @property {number} now the gateway's time, milliseconds since 1970
 * @property {boolean} offline whether the gateway is the offline sandbox
 * @property {string} path where the page can be had again by GET
 * @property {(name: string) => string} file the path of a file, such as `checkout.js`
 */

/** The hidden fields of every form, against forgery and double submission. */
export const hidden = (/** @type {Context} */ { csrf }, token = crypto.randomUUID()) => html`
  <input type="hidden" name="csrf" value="${csrf}">
  <input type="hidden" name="token" value="${token}">`;

export const money = (/** @type {Context} */ { language }, /** @type {import('aps-payops').Amount} */ amount) =>
  html`<bdi class="money">${amount.format(localeOf(language))}</bdi>`;

const BRANDS = new Set(['VISA', 'MASTERCARD', 'AMEX', 'MADA', 'MEEZA', 'JAYWAN']);

/** The brand of a card in words, or only that it is one. @param {Context} context @param {string | null} brand */
export const brandOf = ({ t }, brand) => (brand && BRANDS.has(brand) ? t(`brand_${brand}`) : t('card'));

/**
 * Brand and last digits, such as `VISA ···· 0001`, without line breaks; empty without a card.
 *
 * @param {Context} context
 * @param {{ brand?: string | null, tail?: string | null }} card
 */
export const cardText = (context, { brand = null, tail }) =>
  tail ? `${brand ?? context.t('card')}\u00a0····\u00a0${tail}` : '';

/**
 * “12 monthly instalments”; empty for a payment in full.
 *
 * @param {Context} context
 * @param {{ plan?: import('../plans.js').Plan, chosen?: Record<string, string> }} record
 */
export function instalmentsOf({ t, language }, { plan, chosen }) {
  const months = plan?.months ?? chosen?.tenure;
  return months ? t('plan_months', { count: new Intl.NumberFormat(localeOf(language)).format(Number(months)) }) : '';
}

/** No line ends within “3-D Secure”. @param {string} text */
export const unbroken = (text) => text.replaceAll('3-D Secure', '3\u2011D\u00a0Secure');

/** The month in words: in numbers, Arabic begins with the year for some and with the day for others. */
const INSTANT = /** @type {const} */ ({
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
});

/** How instants are written, by locale: making one takes longer than all the rest of a row. @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** An instant for the desk, as text in UTC and for machines. @param {Context} context @param {number} at */
export function time({ language }, at) {
  const locale = localeOf(language);
  const format = formats.get(locale) ?? new Intl.DateTimeFormat(locale, { ...INSTANT, timeZone: 'UTC' });
  formats.set(locale, format);
  return html`<time datetime="${new Date(at).toISOString()}">${format.format(at)}</time>`;
}

/**
 * An instant for customers, with the time zone named. The page's script rewrites it in their zone; without it, it is in UTC.
 *
 * @param {Context} context
 * @param {number} at
 */
export function shopTime({ language }, at) {
  const format = new Intl.DateTimeFormat(localeOf(language), { ...INSTANT, timeZone: 'UTC', timeZoneName: 'short' });
  return html`<time datetime="${new Date(at).toISOString()}" data-zone>${format.format(at)}</time>`;
}

/** “in 6 days”. @param {Context} context @param {number} at */
export function relative({ language, now }, at) {
  const minutes = (at - now) / 60_000;
  const format = new Intl.RelativeTimeFormat(localeOf(language), { numeric: 'always' });
  const size = Math.abs(minutes);
  if (size >= 48 * 60) return format.format(Math.round(minutes / (24 * 60)), 'day');
  if (size >= 120) return format.format(Math.trunc(minutes / 60), 'hour');
  return format.format(Math.trunc(minutes), 'minute');
}

/** @param {Context} context @param {string} state */
export const chip = ({ t }, state) => html`<span class="chip ${state}">${t(`state_${state}`)}</span>`;

/** @param {readonly import('../../rules.js').Issue[]} issues @param {string[]} parameters */
export const issuesOf = (issues, parameters) => issues.filter(({ parameter }) => parameters.includes(parameter));

/**
 * The issues of a control; the page's script updates them.
 *
 * @param {string} id of the control
 * @param {string} label how the issues call it
 * @param {readonly import('../../rules.js').Issue[]} issues
 */
export const issueList = (id, label, issues) => html`
  <p class="issues" id="${id}-issues" data-label="${label}" aria-live="polite">${issues.map(
    (issue) => html`<span class="${issue.severity}">${sentenceOf(issue, label)}</span>`,
  )}</p>`;

/**
 * A labelled control with its hint and its issues.
 *
 * @param {object} field
 * @param {string} field.id
 * @param {string} field.label
 * @param {unknown} field.control made by the caller with `described`
 * @param {unknown} [field.hint]
 * @param {readonly import('../../rules.js').Issue[]} [field.issues]
 */
export const field = ({ id, label, control, hint, issues = [] }) => html`
  <div class="field">
    <label for="${id}">${label}</label>
    ${control}
    ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : ''}
    ${issueList(id, label, issues)}
  </div>`;

/** The attributes that tie a control to its hint and its errors. */
export function described(/** @type {string} */ id, /** @type {readonly { severity: string }[]} */ issues = []) {
  const invalid = issues.some(({ severity }) => severity === 'error');
  return raw(`aria-describedby="${id}-hint ${id}-issues"${invalid ? ' aria-invalid="true" autofocus' : ''}`);
}

/**
 * @param {Context} context
 * @param {string} title
 * @param {{ script: string, app: string, kind: string, header: unknown, body: unknown, footer: unknown, refresh?: number }} parts
 *   `refresh`: milliseconds after which a page without scripts reloads; 0 for never
 */
function frame({ t, language, now, path, file }, title, { script, app, kind, header, body, footer, refresh = 0 }) {
  const other = language === 'ar' ? 'en' : 'ar';
  return html`<!doctype html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title} · ${app}</title>
  <link rel="icon" href="${file('icon.svg')}">
  <link rel="stylesheet" href="${file('base.css')}">
  <link rel="stylesheet" href="${file(`${kind}.css`)}">
  <script type="module" src="${file(`${script}.js`)}"></script>${
    refresh
      ? html`
  <noscript><meta http-equiv="refresh" content="${Math.ceil(refresh / 1000)}"></noscript>`
      : ''
  }
</head>
<body class="${kind}" data-now="${now}" data-working="${t('working')}" data-blocked="${t('checked_by_server')}">
  <a class="skip" href="#content">${t('skip')}</a>
  <header>${header}
    <a class="language" href="${path}${path.includes('?') ? '&' : '?'}lang=${other}" lang="${other}" hreflang="${other}">${t('language')}</a>
  </header>
  <main id="content" tabindex="-1">${body}</main>
  <footer>${footer}</footer>
</body>
</html>`;
}

/** The pages of the desk. @type {[href: string, key: string][]} */
const NAV = [
  ['/', 'payments'],
  ['/new', 'new_order'],
  ['/uncertain', 'nav_uncertain'],
  ['/figures', 'nav_figures'],
  ['/inspector', 'inspector'],
];

/**
 * A page of the desk.
 *
 * @param {Context} context
 * @param {string} title
 * @param {unknown} body
 * @param {{ isError?: boolean }} [options] `isError`: the page is an error, so no link of the header is marked as current
 */
export function layout(context, title, body, { isError = false } = {}) {
  const { t, offline, now, path } = context;
  const clock = html`
    <form method="post" action="/clock" class="clock">
      ${hidden(context)}<input type="hidden" name="path" value="${path}">
      <span>${t('clock')}: ${time(context, now)}</span>
      <button class="quiet">${t('advance')}</button>
    </form>`;
  return frame(context, title, {
    script: 'desk',
    app: t('app'),
    kind: 'desk',
    header: html`<a class="home" href="/">${t('app')}</a>
      <span class="mode">${t(offline ? 'mode_offline' : 'mode_aps')}</span>
      <nav aria-label="${t('app')}">${NAV.map(
        ([href, key]) =>
          html`<a href="${href}"${path === href && !isError ? raw(' aria-current="page"') : ''}>${t(key)}</a> `,
      )}</nav>`,
    body,
    footer: html`<p>${t('memory')} ${t('times_utc')}</p>${offline ? clock : ''}`,
  });
}

/** A page that the customer sees. @param {Context} context @param {string} title @param {unknown} body @param {{ refresh?: number }} [options] */
export function shopLayout(context, title, body, { refresh } = {}) {
  const { t } = context;
  return frame(context, title, {
    script: 'checkout',
    app: t('shop'),
    kind: 'shop',
    header: html`<span class="home">${t('shop')}</span>`,
    body,
    footer: html`<p>${t('no_real_money')}</p><a href="/">${t('to_desk')}</a>`,
    refresh,
  });
}
