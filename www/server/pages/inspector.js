// The signature inspector: paste a message, see whether it verifies, and if not, which mistake would make it match.
import { html } from 'hono/html';
import { HINTS } from '../hints.js';
import { LONGEST } from '../inspector.js';
import { localeOf } from '../strings.js';
import { described, field, hidden, layout } from './parts.js';

/**
 * @param {import('./parts.js').Context} context
 * @param {{ text: string, found: import('../inspector.js').Inspected | null, problem?: 'inspect_missing' | 'inspect_long' }} [asked]
 *   `problem`: what is wrong with the text
 */
export function inspectorPage(context, asked) {
  const { t, language } = context;
  const facts = { max: new Intl.NumberFormat(localeOf(language)).format(LONGEST) };
  const [missing, long] = [t('inspect_missing'), t('inspect_long', facts)];
  const message = asked?.problem === 'inspect_missing' ? missing : long;
  const issues = asked?.problem ? [{ parameter: 'pasted', code: '', severity: 'error', message, source: '' }] : [];
  return layout(
    context,
    t('inspector'),
    html`
    <h1>${t('inspector')}</h1>
    <form method="post" action="/inspector" class="card" novalidate data-check="inspector" data-most="${LONGEST}"
      data-missing="${missing}" data-long="${long}">
      ${hidden(context)}
      ${field({
        id: 'message',
        label: t('message'),
        hint: t('message_hint'),
        issues: /** @type {any} */ (issues),
        control: html`<textarea id="message" name="message" rows="8" dir="ltr" spellcheck="false" required autocomplete="off"
          ${described('message', issues)}>${asked?.text ?? ''}</textarea>`,
      })}
      <button>${t('inspect')}</button>
    </form>
    ${asked && !asked.problem ? verdict(context, asked.found) : ''}`,
  );
}

/** @param {import('./parts.js').Context} context @param {import('../inspector.js').Inspected | null} found */
function verdict({ t, language }, found) {
  if (!found) return html`<p class="note error" role="alert" data-verdict>${t('unreadable')}</p>`;
  const { direction, matches, signed, canonical, hints } = found;
  const phrase = t(`phrase_${direction}`);
  const note = (/** @type {string} */ kind, /** @type {string} */ text) =>
    html`<p class="note ${kind}" role="status">${text}</p>`;
  return html`
    <section aria-labelledby="verdict" data-verdict><h2 id="verdict">${t('verdict')}</h2>
    ${matches ? note('good', t('inspect_good', { phrase })) : note('error', t(signed ? 'inspect_bad' : 'inspect_unsigned', { phrase }))}
    ${
      matches || !signed
        ? ''
        : hints.length === 0
          ? html`<p>${t('no_hints')}</p>`
          : html`<h3>${t('hints')}</h3><ul class="list hints">${hints.map(
              ({ mistake, parameter, digest, message }) => html`<li class="card"><p><bdi class="code">${mistake}</bdi>
                ${parameter || digest ? html`<bdi class="code">${parameter ?? digest}</bdi>` : ''}</p>
                ${language === 'ar' && HINTS[message] ? html`<p>${HINTS[message]}</p>` : html`<p lang="en" dir="ltr">${message}</p>`}</li>`,
            )}</ul>`
    }
    <h3>${t('canonical')}</h3><pre dir="ltr" tabindex="0">${canonical}</pre>
    </section>`;
}
