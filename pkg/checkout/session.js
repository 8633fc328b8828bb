// One attached form: handles its events.

import { CARD_DATA } from '../generated/parameters.js';
import { Announcer } from './announce.js';
import { brandOf, longestNumber } from './cards.js';
import { controlsOf, fieldsOf, hiddenField, isOff, Loans, placesOf, TEXT } from './fields.js';
import { extractDigits, formatExpiry } from './format.js';
import { describeRefused, plainAmount, problemsOf, sideOf } from './problems.js';
import { brandName, sentence } from './sentences.js';
import { historyStep, isOurs, normalize, readTyped, reshape, Typed } from './typing.js';

/** @typedef {import('./fields.js').Field} Field */
/** @typedef {import('./problems.js').Problem} Problem */
/** @typedef {import('./index.js').CheckoutState} CheckoutState */

const EVENTS = ['beforeinput', 'keydown', 'input', 'compositionend', 'change', 'blur', 'invalid', 'click', 'reset'];

export class Session {
  #form;
  #rules;
  #onChange;
  #signal;
  #loans = new Loans();
  #announcer;
  /** The fields of the form, as they were last found. @type {import('./fields.js').Fields} */
  #fields = new Map();
  /** Whether fields were added or removed since everything was last checked. */
  #isNew = false;
  /** @type {WeakMap<Element, Typed>} */
  #typed = new WeakMap();
  /** The other target of the listeners, besides the form. @type {Node | undefined} */
  #root;
  /** @type {Event | undefined} */
  #last;
  /** @type {string | null} */
  #brand = null;
  // A message that appears when a field is left by pressing the button would move the button away from the pointer.
  #isPressed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #released;
  /** Whether all fields are checked at once, at an attempt to pay. */
  #isFailing = false;
  #reported = '';

  /**
   * @param {HTMLFormElement} form
   * @param {ReturnType<typeof import('./options.js').readOptions>} settings
   * @param {AbortSignal} signal ends it
   */
  constructor(form, { onChange, ...rules }, signal) {
    this.#form = form;
    this.#rules = rules;
    this.#onChange = onChange;
    this.#signal = signal;
    this.#announcer = new Announcer(form, this.#loans);
    for (const type of ['pointerdown', 'pointerup', 'pointercancel']) {
      document.addEventListener(type, this.#press, { signal, capture: true });
    }
    // A field that a framework has replaced is found as a new one before anybody uses it.
    const observer = new MutationObserver(() => {
      this.find();
      if (this.#isNew) this.refresh();
    });
    observer.observe(form, { childList: true, subtree: true });
    signal.addEventListener('abort', () => observer.disconnect());
  }

  get rules() {
    return this.#rules;
  }

  /** Finds the fields again, and handles those that were added or removed. */
  find() {
    const form = this.#form;
    const before = this.#fields;
    this.#fields = fieldsOf(form);
    // Once detached, the page is only read.
    if (this.#signal.aborted) return this.#fields;
    const root = form.getRootNode();
    if (root !== this.#root) {
      this.#root = root;
      for (const target of [root, form]) {
        for (const type of EVENTS) target.addEventListener(type, this.#listen, { signal: this.#signal, capture: true });
      }
    }
    const fields = new Set(this.#fields.values());
    const hidden = this.#fields.has('expiry_date') && hiddenField(form, 'expiry_date');
    for (const field of before.values()) {
      if (fields.has(field)) continue;
      field.setCustomValidity('');
      this.#loans.giveBack((target) => target === field);
      this.#isNew = true;
    }
    this.#loans.giveBack(
      (target) => target !== hidden && !fields.has(/** @type {Field} */ (target)) && !form.contains(target),
    );
    for (const [parameter, field] of this.#fields) {
      if (!this.#typed.has(field)) this.#typed.set(field, new Typed(field));
      if (before.get(parameter) !== field) this.#adopt(parameter, field);
    }
    if (hidden) this.#loans.borrow(hidden, 'value', this.valueIn('expiry_date'));
    return this.#fields;
  }

  /** @param {string} parameter @param {Field} field */
  #adopt(parameter, field) {
    this.#isNew = true;
    for (const name of isOfCard(parameter) ? ['maxlength', 'minlength', 'pattern'] : []) {
      this.#loans.borrow(field, name, null);
    }
    // On a right-to-left page the groups of digits would appear in reverse order.
    if (parameter !== 'card_holder_name' && !field.hasAttribute('dir')) this.#loans.borrow(field, 'dir', 'ltr');
  }

  /** What a field holds in APS's form; empty if it is disabled. @param {string} parameter */
  valueIn(parameter) {
    const text = this.#textIn(parameter);
    const { available, currency } = this.#rules;
    if (parameter === 'amount' && available) return plainAmount(text, currency);
    return parameter === 'expiry_date' ? formatExpiry(text) : text;
  }

  /** @param {string} parameter */
  #textIn(parameter) {
    const field = this.#fields.get(parameter);
    return !field || isOff(field) ? '' : normalize(parameter, field.value);
  }

  values() {
    return new Map([...this.#fields.keys()].map((parameter) => [parameter, this.#textIn(parameter)]));
  }

  problems() {
    const required = new Set([...this.#fields].flatMap(([name, field]) => (isRequired(field) ? [name] : [])));
    const values = this.values();
    const problems = problemsOf(values, required, this.#brand, this.#rules);
    for (const [parameter, field] of this.#fields) {
      const problem = problems.get(parameter);
      if (!isRefusedByBrowser(field) || (problem && !problem.isQuestion)) continue;
      // In words of ours: the browser's are in its own language.
      const message = describeRefused(parameter, values.get(parameter) ?? '', this.#brand, this.#rules);
      problems.set(parameter, { code: 'bad_format', message, ...problem, isQuestion: false });
    }
    return problems;
  }

  /** Finds, reshapes and checks everything. */
  refresh() {
    this.find();
    this.#isNew = false;
    if (!this.#fields.has('card_number')) this.#showBrand('');
    for (const [parameter, field] of this.#fields) this.#settle(parameter, field, '');
    this.check();
  }

  check() {
    const problems = this.problems();
    const news = [];
    for (const [parameter, field] of this.#fields) {
      const typed = /** @type {Typed} */ (this.#typed.get(field));
      const problem = problems.get(parameter);
      field.setCustomValidity(problem && !problem.isQuestion ? problem.message : '');
      if (this.#isPressed) continue;
      // A brand that is not accepted is reported before all of its digits are typed.
      const isShown = typed.isTouched || problem?.code === 'not_allowed';
      const shown = isShown ? (problem?.message ?? field.validationMessage ?? '') : '';
      this.#loans.borrow(field, 'aria-invalid', shown && !problem?.isQuestion ? 'true' : null);
      this.#writeQuietly(placesOf(this.#form, parameter), shown);
      if (shown && shown !== typed.shown) news.push(shown);
      typed.shown = shown;
    }
    this.#announcer.update(this.#say('summary'));
    if (news.length > 0) this.#announcer.say(news.join(' '));
    this.#unlock();
    this.#report(problems);
  }

  /** Writes what the live region announces. @param {Iterable<Element>} places @param {string} text */
  #writeQuietly(places, text) {
    for (const place of places) {
      this.#loans.borrow(place, 'aria-live', 'off');
      this.#loans.borrow(place, TEXT, text);
    }
  }

  /** @param {string} about @param {string} [variant] */
  #say(about, variant) {
    return sentence(this.#rules.language, about, variant);
  }

  /** The button to pay with, and the live region: an announcement needs a region that was there before it. */
  #unlock() {
    this.#announcer.prepare();
    for (const control of controlsOf(this.#form)) {
      if (this.#rules.available && 'apsPay' in control.dataset) this.#loans.borrow(control, 'disabled', null);
    }
  }

  /** Reports to the application what has changed. @param {Map<string, Problem>} problems */
  #report(problems) {
    if (!this.#onChange) return;
    /** @type {CheckoutState} */
    const state = { brand: this.#brand, complete: true, errors: [], fields: {} };
    for (const [parameter, field] of this.#fields) {
      const { code = '', message = field.validationMessage ?? '', isQuestion } = problems.get(parameter) ?? {};
      const isEmpty = this.#textIn(parameter) === '';
      const isWrong = message !== '' && !isQuestion;
      if (isWrong) state.errors.push({ parameter, code: code || 'bad_format', message });
      if (isWrong || (isEmpty && !isOff(field) && isOfCard(parameter))) state.complete = false;
      const touched = this.#typed.get(field)?.isTouched === true;
      state.fields[parameter] = { empty: isEmpty, valid: !isWrong, touched, message };
    }
    const reported = JSON.stringify(state);
    if (reported === this.#reported) return;
    this.#reported = reported;
    try {
      this.#onChange(state);
    } catch (error) {
      // An error in the application does not stop a payment.
      reportError(error);
    }
  }

  /** @param {string} digits of the card number */
  #showBrand(digits) {
    const { available, language } = this.#rules;
    const before = this.#brand;
    this.#brand = available ? brandOf(digits) : null;
    const words = brandName(language, this.#brand);
    for (const target of [this.#form, this.#fields.get('card_number')]) {
      if (target) this.#loans.borrow(target, 'data-brand', this.#brand);
    }
    this.#writeQuietly(this.#form.querySelectorAll('[data-aps-brand]'), words);
    if (words && this.#brand !== before) this.#announcer.say(words);
    const side = sideOf(this.#brand);
    const code = this.#fields.get('card_security_code');
    for (const hint of this.#form.querySelectorAll('[data-aps-hint="card_security_code"]')) {
      this.#loans.borrow(hint, TEXT, this.#say('hint', side));
    }
    const placeholder = code && this.#loans.before(code, 'placeholder');
    if (placeholder) this.#loans.borrow(code, 'placeholder', side === 'front' ? '1234' : placeholder);
  }

  /** @param {string} parameter @param {Field} field @param {string} kind the event's `inputType` */
  #settle(parameter, field, kind) {
    const typed = /** @type {Typed} */ (this.#typed.get(field));
    const isNumber = parameter === 'card_number';
    const before = isNumber || parameter === 'card_security_code' ? extractDigits(typed.text) : '';
    const most = isNumber ? longestNumber(this.#brand) : sideOf(this.#brand) === 'back' ? 3 : 4;
    const written = readTyped(field, kind, before, most);
    if (isNumber) this.#showBrand(isOff(field) ? '' : extractDigits(written?.[0] ?? field.value));
    reshape(parameter, field, written, kind, this.#brand);
    typed.record(field);
  }

  #listen = (/** @type {Event} */ event) => {
    if (event === this.#last || isOurs()) return;
    if (event.type === 'click') this.#onClick(event);
    else if (event.type === 'reset') this.#onReset(event);
    else if (event.type === 'invalid') this.#onInvalid(event);
    else {
      const found = [...this.find()].find(([, field]) => field === event.target);
      if (!found) return;
      this.#last = event;
      this.#onField(/** @type {InputEvent & KeyboardEvent} */ (event), ...found);
    }
  };

  /** @param {InputEvent & KeyboardEvent} event @param {string} parameter @param {Field} field */
  #onField(event, parameter, field) {
    const { type, isComposing, inputType } = event;
    const typed = /** @type {Typed} */ (this.#typed.get(field));
    if (type === 'beforeinput' || type === 'keydown') {
      // A field without a caret, such as an input of type email, is never reshaped while it is typed: the browser's undo is right.
      const isOwn = !isComposing && !field.readOnly && typeof field.selectionStart === 'number';
      const step = isOwn ? historyStep(event, parameter) : 0;
      if (!step) {
        if (type === 'beforeinput') typed.remember(field);
        return;
      }
      event.preventDefault();
      typed.travel(field, step);
      if (parameter === 'card_number') this.#showBrand(extractDigits(field.value));
    } else {
      if (type === 'input') {
        typed.isDirty = true;
        this.#isPressed = false;
      }
      const isLeft = type === 'change' || type === 'blur';
      if (isLeft && typed.isDirty) typed.isTouched = true;
      const kind = type === 'compositionend' ? 'insert' : typed.isSelected ? 'delete' : inputType;
      // An input method must not be disturbed; it reports when it has finished.
      if (!isComposing) this.#settle(parameter, field, isLeft ? '' : (kind ?? ''));
    }
    this.check();
  }

  /** The customer tried to pay, and the browser found what is wrong. @param {Event} event */
  #onInvalid(event) {
    const control = /** @type {Field} */ (event.target);
    if (control.form !== this.#form) return;
    this.#last = event;
    const hasSummary = this.#announcer.summary !== null;
    // The summary says it all; the browser's bubble would cover it and take the focus.
    if (hasSummary) event.preventDefault();
    if (this.#isFailing) return;
    this.#isFailing = true;
    setTimeout(() => {
      this.#isFailing = false;
    });
    for (const field of this.find().values()) {
      const typed = this.#typed.get(field);
      if (typed && !field.validity?.valid) typed.isTouched = true;
    }
    this.check();
    if (hasSummary) this.#announcer.open(this.#say('summary'));
    // Moving the focus to where it already is announces nothing.
    else if (control.matches(':focus')) this.#announcer.say(control.validationMessage);
  }

  /**
   * A click on the button, which may be outside the form, comes before the browser validates: scripts may have filled in
   * fields since.
   * @param {Event} event
   */
  #onClick(event) {
    this.#isPressed = false;
    const path = /** @type {any[]} */ (event.composedPath());
    if (!path.some((one) => one === this.#form || one.form === this.#form)) return;
    this.#last = event;
    this.refresh();
  }

  /** The event comes before the fields are emptied, and the page may still cancel it. @param {Event} event */
  #onReset(event) {
    if (event.target !== this.#form) return;
    this.#last = event;
    setTimeout(() => {
      if (this.#signal.aborted || event.defaultPrevented) return;
      for (const field of this.#fields.values()) this.#typed.delete(field);
      this.#announcer.close();
      this.refresh();
    });
  }

  #press = (/** @type {Event} */ event) => {
    const { type, pointerType } = /** @type {PointerEvent} */ (event);
    clearTimeout(this.#released);
    if (type === 'pointerdown') {
      this.#isPressed = true;
      return;
    }
    // The click comes first. That of a finger comes late: after it is distinguished from a long touch, and after the focus
    // has moved.
    const wait = type === 'pointerup' && pointerType !== 'mouse' ? 400 : 0;
    this.#released = setTimeout(() => {
      this.#isPressed = false;
      if (!this.#signal.aborted) this.check();
    }, wait);
  };

  /** @param {'en' | 'ar'} language */
  setLanguage(language) {
    this.#rules.language = language;
    this.refresh();
  }

  /** @param {string} parameter */
  focus(parameter) {
    this.find().get(parameter)?.focus();
  }

  /** Clears the security code when the page is left, with the undo history that could bring it back. */
  forget() {
    for (const [parameter, field] of this.find()) {
      if (parameter === 'card_security_code') field.value = '';
      this.#typed.get(field)?.forget();
    }
  }

  /** Restores everything except what was typed. */
  leave() {
    clearTimeout(this.#released);
    this.find();
    this.#announcer.leave();
    this.#loans.giveBack(() => true);
    for (const [parameter, field] of this.#fields) {
      field.setCustomValidity('');
      // Scripts may have filled it in since.
      if (parameter === 'card_number') field.value = extractDigits(field.value);
    }
  }
}

/** Whether a field is needed wherever there is a card. @param {string} parameter */
const isOfCard = (parameter) => CARD_DATA.some((name) => name === parameter);

const OWN_FLAGS = ['valid', 'customError', 'valueMissing'];
/** Whether the page's own attributes rule out what is typed, such as `type="email"`. @param {Field} field */
function isRefusedByBrowser(field) {
  const validity = /** @type {Record<string, boolean>} */ (/** @type {unknown} */ (field.validity ?? {}));
  for (const flag in validity) if (validity[flag] && !OWN_FLAGS.includes(flag) && !isOff(field)) return true;
  return false;
}

/** @param {Field} field a custom element need not have the property */
const isRequired = (field) => field.hasAttribute('required') && !isOff(field);
