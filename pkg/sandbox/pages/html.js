/** A template tag that escapes every value that is not markup; and the layout of every page. */

import { text } from '../message.js';
import { WORDS } from './words.js';

/** @typedef {import('../message.js').Message} Message */
/** @typedef {{ markup: string }} Html */
/** @typedef {'en' | 'ar'} Language */

/** @param {string} raw */
const escaped = (raw) => raw.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * @param {unknown} value
 * @returns {string}
 */
function written(value) {
  if (value === undefined || value === false || value === '') return '';
  if (Array.isArray(value)) return value.map(written).join('');
  if (typeof value === 'object' && value !== null && 'markup' in value) return String(value.markup);
  return escaped(String(value));
}

/**
 * @param {TemplateStringsArray} parts
 * @param {...(string | number | false | undefined | Html | Html[])} values Texts are escaped.
 * @returns {Html}
 */
export function html(parts, ...values) {
  return { markup: parts.reduce((all, part, place) => all + written(values[place - 1]) + part) };
}

/**
 * The language that a message asks for.
 *
 * @param {Message | undefined} message
 * @returns {Language}
 */
export const languageOf = (message) => (message && text(message, 'language') === 'ar' ? 'ar' : 'en');

/**
 * @param {Language} language
 * @param {string} title
 * @param {Html} body The content of `main`.
 * @param {string} [layout] A class of `main`.
 */
export function page(language, title, body, layout = '') {
  const words = WORDS[language];
  const lock = html`<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false"><path fill="currentColor" d="M10 1.5A4.5 4.5 0 0 0 5.5 6v2H5a1.5 1.5 0 0 0-1.5 1.5v7A1.5 1.5 0 0 0 5 18h10a1.5 1.5 0 0 0 1.5-1.5v-7A1.5 1.5 0 0 0 15 8h-.5V6A4.5 4.5 0 0 0 10 1.5Zm0 1.8A2.7 2.7 0 0 1 12.7 6v2H7.3V6A2.7 2.7 0 0 1 10 3.3Z"/></svg>`;
  return html`<!doctype html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="/FortAPI/sandbox.svg" type="image/svg+xml">
<link rel="stylesheet" href="/FortAPI/sandbox.css">
<script src="/FortAPI/sandbox.js" defer></script>
</head>
<body>
<header><p class="name">${lock}<span>${words.gateway}</span></p><p class="mode">${words.mode}</p></header>
<main class="${layout}">
${body}
</main>
<footer><p>${words.footer}</p></footer>
</body>
</html>
`.markup;
}
