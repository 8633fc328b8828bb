// Enhances the gateway's pages. Every page works without it.

for (const form of document.forms) {
  // Clicks while a submission is in progress are ignored.
  form.addEventListener('submit', (event) => {
    if (form.dataset.busy) event.preventDefault();
    form.dataset.busy = 'yes';
    event.submitter?.setAttribute('aria-busy', 'true');
  });
}

// Restored from the back/forward cache.
addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.busy;
  for (const button of document.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy');
});

/** @param {string} id @returns {HTMLInputElement | null} */
const input = (id) => /** @type {HTMLInputElement | null} */ (document.getElementById(id));

for (const button of document.querySelectorAll('button.use')) {
  if (!(button instanceof HTMLButtonElement)) continue;
  button.hidden = false;
  button.addEventListener('click', () => {
    const { number = '', expiry = '', code = '' } = button.dataset;
    for (const [id, value] of Object.entries({ card_number: number, expiry_date: expiry, card_security_code: code })) {
      const field = input(id);
      if (field) field.value = value;
    }
    const pay = /** @type {HTMLButtonElement | null} */ (document.querySelector('form.card button'));
    pay?.focus();
    pay?.scrollIntoView({ block: 'nearest' });
  });
}

// On leaving a field, so that nothing moves under a typing hand.
input('card_number')?.addEventListener('change', ({ target }) => {
  const field = /** @type {HTMLInputElement} */ (target);
  const digits = field.value.replace(/[\s-]/g, '');
  if (!/^\d{12,19}$/.test(digits)) return;
  field.value =
    digits.length === 15 ? digits.replace(/^(.{4})(.{6})/, '$1 $2 ') : digits.replace(/(.{4})(?=.)/g, '$1 ');
});

const back = document.getElementById('return');
const [{ type = '' } = {}] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
// Going back to this page does not submit again. A parameter named `submit` would shadow the method.
if (back instanceof HTMLFormElement && type !== 'back_forward') HTMLFormElement.prototype.submit.call(back);
