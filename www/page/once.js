// Submits a form once and shows that it is being processed. The server is idempotent in any case.

/** @param {HTMLFormElement} form */
function sendOnce(form) {
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sent !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = '';
    form.setAttribute('aria-busy', 'true');
    // No event reports that a navigation was stopped. The server is idempotent.
    setTimeout(rest, 20_000);
    const button = form.querySelector('button');
    if (!button) return;
    // Not `disabled`, which would lose the keyboard focus.
    button.setAttribute('aria-disabled', 'true');
    button.dataset.label = button.textContent ?? '';
    button.textContent = document.body.dataset.working ?? '';
  });
}

/** The browser may restore the page from its cache with busy buttons. */
function rest() {
  for (const form of document.forms) {
    const button = form.querySelector('button');
    delete form.dataset.sent;
    form.removeAttribute('aria-busy');
    button?.removeAttribute('aria-disabled');
    if (button?.dataset.label) button.textContent = button.dataset.label;
  }
}

/** For all forms of the page. Call it after every listener that may prevent a submit. */
export function sendFormsOnce() {
  for (const form of document.forms) sendOnce(form);
  addEventListener('pageshow', ({ persisted }) => persisted && rest());
}
