// Posts a form: once, with the values in APS's format, never without an expiry date, and, if it is signed, without anything
// that APS would reject.

import { CARD_DATA } from '../generated/parameters.js';
import { controlsOf, hiddenField, isOff } from './fields.js';

/** Milliseconds after which a form that has not left the page may be posted again. */
const LONGEST_WAIT = 20_000;

/** Fields that customers fill in after the form was signed; every other parameter is part of the signature (DOC, TOKENIZATION). */
const CARD = [...CARD_DATA, 'card_holder_name'];
const UNSIGNED = [...CARD, 'remember_me'];
/** Fields that CREATE_TOKEN does not take. */
const OF_PAYMENTS = ['card_security_code', 'remember_me'];

/** @typedef {import('./session.js').Session} Session */

/**
 * @param {HTMLFormElement} form
 * @param {Session} session
 * @param {AbortSignal} signal ends it
 * @returns {() => void} makes the form ready to be posted again
 */
export function postOnce(form, session, signal) {
  let isSent = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;

  /** @param {boolean} busy */
  const show = (busy) => {
    isSent = busy;
    clearTimeout(waiting);
    // A page is not notified when its navigation is stopped.
    if (busy) waiting = setTimeout(() => show(false), LONGEST_WAIT);
    for (const control of [form, ...controlsOf(form).filter(({ type }) => type === 'submit')]) {
      const name = control === form ? 'aria-busy' : 'aria-disabled';
      if (busy) control.setAttribute(name, 'true');
      else control.removeAttribute(name);
    }
  };

  /** @param {SubmitEvent} event */
  const submit = (event) => {
    const submitter = /** @type {HTMLButtonElement | null} */ (event.submitter);
    // What only closes a dialog posts nothing.
    if (event.defaultPrevented || (submitter?.formMethod || form.method) === 'dialog') return;
    let isReady = false;
    try {
      session.refresh();
      const isUnchecked = form.noValidate || submitter?.formNoValidate;
      isReady = !isSent && (isUnchecked || form.reportValidity()) && !lacksExpiry(form, session);
    } finally {
      // Also when a check has thrown an error: a form that was not checked is not sent.
      if (!isReady) event.preventDefault();
    }
    if (!isReady) return;
    show(true);
    // Another listener may cancel it.
    setTimeout(() => event.defaultPrevented && show(false));
  };
  form.addEventListener('submit', submit, { signal });
  form.addEventListener('formdata', ({ formData }) => rewrite(form, formData, session), { signal });
  // A page in the back/forward cache must not keep the code, and must work when it is shown again.
  addEventListener('pagehide', () => session.forget(), { signal });
  const back = (/** @type {PageTransitionEvent} */ { persisted }) => {
    if (persisted) show(false);
    session.refresh();
  };
  addEventListener('pageshow', back, { signal });
  return () => show(false);
}

/**
 * Whether a card would go to the gateway without its expiry date.
 * @param {HTMLFormElement} form
 * @param {Session} session
 */
function lacksExpiry(form, session) {
  const fields = session.find();
  const number = fields.get('card_number');
  // A stored card is paid with by its token.
  if (number ? isOff(number) : hiddenField(form, 'token_name')) return false;
  const expiry = fields.has('expiry_date') ? session.valueIn('expiry_date') : hiddenField(form, 'expiry_date')?.value;
  return !!hiddenField(form, 'signature') && !/^\d\d(0[1-9]|1[0-2])$/.test(expiry ?? '');
}

/**
 * Converts the data that is about to be posted to APS's format. Only the fields that are in the form now count.
 * @param {HTMLFormElement} form
 * @param {FormData} data
 * @param {Session} session
 */
function rewrite(form, data, session) {
  for (const [parameter, field] of session.find()) {
    const name = field.getAttribute('name') ?? '';
    if (parameter === 'expiry_date') {
      data.delete(name);
      if (isOff(field)) data.delete(parameter);
      else data.set(parameter, session.valueIn(parameter));
    } else if (!isOff(field) && data.has(name)) data.set(name, session.valueIn(parameter));
  }
  if (!data.has('signature')) return;
  // From here on, the form is for APS. A hidden field may be signed: it stays, as the only one of its name.
  const signed = new Map(
    controlsOf(form)
      .filter((one) => one.type === 'hidden' && !isOff(one) && one.name !== 'expiry_date')
      .map(({ name, value }) => [name, value]),
  );
  const isToken = data.get('service_command') === 'CREATE_TOKEN';
  // `form.submit()` fires no event that could cancel it.
  const isCut = lacksExpiry(form, session);
  for (const name of [...data.keys()]) {
    const value = signed.get(name);
    if (value !== undefined) data.set(name, value);
    else if (!UNSIGNED.includes(name) || (isCut && CARD.includes(name)) || (isToken && OF_PAYMENTS.includes(name))) {
      data.delete(name);
    }
  }
}
