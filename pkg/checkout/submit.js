// Posting a form: once, in APS's forms of the values, and, if it is signed, nothing that APS would refuse.

import { isOff } from './fields.js';

/** Milliseconds after which a form that has not left the page may be posted again. */
const LONGEST_WAIT = 20_000;

/** What customers fill in after the form was signed; every other parameter is part of the signature (DOC, TOKENIZATION). */
const UNSIGNED = ['card_number', 'expiry_date', 'card_security_code', 'card_holder_name', 'remember_me'];
/** What CREATE_TOKEN takes none of. */
const OF_PAYMENTS = ['card_security_code', 'remember_me'];

/**
 * @param {HTMLFormElement} form
 * @param {object} checkout
 * @param {AbortSignal} checkout.signal ends it
 * @param {Map<string, HTMLInputElement>} checkout.fields by parameter
 * @param {(parameter: string) => string} checkout.valueIn
 * @param {() => void} checkout.refresh checks everything anew
 * @returns {() => void} makes the form ready to be posted again
 */
export function postOnce(form, { signal, fields, valueIn, refresh }) {
  let isSent = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  const controls = () => /** @type {HTMLInputElement[]} */ ([...form.elements]);

  /** @param {boolean} busy */
  const show = (busy) => {
    isSent = busy;
    clearTimeout(waiting);
    // Nothing tells a page that its navigation was stopped.
    if (busy) waiting = setTimeout(() => show(false), LONGEST_WAIT);
    for (const control of [form, ...controls().filter(({ type }) => type === 'submit')]) {
      const name = control === form ? 'aria-busy' : 'aria-disabled';
      if (busy) control.setAttribute(name, 'true');
      else control.removeAttribute(name);
    }
  };

  form.addEventListener(
    'submit',
    (event) => {
      if (event.defaultPrevented) return;
      refresh();
      const isUnchecked = form.noValidate || /** @type {any} */ (event.submitter)?.formNoValidate;
      if (isSent || !(isUnchecked || form.reportValidity())) {
        event.preventDefault();
        return;
      }
      show(true);
      // Another listener may keep it from being sent.
      setTimeout(() => event.defaultPrevented && show(false));
    },
    { signal },
  );

  form.addEventListener(
    'formdata',
    ({ formData: data }) => {
      for (const [parameter, field] of fields) {
        if (!isOff(field)) data.has(field.name) && data.set(field.name, valueIn(parameter));
        // Its hidden twin stands outside the fieldset.
        else if (parameter === 'expiry_date') data.delete(parameter);
      }
      if (!data.has('signature')) return;
      // From here on it goes to APS. What is hidden may be signed: it stays, alone of its name.
      const hidden = controls().filter(({ type, disabled }) => type === 'hidden' && !disabled);
      const signed = new Map(hidden.map(({ name, value }) => [name, value]));
      const isToken = data.get('service_command') === 'CREATE_TOKEN';
      for (const name of [...data.keys()]) {
        const value = signed.get(name);
        if (value !== undefined) data.set(name, value);
        else if (!UNSIGNED.includes(name) || (isToken && OF_PAYMENTS.includes(name))) data.delete(name);
      }
    },
    { signal },
  );

  // A page that the browser keeps for going back must not keep the code, and must be of use when it comes back.
  addEventListener(
    'pagehide',
    () => {
      const code = fields.get('card_security_code');
      if (code) code.value = '';
    },
    { signal },
  );
  addEventListener(
    'pageshow',
    ({ persisted }) => {
      if (persisted) show(false);
      refresh();
    },
    { signal },
  );
  return () => show(false);
}
