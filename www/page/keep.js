// What a declined payment does not take along: everything of the form but the card itself. It stays in this tab.

/** The fields that are kept: never the number, the date or the code. */
const KEPT = ['card_holder_name', 'remember_me', 'plan'];

/** @param {HTMLFormElement} form */
const fieldsOf = (form) =>
  [...form.elements].filter(
    (/** @type {Element} */ field) =>
      (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) && KEPT.includes(field.name),
  );

/** @param {Element} field */
const isTicked = (field) => field instanceof HTMLInputElement && /^(?:checkbox|radio)$/.test(field.type);

/** Where browsers keep nothing for pages, reading it throws. @template T @param {(storage: Storage) => T} use */
function withStorage(use) {
  try {
    return use(sessionStorage);
  } catch {
    return null;
  }
}

/**
 * Fills in what was kept of this order's form, and keeps it when the form is sent.
 *
 * @param {HTMLFormElement} form
 */
export function keep(form) {
  const key = `kept ${location.pathname}`;
  /** @type {Record<string, string | boolean>} */
  const kept = JSON.parse(withStorage((storage) => storage.getItem(key)) ?? '{}');
  for (const field of /** @type {HTMLInputElement[]} */ (fieldsOf(form))) {
    const value = kept[field.name];
    if (typeof value === 'boolean' && isTicked(field)) field.checked = value;
    if (typeof value === 'string' && !isTicked(field) && field.value === '') field.value = value;
  }
  form.addEventListener('submit', () => {
    const now = /** @type {HTMLInputElement[]} */ (fieldsOf(form)).map((field) => [
      field.name,
      isTicked(field) ? field.checked : field.value,
    ]);
    withStorage((storage) => storage.setItem(key, JSON.stringify(Object.fromEntries(now))));
  });
}

/** Once the order is paid, nothing is kept. */
export function forget() {
  withStorage((storage) => storage.removeItem(`kept ${location.pathname}`));
}
