// Buttons that copy the text of a field; hidden where pages cannot write to the clipboard.

/** Milliseconds for which the button confirms the copy. */
const TOLD = 3000;

/** Activates all copy buttons of the page. */
export function copyOnClick() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll('button[data-copy]')) {
    if (button instanceof HTMLButtonElement) prepare(button);
  }
}

/** @param {HTMLButtonElement} button */
function prepare(button) {
  const { copy = '', copied = '' } = button.dataset;
  const field = document.getElementById(copy);
  if (!(field instanceof HTMLInputElement)) return;
  const label = button.textContent ?? '';
  const status = document.querySelector('[data-copy-told]');
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Permission denied: select the text, so that it can be copied by hand.
      field.select();
      return;
    }
    button.textContent = copied;
    if (status) status.textContent = copied;
    setTimeout(() => {
      button.textContent = label;
      if (status) status.textContent = '';
    }, TOLD);
  });
}
