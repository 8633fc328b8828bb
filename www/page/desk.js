// The desk's pages: checks forms as they are filled in, by the rules of the server. Without this script or WebAssembly
// the forms still work: the server checks them in any case.
import { isAvailable, Payment } from 'aps-payops';
import { readOperation, readOrder, sentenceOf } from '../rules.js';
import { copyOnClick } from './copy.js';
import { sendFormsOnce } from './once.js';

/** @typedef {import('../rules.js').Issue} Issue */
/** @typedef {{ issues: Issue[], amount?: Amount | null }} Verdict */

const { lang, dir } = document.documentElement;
const language = lang === 'ar' ? 'ar' : 'en';
const locale = language === 'ar' ? 'ar-AE' : 'en-AE';
const { now, blocked = '' } = document.body.dataset;
const opened = performance.now();

/** The gateway's time; in the sandbox it may be days ahead. */
const clock = () => Number(now) + Math.round(performance.now() - opened);

/** Which control shows the issues of which parameter. @type {Record<string, string>} */
const CONTROLS = {
  ...{ order_description: 'description', customer_email: 'email', amount: 'amount', currency: 'currency' },
  ...{ pasted: 'message', from: 'from', to: 'to' },
};

/** @type {Record<string, (form: HTMLFormElement) => Verdict>} */
const CHECKS = {
  order: (form) => {
    const { description = '', amount = '', currency = '', email = '' } = values(form);
    return readOrder({ description, amount, currency, email }, language);
  },
  operation: (form) => {
    const { command = '', amount = '' } = values(form);
    const { payment, reference = '' } = form.closest('.operations').dataset;
    return readOperation(Payment.fromJSON(payment), { command, amount, reference }, clock(), language);
  },
  inspector: (form) => {
    const { message = '' } = values(form);
    const { most, missing = '', long = '' } = form.dataset;
    // Of a URL the server reads the query alone.
    const text = message.trim().replace(/^https?:\S*?\?/, '');
    const told = text === '' ? missing : text.length > Number(most) ? long : '';
    return { issues: told === '' ? [] : [errorOf('pasted', told)] };
  },
  search: (form) => {
    const { incomplete = '', reversed = '' } = form.dataset;
    const days = ['from', 'to'].map((name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)));
    // A browser sends nothing for a date that was begun.
    const begun = days.filter(({ validity }) => validity.badInput).map(({ name }) => errorOf(name, incomplete));
    const [from = '', to = ''] = days.map(({ value }) => value);
    return { issues: from && to && from > to ? [errorOf('from', reversed)] : begun };
  },
};

/** @param {string} parameter @param {string} message @returns {Issue} */
function errorOf(parameter, message) {
  return { parameter, code: 'page', severity: 'error', message, source: '' };
}

/** @param {unknown} control @returns {control is HTMLInputElement | HTMLTextAreaElement} */
const isField = (control) => control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement;

/** @param {HTMLFormElement} form @returns {Record<string, string>} */
function values(form) {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

/** Where the issues of a parameter are shown: beside its control, otherwise at the form's first list of issues. */
function placeOf(/** @type {HTMLFormElement} */ form, /** @type {string} */ parameter) {
  const name = CONTROLS[parameter] ?? '';
  const control = form.elements.namedItem(name);
  const id = control instanceof HTMLElement ? `${control.id}-issues` : '';
  return (id && document.getElementById(id)) || form.querySelector('.issues');
}

/**
 * Shows the issues. Untouched controls show none unless `all` is set.
 *
 * @param {HTMLFormElement} form
 * @param {Verdict} verdict
 * @param {boolean} all
 */
function show(form, { issues, amount }, all) {
  for (const place of form.querySelectorAll('.issues')) {
    const control = form.querySelector(`[aria-describedby~="${place.id}"]`);
    const quiet = !all && isField(control) && control.dataset.touched === undefined;
    const mine = quiet ? [] : issues.filter(({ parameter }) => placeOf(form, parameter) === place);
    const label = place.getAttribute('data-label') ?? '';
    const lines = mine.map((issue) => line(issue.severity, sentenceOf(issue, label)));
    // A valid amount is repeated in full, so that 1000 is not mistaken for 10.00.
    if (control instanceof HTMLInputElement && control.name === 'amount' && mine.length === 0 && amount) {
      lines.push(line('good', amount.format(locale)));
    }
    const text = lines.map(({ textContent }) => textContent).join('\n');
    // Screen readers announce rewritten text again, even if it is the same.
    if (place.textContent !== text.replaceAll('\n', '')) place.replaceChildren(...lines);
    if (isField(control)) {
      if (mine.some(({ severity }) => severity === 'error')) control.setAttribute('aria-invalid', 'true');
      else control.removeAttribute('aria-invalid');
    }
  }
}

function line(/** @type {string} */ kind, /** @type {string} */ text) {
  const span = document.createElement('span');
  span.className = kind;
  span.dir = dir;
  span.textContent = text;
  return span;
}

/** @param {HTMLFormElement} form */
function check(form) {
  const rule = CHECKS[form.dataset.check ?? ''];
  if (!rule) return;
  form.addEventListener('input', (event) => {
    if (isField(event.target)) event.target.dataset.touched = '';
    show(form, rule(form), false);
  });
  form.addEventListener('submit', (event) => {
    const verdict = rule(form);
    if (!verdict.issues.some(({ severity }) => severity === 'error')) return;
    event.preventDefault();
    // A result of what was sent before would pass for that of this text.
    document.querySelector('[data-verdict]')?.remove();
    show(form, verdict, true);
    const first = form.querySelector('[aria-invalid="true"]');
    if (first instanceof HTMLElement) first.focus();
  });
}

if (isAvailable()) for (const form of document.forms) check(form);
else if (document.querySelector('form[data-check]')) {
  const note = document.createElement('p');
  note.className = 'note warning';
  note.textContent = blocked;
  document.querySelector('main')?.prepend(note);
}
sendFormsOnce();
copyOnClick();
