// A form is sent once, and the page shows that something is being done. The server does nothing twice anyway.

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
    // A page gets no event when its navigation is stopped. The server does nothing twice.
    setTimeout(rest, 20_000);
    const button = form.querySelector('button');
    if (!button) return;
    // Not `disabled`: the keyboard's focus stays where it is.
    button.setAttribute('aria-disabled', 'true');
    button.dataset.label = button.textContent ?? '';
    button.textContent = document.body.dataset.working ?? '';
  });
}

/** The page may come back from the browser's memory with its buttons still at work. */
function rest() {
  for (const form of document.forms) {
    const button = form.querySelector('button');
    delete form.dataset.sent;
    form.removeAttribute('aria-busy');
    button?.removeAttribute('aria-disabled');
    if (button?.dataset.label) button.textContent = button.dataset.label;
  }
}

/** For every form of the page; to be called after whatever may keep a form from being sent. */
export function sendFormsOnce() {
  for (const form of document.forms) sendOnce(form);
  addEventListener('pageshow', ({ persisted }) => persisted && rest());
}
