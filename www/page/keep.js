// Keeps the form's fields, except the card, in this tab for another attempt after a decline.

/** The fields that the page marks as kept: never number, expiry date or security code. @param {HTMLFormElement} form */
const fieldsOf = (form) => /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('[data-keep]')]);

/** @param {Element} field */
const isTicked = (field) => field instanceof HTMLInputElement && /^(?:checkbox|radio)$/.test(field.type);

/** Whether a card number was typed into the wrong field. @param {string} text */
const mayBeCard = (text) => text.replace(/\P{Nd}/gu, '').length >= 12;

/** Reading the storage throws where the browser blocks it. @template T @param {(storage: Storage) => T} use */
function withStorage(use) {
  try {
    return use(sessionStorage);
  } catch {
    return null;
  }
}

/**
 * Restores the kept fields of this order, and keeps them when the form is submitted.
 *
 * @param {HTMLFormElement} form
 */
export function keep(form) {
  const key = `kept ${location.pathname}`;
  /** @type {Record<string, string | boolean>} */
  const kept = JSON.parse(withStorage((storage) => storage.getItem(key)) ?? '{}');
  for (const field of fieldsOf(form)) {
    const value = kept[field.dataset.keep ?? ''];
    if (typeof value === 'boolean' && isTicked(field)) field.checked = value;
    if (typeof value === 'string' && !isTicked(field) && field.value === '') field.value = value;
  }
  form.addEventListener('submit', () => {
    const now = fieldsOf(form)
      .filter(({ value }) => !mayBeCard(value))
      .map((field) => [field.dataset.keep, isTicked(field) ? field.checked : field.value]);
    withStorage((storage) => storage.setItem(key, JSON.stringify(Object.fromEntries(now))));
  });
}

/**
 * Sets the customer's consent to store the card: without the parameter, APS stores it (NEW, save card).
 *
 * @param {HTMLFormElement} form
 */
export function tellConsent(form) {
  const box = form.querySelector('[data-keep="save_card"]');
  const field = form.querySelector('input[name="remember_me"]');
  if (!(box instanceof HTMLInputElement && field instanceof HTMLInputElement)) return;
  const update = () => {
    field.value = box.checked ? 'YES' : 'NO';
  };
  update();
  box.addEventListener('change', update);
}

/** Clears the kept fields once the order is paid. */
export function forget() {
  withStorage((storage) => storage.removeItem(`kept ${location.pathname}`));
}
