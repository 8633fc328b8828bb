// A page's own form, checked while it is filled in. The rules are those of `validate`, reported through the browser's
// Constraint Validation.

import { isAvailable } from '../core/instance.js';
import { ValidationError } from '../errors.js';
import { PARAMETERS } from './fields.js';
import { isLanguage, readOptions, refusal } from './options.js';
import { judge } from './problems.js';
import { Session } from './session.js';
import { postOnce } from './submit.js';

/** @typedef {import('../money/amount.js').Amount} Amount */

/**
 * @typedef {object} Submittable
 * @property {() => void} requestSubmit submits, after the browser's own checks
 */

/**
 * An `HTMLFormElement`, described by the method that only forms have, so that these types need no DOM library.
 * @typedef {EventTarget & Submittable} CheckoutForm
 */

/**
 * A field that a form may have, under APS's name.
 * @typedef {'amount' | 'card_number' | 'expiry_date' | 'card_security_code' | 'card_holder_name' | 'customer_email' | 'phone_number'} CheckoutField
 */

/** @typedef {'VISA' | 'MASTERCARD' | 'AMEX' | 'MADA' | 'MEEZA' | 'JAYWAN'} AcceptedBrand */

/**
 * @typedef {object} CheckoutProblem
 * @property {string} parameter APS's name of the field
 * @property {string} code as of `validate`
 * @property {string} message for shoppers
 */
/**
 * @typedef {object} FieldState
 * @property {boolean} empty whether nothing was typed
 * @property {boolean} valid whether nothing is wrong
 * @property {boolean} touched left after typing, or found wrong at an attempt to pay
 * @property {string} message for shoppers; for a valid field it may be a question
 */
/**
 * The state of a form, without the value of any field.
 * @typedef {object} CheckoutState
 * @property {string | null} brand of the card number, under APS's name, or `DISCOVER`, `JCB`, `UNIONPAY`, `DINERS`, which
 *   APS does not take; null while it is unknown
 * @property {boolean} complete whether nothing is wrong, and number, expiry date and security code are filled in as far
 *   as the form has them
 * @property {CheckoutProblem[]} errors all that is wrong, in the order of the
 *   fields, whether it is shown yet or not
 * @property {{ [parameter: string]: FieldState }} fields that the form has now
 */

/**
 * How a form is checked.
 * @typedef {object} CheckoutOptions
 * @property {string} [currency] ISO 4217, of the amount field; needed when there is one
 * @property {'en' | 'ar'} [language] of the messages; English if left out
 * @property {Date | number} [at] the instant that expiry dates are compared with, as a Date or in milliseconds since
 *   1970; if left out, the time of each check
 * @property {readonly AcceptedBrand[]} [brands] that the shop accepts; all that APS accepts if left out; shoppers see a
 *   message about any other
 * @property {(state: CheckoutState) => void} [onChange] called when the form is attached, and when its state changes;
 *   an error that it throws is reported and changes nothing
 */

/**
 * @typedef {object} OpenParams
 * @property {Amount} [amount] what was typed, exactly
 * @property {string} [customer_email] of the customer
 * @property {string} [phone_number] of the customer
 */
/**
 * A form that is checked while it is filled in.
 * @typedef {object} AttachedCheckout
 * @property {boolean} available whether the rules can be checked here: false where WebAssembly is blocked, for example by a
 *   Content-Security-Policy without `'wasm-unsafe-eval'`. Offer the hosted page then. Typing and posting are the same,
 *   but for the brand; the amount is checked by your server and the card by the gateway.
 * @property {() => void} detach removes every listener, message and attribute that `attachCheckout` added; the typed
 *   text stays
 * @property {(language: 'en' | 'ar') => void} setLanguage shows every message in the other language
 * @property {() => OpenParams} params the fields that are filled
 *   in correctly, as APS parameters and without card data: these may be logged and sent to your server. Where the
 *   rules cannot be checked they are as typed, and the amount is left out.
 * @property {() => void} refresh checks everything again, after a script has set values
 * @property {(field: CheckoutField) => void} focus moves the focus to a field; does nothing if the form does not have it
 *   now
 */

/** The fields that are not card data. */
const OPEN = ['amount', 'customer_email', 'phone_number'];

/** @type {WeakMap<object, AttachedCheckout>} */
const attached = /* @__PURE__ */ new WeakMap();

/**
 * Checks a form by the rules of `validate` while it is filled in, through the browser's Constraint Validation: what is
 * wrong becomes the field's custom validity, so `:user-invalid`, screen readers and the blocking of submit work as in
 * any form. An empty field is wrong only if it has `required`, or belongs to a card number that is there. A field that is
 * disabled, by itself or with its fieldset, is neither checked nor posted. To find out whether the form is valid use
 * `onChange`, or ask `form.matches(':valid')`: `checkValidity()` counts as an attempt to submit, and shows every message.
 *
 * **Fields** are found by `data-aps="…"`, else by `name`: `amount` (as people write it: `1349.5`, `1,349.50`), `card_number`,
 * `expiry_date` (MM/YY), `card_security_code`, `card_holder_name`, `customer_email`, `phone_number`. They are looked up
 * at every event and at submit, since frameworks replace inputs; only those that are in the form then count. Card fields
 * should be text inputs with `inputmode="numeric"` and `autocomplete="cc-number"`, `cc-exp`, `cc-csc`, `cc-name`;
 * `maxlength`, `minlength` and `pattern` on number, expiry date and code are removed while the form is attached. A custom
 * element must be form-associated and have `value`, `validity`, `validationMessage` and `setCustomValidity` as inputs have
 * them.
 *
 * **Messages.** The sentences are those of docs/checkout-sentences.md, also where the page's own `type="email"` or
 * `pattern` rules out what is typed. A far year and an unusual e-mail address are questioned, and do not block a
 * payment. `[data-aps-message="card_number"]` in the form shows the message of that field once the field was left or a
 * submit was attempted; name it in the field's `aria-describedby`. `[data-aps-summary]` lists what is wrong at an
 * attempt to pay, with links to the fields, and gets the focus; hide it while it is empty. One polite live region,
 * `[data-aps-live]` or one of our own, announces each message and the brand once, so the other places are silent.
 * `[data-aps-brand]` shows the brand in words; its APS name is in `data-brand` of the form and of the number.
 * `[data-aps-hint="card_security_code"]` says where the code is, and a placeholder of the code follows the brand. A
 * `[data-aps-pay]` button that is `disabled` in the page is enabled once the form is attached, if the rules can be
 * checked: without the script nobody can post a card that was not checked.
 *
 * **Typing.** Card numbers are grouped, and numbers and security codes are limited to the length of the brand; other
 * characters are removed from codes, a slash appears after the month, Arabic and Persian digits become ASCII digits, in
 * phone numbers and amounts too, and invisible characters are removed: in the field itself, so that people see what is
 * sent. Undo moves between such texts.
 *
 * **Posting.** The number is posted without spaces, the expiry date as YYMM under `expiry_date`. (Both in the `formdata`
 * event: a second, hidden input would put the number into the page twice. An `expiry_date` that is hidden in the page
 * is filled in.) Of a form with a `signature`, only what is hidden is posted, and the fields that APS leaves out of the
 * signature: the card's and `remember_me`. It rejects everything else (00008, 00027). Such a form is never posted without
 * an expiry date, even where the rules cannot be checked. A form is posted once: until the page is shown again, or the form
 * attached again, its buttons have `aria-disabled` (which, unlike `disabled`, keeps the keyboard's focus) and the form
 * `aria-busy`. The security code is cleared when the page is left.
 *
 * A form that is attached again is detached first.
 * @param {CheckoutForm} form
 * @param {CheckoutOptions} [options]
 * @returns {AttachedCheckout}
 * @throws {ValidationError} naming every option that is wrong or unknown, a form without any known field, and custom
 *   elements that cannot be checked; without WebAssembly the currency is not checked
 */
export function attachCheckout(form, options) {
  const element = /** @type {HTMLFormElement} */ (form);
  const available = isAvailable();
  const settings = readOptions(element, options, available);
  attached.get(element)?.detach();

  const controller = new AbortController();
  const { signal } = controller;
  const session = new Session(element, settings, signal);
  const rest = postOnce(element, session, signal);

  /** @type {AttachedCheckout} */
  const checkout = {
    available,
    detach() {
      if (signal.aborted) return;
      rest();
      session.leave();
      controller.abort();
      attached.delete(element);
    },
    setLanguage(language) {
      if (!isLanguage(language)) throw refused('language', 'must be en or ar');
      if (!signal.aborted) session.setLanguage(language);
    },
    params: () => openParams(session),
    refresh() {
      if (!signal.aborted) session.refresh();
    },
    focus(field) {
      if (!PARAMETERS.includes(field)) throw refused('field', `must be one of ${PARAMETERS}`);
      session.focus(field);
    },
  };
  attached.set(element, checkout);
  session.refresh();
  return checkout;
}

/** @param {string} name @param {string} what */
const refused = (name, what) => new ValidationError([refusal(name, 'not_allowed', what)]);

/** What is filled in correctly, without card data. @param {Session} session */
function openParams(session) {
  session.find();
  const { rules } = session;
  const values = session.values();
  if (!rules.available)
    return Object.fromEntries([...values].filter(([name, value]) => value && OPEN.indexOf(name) > 0));
  const problems = session.problems();
  const { params } = judge(values, rules);
  return Object.fromEntries(
    OPEN.flatMap((name) => (params[name] && !problems.has(name) ? [[name, params[name]]] : [])),
  );
}
