// A page's own form, checked while it is filled in. The rules are those of `validate`, and the browser's Constraint
// Validation tells them; here is what ties the two together.

import { isAvailable } from '../core/instance.js';
import { issue, ValidationError } from '../errors.js';
import { cardBrand, milliseconds, validate } from '../message/validate.js';
import { Amount } from '../money/amount.js';
import { fieldsOf, hiddenExpiry, isOff, lending, placesOf, put, sentence } from './fields.js';
import { digitsOf, expiryOf } from './format.js';
import { postOnce } from './submit.js';
import { isOurs, reshape, textOf } from './typing.js';

/** @typedef {import('../errors.js').Issue} Issue */

/**
 * An `HTMLFormElement`, told by what only a form can do, so that these types need no DOM library.
 * @typedef {EventTarget & { requestSubmit(): void }} CheckoutForm
 */

/**
 * @typedef {object} CheckoutOptions
 * @property {string} [currency] ISO 4217, of the amount field; needed when there is one
 * @property {'en' | 'ar'} [language] of the messages; English if left out
 * @property {Date | number} [at] the instant that expiry dates are compared with, as a Date or in milliseconds since
 *   1970; if left out, the time of each check
 */

/**
 * A form that is checked while it is filled in.
 * @typedef {object} AttachedCheckout
 * @property {boolean} available whether the rules can be checked here: false where WebAssembly is blocked, for one by a
 *   Content-Security-Policy without `'wasm-unsafe-eval'`. Typing and posting are the same then, but for the brand; the
 *   amount is checked by your server and the card by the gateway.
 * @property {() => void} detach takes away every listener, message and attribute that `attachCheckout` brought; what was
 *   typed stays
 * @property {(language: 'en' | 'ar') => void} setLanguage says every message anew, with the labels as they then are
 * @property {() => { amount?: Amount, customer_email?: string, phone_number?: string }} params the fields that are filled
 *   in well, as APS parameters, without anything of the card: these may be logged and sent to your server. Where the
 *   rules cannot be checked they are as typed, and the amount is left out.
 */

/** The fields that are no card data. */
const OPEN = ['amount', 'customer_email', 'phone_number'];

/** @type {WeakMap<object, AttachedCheckout>} */
const attached = /* @__PURE__ */ new WeakMap();

/**
 * Checks a form by the rules of `validate` while it is filled in, through the browser's Constraint Validation: what is
 * wrong becomes the field's custom validity, so `:user-invalid`, screen readers and the blocking of submit work as in
 * any form. An empty field is wrong only if it has `required`, or belongs to a card number that is there. A field that is
 * disabled, by itself or with its fieldset, is neither checked nor posted. To learn whether all is well ask
 * `form.matches(':valid')`: `checkValidity()` counts as a try to submit, and shows every message.
 *
 * **Fields** are found by `data-aps="…"`, else by `name`: `amount` (decimals, as people write them), `card_number`,
 * `expiry_date` (MM/YY), `card_security_code`, `card_holder_name`, `customer_email`, `phone_number`. Card fields should
 * be text inputs with `inputmode="numeric"` and `autocomplete="cc-number"`, `cc-exp`, `cc-csc`, `cc-name`; `maxlength`,
 * `minlength` and `pattern` on number, expiry date and code are put aside. `[data-aps-message="card_number"]` in the
 * form, if there is one, shows the message of that field once the field was left or submit was tried; name it in the
 * field's `aria-describedby`. `[data-aps-brand]` shows the brand, which is also in `data-brand` of the form and of the
 * number. Messages call a field by its `aria-label`, else by its `<label>`.
 *
 * **Typing.** Card numbers are grouped, security codes lose all but digits, a slash appears behind the month, and Arabic
 * and Persian digits become ASCII ones, in phone numbers and amounts too: visibly, so that people see what is sent.
 *
 * **Posting.** The number is posted without spaces. (It is changed in the `formdata` event: a second, hidden input would
 * put the number into the page twice.) The expiry date is posted as YYMM by a hidden `expiry_date`, made if there is
 * none; the visible one has no name meanwhile. Of a form with a `signature`, only what is hidden is posted, and the fields
 * that APS leaves out of the signature: the card's and `remember_me`. It refuses everything else (00008, 00027). A form
 * is posted once: until the page is shown again, or the form attached again, its buttons have `aria-disabled` (which,
 * unlike `disabled`, keeps the keyboard's focus) and the form `aria-busy`. The security code is cleared when the page is
 * left.
 *
 * A form that is attached again is detached first.
 * @param {CheckoutForm} form
 * @param {CheckoutOptions} [options]
 * @returns {AttachedCheckout}
 * @throws {ValidationError} naming the option that is wrong; without WebAssembly a currency is not looked at
 */
export function attachCheckout(form, options) {
  let { currency = '', language = 'en', at } = options ?? {};
  const element = /** @type {HTMLFormElement} */ (form);
  if (element?.nodeName !== 'FORM') throw wrong('form', 'bad_format', 'form must be a form element.');
  checkLanguage(language);
  const instant = at === undefined ? undefined : milliseconds(at);
  const available = isAvailable();
  if (available && (currency !== '' || fieldsOf(element).has('amount'))) Amount.parse('0', currency, { language });
  attached.get(element)?.detach();

  const fields = fieldsOf(element);
  const number = fields.get('card_number');
  const code = fields.get('card_security_code');
  const expiry = fields.get('expiry_date');
  const { lend, giveBack } = lending();
  const controller = new AbortController();
  const { signal } = controller;
  /** Typed into. @type {Set<Element>} */
  const dirty = new Set();
  /** Left after that, or found wrong at submit: its message may be shown. @type {Set<Element>} */
  const touched = new Set();
  /** @type {HTMLInputElement | undefined} */
  let yymm;
  let digits = '';
  // A message that appears as a field is left by pressing the button would move the button away from under the pointer.
  let isPressed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let released;
  /** @type {string | null} */
  let brand = null;

  /** What a field holds, as it is checked and posted; nothing if it is switched off. @param {string} parameter */
  const valueIn = (parameter) => {
    const field = fields.get(parameter);
    const text = !field || isOff(field) ? '' : field.value.trim();
    if (parameter === 'card_number') return digitsOf(text);
    // What cannot be read has no real month, which is for the rules to say.
    return parameter === 'expiry_date' && text ? expiryOf(text) || '0000' : text;
  };

  /** Everything filled in, and all that is wrong with it. */
  const judge = () => {
    /** @type {Record<string, string | Amount>} */
    const params = {};
    for (const parameter of fields.keys()) params[parameter] = valueIn(parameter);
    /** @type {readonly Issue[]} */
    let own = [];
    if (params.amount) {
      try {
        params.amount = Amount.parse(valueIn('amount'), currency, { language });
      } catch (error) {
        own = /** @type {ValidationError} */ (error).issues;
        params.amount = '';
      }
    }
    // Of the commands with a card, PURCHASE has all of these.
    return { params, issues: [...own, ...validate('PURCHASE', params, { at: instant ?? Date.now(), language })] };
  };

  /** @param {string} parameter @param {readonly Issue[]} issues */
  const issueOf = (parameter, issues) =>
    fields.get(parameter)?.required && valueIn(parameter) === ''
      ? // Whichever parameter it is about: no form has all that PURCHASE requires.
        issues.find((one) => one.code === 'missing')
      : // What must be filled in the page says, or another field (`with`): a card number needs its code.
        issues.find(
          (one) => one.parameter === parameter && one.severity === 'error' && (one.code !== 'missing' || one.with),
        );

  const check = () => {
    if (yymm) yymm.value = expiryOf(expiry?.value ?? '');
    const issues = available ? judge().issues : [];
    for (const [parameter, field] of fields) {
      const found = issueOf(parameter, issues);
      field.setCustomValidity(found ? sentence(found, field, parameter) : '');
      if (isPressed) continue;
      const shown = touched.has(field) ? field.validationMessage : '';
      put(field, 'aria-invalid', shown && 'true');
      for (const place of placesOf(element, parameter)) {
        // Writing the same again would be read out again.
        if (place.textContent !== shown) place.textContent = shown;
      }
    }
  };

  /** @param {string} text of the card number */
  const showBrand = (text) => {
    digits = digitsOf(text);
    const found = available ? cardBrand(digits) : null;
    if (found === brand) return;
    brand = found;
    put(element, 'data-brand', brand);
    put(number, 'data-brand', brand);
    for (const place of element.querySelectorAll('[data-aps-brand]')) place.textContent = brand;
    // How long its code may be, the rules say.
    const isLong = !validate('PURCHASE', { card_number: digits, card_security_code: '0000' }).some(
      ({ parameter }) => parameter === 'card_security_code',
    );
    if (code) code.maxLength = isLong ? 4 : 3;
  };

  /** @param {string} parameter @param {HTMLInputElement} field @param {string} [typed] the event's `inputType` */
  const settle = (parameter, field, typed = '') => {
    const written = textOf(field, typed, field === number ? digits : '');
    if (field === number) showBrand(written?.[0] ?? field.value);
    if (written) reshape(parameter, field, written, typed, brand);
  };

  const refresh = () => {
    for (const [parameter, field] of fields) settle(parameter, field);
    check();
  };

  for (const [parameter, field] of fields) {
    const isOfCard = field === number || field === code || field === expiry;
    for (const name of isOfCard ? ['maxlength', 'minlength', 'pattern'] : []) lend(field, name, null);
    // Groups of digits would stand in reverse order on a page from right to left.
    if (parameter !== 'card_holder_name' && !field.hasAttribute('dir')) lend(field, 'dir', 'ltr');
    for (const place of placesOf(element, parameter)) {
      if (!place.hasAttribute('role') && !place.hasAttribute('aria-live')) lend(place, 'aria-live', 'polite');
    }
    // What deletes a selection takes nothing else along.
    let isSelected = false;
    const before = () => {
      isSelected = field.selectionStart !== field.selectionEnd;
    };
    field.addEventListener('beforeinput', before, { signal });
    const listen = (/** @type {Event} */ event) => {
      const { type, isComposing, inputType } = /** @type {InputEvent} */ (event);
      if (isOurs()) return;
      if (type === 'input') {
        dirty.add(field);
        isPressed = false;
      }
      if (type === 'invalid' || ((type === 'change' || type === 'blur') && dirty.has(field))) touched.add(field);
      // An input method is not to be disturbed; it says when it has done.
      if (!isComposing && type !== 'invalid')
        settle(parameter, field, type === 'compositionend' ? 'insert' : isSelected ? 'delete' : inputType);
      check();
    };
    for (const type of ['input', 'compositionend', 'change', 'blur', 'invalid']) {
      field.addEventListener(type, listen, { signal });
    }
  }
  if (code) lend(code, 'maxlength', '4');
  if (expiry) {
    lend(expiry, 'name', null);
    yymm = hiddenExpiry(element);
    lend(yymm, 'value', null);
    if (yymm.form !== element) {
      element.append(yymm);
      signal.addEventListener('abort', () => yymm?.remove());
    }
  }
  const rest = postOnce(element, { signal, fields, valueIn, refresh });
  // A click on the button, which may be outside the form, comes before the browser looks for what is invalid: scripts may
  // have filled in fields since.
  const click = (/** @type {Event} */ event) => {
    isPressed = false;
    const path = /** @type {any[]} */ (event.composedPath());
    if (path.some((one) => one === element || one.form === element)) refresh();
  };
  document.addEventListener('click', click, { signal, capture: true });
  const press = (/** @type {Event} */ event) => {
    const { type, pointerType } = /** @type {PointerEvent} */ (event);
    clearTimeout(released);
    if (type === 'pointerdown') {
      isPressed = true;
      return;
    }
    // The click comes first: a finger's only after it has been told from a longer touch, and after the focus has moved.
    const wait = type === 'pointerup' && pointerType !== 'mouse' ? 400 : 0;
    released = setTimeout(() => {
      isPressed = false;
      if (!signal.aborted) check();
    }, wait);
  };
  for (const type of ['pointerdown', 'pointerup', 'pointercancel']) {
    document.addEventListener(type, press, { signal, capture: true });
  }
  // The event comes before the fields are empty, and before the page may call it off.
  const reset = (/** @type {Event} */ event) => {
    setTimeout(() => {
      if (signal.aborted || event.defaultPrevented) return;
      dirty.clear();
      touched.clear();
      refresh();
    });
  };
  element.addEventListener('reset', reset, { signal });
  refresh();

  /** @type {AttachedCheckout} */
  const checkout = {
    available,
    detach() {
      if (signal.aborted) return;
      controller.abort();
      attached.delete(element);
      rest();
      giveBack();
      for (const [parameter, field] of fields) {
        field.setCustomValidity('');
        put(field, 'aria-invalid', null);
        for (const place of placesOf(element, parameter)) place.textContent = '';
      }
      if (!number) return;
      put(element, 'data-brand', null);
      put(number, 'data-brand', null);
      for (const place of element.querySelectorAll('[data-aps-brand]')) place.textContent = '';
      // Scripts may have filled it in since.
      number.value = digitsOf(number.value);
    },
    setLanguage(wanted) {
      checkLanguage(wanted);
      language = wanted;
      check();
    },
    params() {
      if (!available) {
        return Object.fromEntries(OPEN.slice(1).flatMap((name) => (valueIn(name) ? [[name, valueIn(name)]] : [])));
      }
      const { params, issues } = judge();
      return Object.fromEntries(
        OPEN.flatMap((name) => (params[name] && !issueOf(name, issues) ? [[name, params[name]]] : [])),
      );
    },
  };
  attached.set(element, checkout);
  return checkout;
}

/** @param {unknown} language */
function checkLanguage(language) {
  if (language !== 'en' && language !== 'ar') throw wrong('language', 'not_allowed', 'language must be en or ar.');
}

/** @param {string} option @param {string} code @param {string} message */
function wrong(option, code, message) {
  return new ValidationError([issue(option, code, message)]);
}
