// Buttons that copy what a field holds. Where pages may not write to the clipboard, they stay hidden.

/** How long the button says that it did, in milliseconds. */
const TOLD = 3000;

/** For every such button of the page. */
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
      // Permission was denied: the text is selected, to be copied by hand.
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
