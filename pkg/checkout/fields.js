// The parts of a checkout page: fields, places for messages, what is borrowed of them. A framework may replace any of them at
// any time, so only what must be restored is remembered.

/** The parameters that a field may hold. */
export const PARAMETERS = [
  'amount',
  'card_number',
  'expiry_date',
  'card_security_code',
  'card_holder_name',
  'customer_email',
  'phone_number',
];

/**
 * A field: an input, or a form-associated custom element with the same members.
 * @typedef {HTMLInputElement} Field
 */

/** @typedef {Map<string, Field>} Fields by parameter */

/**
 * Everything that belongs to a form, inside it or not.
 * @param {HTMLFormElement} form
 */
export const controlsOf = (form) => /** @type {Field[]} */ ([...form.elements]);

/**
 * The fields that a form has now, by `data-aps`, else by `name`. Hidden inputs do not count.
 * @param {HTMLFormElement} form
 * @returns {Fields}
 */
export function fieldsOf(form) {
  const shown = controlsOf(form).filter(({ type }) => type !== 'hidden');
  /** @type {Fields} */
  const fields = new Map();
  for (const parameter of PARAMETERS) {
    const field =
      shown.find(({ dataset }) => dataset.aps === parameter) ?? shown.find((one) => nameOf(one) === parameter);
    if (field) fields.set(parameter, field);
  }
  return fields;
}

/** @param {Element} field a custom element need not have the property */
const nameOf = (field) => field.getAttribute('name');

/**
 * Custom elements that stand for a field and cannot be checked: they are not form-associated, or hide what an input has.
 * @param {HTMLFormElement} form
 * @returns {{ parameter: string, tag: string }[]}
 */
export function unusableFields(form) {
  const controls = new Set(controlsOf(form));
  const all = /** @type {Field[]} */ ([...form.querySelectorAll('[name], [data-aps]')]);
  return all.flatMap((one) => {
    const parameter = one.dataset.aps ?? nameOf(one) ?? '';
    const isUsable = controls.has(one) && typeof one.value === 'string' && 'setCustomValidity' in one;
    return one.localName.includes('-') && PARAMETERS.includes(parameter) && !isUsable
      ? [{ parameter, tag: one.localName }]
      : [];
  });
}

/**
 * Whether a field is switched off, by itself or with its fieldset: then it is neither checked nor posted.
 * @param {Element} field
 */
export function isOff(field) {
  return field.matches(':disabled');
}

/**
 * The places where a page shows the message of a field.
 * @param {HTMLFormElement} form
 * @param {string} parameter
 */
export function placesOf(form, parameter) {
  return form.querySelectorAll(`[data-aps-message="${parameter}"]`);
}

/**
 * The form's own hidden field of a name, if it counts.
 * @param {HTMLFormElement} form
 * @param {string} name
 */
export function hiddenField(form, name) {
  return controlsOf(form).find((one) => one.type === 'hidden' && one.name === name && !isOff(one));
}

/** Stands among the names of attributes for an element's text. */
export const TEXT = '';

/** @param {Element} target @param {string} name */
const read = (target, name) => (name === TEXT ? target.textContent : target.getAttribute(name));

/**
 * Sets an attribute or a text, unless it is set already: screen readers would read it out again.
 * @param {Element} target
 * @param {string} name
 * @param {string | null} value null removes the attribute
 */
function put(target, name, value) {
  if (read(target, name) === value) return;
  if (name === TEXT) target.textContent = value;
  else if (value === null) target.removeAttribute(name);
  else target.setAttribute(name, value);
}

/** Attributes and texts that are changed for as long as their element is part of the form. */
export class Loans {
  /** The original value of each. @type {Map<Element, Map<string, string | null>>} */
  #before = new Map();

  /** @param {Element} target @param {string} name @param {string | null} value null for no attribute */
  borrow(target, name, value) {
    const known = this.#before.get(target) ?? new Map();
    if (!known.has(name)) known.set(name, read(target, name));
    this.#before.set(target, known);
    put(target, name, value);
  }

  /** The value of an attribute before it was borrowed. @param {Element} target @param {string} name */
  before(target, name) {
    return this.#before.get(target)?.get(name) ?? target.getAttribute(name);
  }

  /**
   * Restores the elements that `isOver` selects.
   * @param {(target: Element) => boolean} isOver
   */
  giveBack(isOver) {
    for (const [target, names] of this.#before) {
      if (!isOver(target)) continue;
      for (const [name, value] of names) put(target, name, value);
      this.#before.delete(target);
    }
  }
}
