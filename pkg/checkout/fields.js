// What a checkout form's page is made of: fields, labels, places for messages, attributes that are borrowed.

const PARAMETERS = [
  'amount',
  'card_number',
  'expiry_date',
  'card_security_code',
  'card_holder_name',
  'customer_email',
  'phone_number',
];

/**
 * The fields of a form by parameter: by `data-aps`, else by `name`. Hidden ones are not for people.
 * @param {HTMLFormElement} form
 * @returns {Map<string, HTMLInputElement>}
 */
export function fieldsOf(form) {
  const visible = /** @type {HTMLInputElement[]} */ ([...form.elements]).filter(({ type }) => type !== 'hidden');
  /** @type {Map<string, HTMLInputElement>} */
  const fields = new Map();
  for (const parameter of PARAMETERS) {
    const field =
      visible.find(({ dataset }) => dataset.aps === parameter) ?? visible.find(({ name }) => name === parameter);
    if (field) fields.set(parameter, field);
  }
  return fields;
}

/**
 * Whether a field is switched off, by itself or with its fieldset: then it is neither checked nor posted.
 * @param {HTMLInputElement} field
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
 * The form's own hidden `expiry_date`, else a new one that is nowhere yet.
 * @param {HTMLFormElement} form
 * @returns {HTMLInputElement}
 */
export function hiddenExpiry(form) {
  const controls = /** @type {HTMLInputElement[]} */ ([...form.elements]);
  const own = controls.find(({ type, name }) => type === 'hidden' && name === 'expiry_date');
  return own ?? Object.assign(document.createElement('input'), { type: 'hidden', name: 'expiry_date' });
}

/**
 * An issue as people read it: with the field's label where the parameter's name was, and the order of an expiry date as
 * it stands on the card.
 * @param {import('../errors.js').Issue} issue which may be about another parameter
 * @param {HTMLInputElement} field
 * @param {string} own the field's parameter, for a field without a label
 * @returns {string}
 */
export function sentence({ parameter, message }, field, own) {
  return message.replace(parameter, () => labelOf(field) || own).replace('YYMM', 'MM/YY');
}

/** How a page names a field, found where browsers look for it. @param {HTMLInputElement} field */
function labelOf(field) {
  const root = /** @type {Document} */ (field.getRootNode());
  const ids = field.getAttribute('aria-labelledby')?.split(/\s+/) ?? [];
  const named = ids.map((id) => wordsOf(root.getElementById?.(id))).join(' ');
  const text = named.trim() || field.ariaLabel || wordsOf(field.labels?.[0]);
  return text
    .replace(/[\s:*]+$/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The text of a label, which may be around its field and all that goes with it. @param {Element | null} [label] */
function wordsOf(label) {
  const copy = /** @type {Element | undefined} */ (label?.cloneNode(true));
  const parts = copy?.querySelectorAll('input, select, textarea, button, output, [data-aps-message], [data-aps-brand]');
  for (const part of parts ?? []) part.remove();
  return copy?.textContent ?? '';
}

/**
 * Sets an attribute, or takes it away.
 * @param {Element | undefined} target
 * @param {string} name
 * @param {string | null} value empty or null for none
 */
export function put(target, name, value) {
  if (value) target?.setAttribute(name, value);
  else target?.removeAttribute(name);
}

/** Attributes that are set for a while. */
export function lending() {
  /** @type {(() => void)[]} */
  const undo = [];
  return {
    /** @param {Element} target @param {string} name @param {string | null} value */
    lend(target, name, value) {
      const before = target.getAttribute(name);
      undo.push(() => (before === null ? target.removeAttribute(name) : target.setAttribute(name, before)));
      put(target, name, value);
    },
    /** Everything as it was, the last first. */
    giveBack() {
      for (const one of undo.reverse()) one();
    },
  };
}
