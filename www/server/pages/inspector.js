// The signature inspector: paste a message, see whether it verifies, and if not, which mistake would make it match.
import { html } from 'hono/html';
import { hidden, layout } from './parts.js';

/**
 * @param {import('./parts.js').Context} context
 * @param {{ text: string, found: import('../inspector.js').Inspected | null }} [asked]
 */
export function inspectorPage(context, asked) {
  const { t } = context;
  return layout(
    context,
    t('inspector'),
    html`
    <h1>${t('inspector')}</h1>
    <form method="post" action="/inspector" class="card">
      ${hidden(context)}
      <div class="field">
        <label for="message">${t('message')}</label>
        <textarea id="message" name="message" rows="8" dir="ltr" spellcheck="false" required autocomplete="off"
          aria-describedby="message-hint">${asked?.text ?? ''}</textarea>
        <p class="hint" id="message-hint">${t('message_hint')}</p>
      </div>
      <button>${t('inspect')}</button>
    </form>
    ${asked ? verdict(context, asked.found) : ''}`,
  );
}

/** @param {import('./parts.js').Context} context @param {import('../inspector.js').Inspected | null} found */
function verdict({ t }, found) {
  if (!found) return html`<p class="note error" role="alert">${t('unreadable')}</p>`;
  const { direction, matches, signed, canonical, hints } = found;
  const phrase = t(`phrase_${direction}`);
  const note = (/** @type {string} */ kind, /** @type {string} */ text) =>
    html`<p class="note ${kind}" role="status">${text}</p>`;
  return html`
    <section aria-labelledby="verdict"><h2 id="verdict">${t('verdict')}</h2>
    ${matches ? note('good', t('inspect_good', { phrase })) : note('error', t(signed ? 'inspect_bad' : 'inspect_unsigned', { phrase }))}
    ${
      matches || !signed
        ? ''
        : hints.length === 0
          ? html`<p>${t('no_hints')}</p>`
          : html`<h3>${t('hints')}</h3><ul class="list hints">${hints.map(
              ({ mistake, parameter, digest, message }) => html`<li class="card"><p><bdi class="code">${mistake}</bdi>
                ${parameter || digest ? html`<bdi class="code">${parameter ?? digest}</bdi>` : ''}</p>
                <p lang="en" dir="ltr">${message}</p></li>`,
            )}</ul>`
    }
    <h3>${t('canonical')}</h3><pre dir="ltr" tabindex="0">${canonical}</pre>
    </section>`;
}
