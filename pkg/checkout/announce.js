// Announcements, each made once: a polite live region for what changes while people type, and a summary of errors that
// takes the focus when they try to pay.

import { controlsOf, TEXT } from './fields.js';

/**
 * Invisible, but read out, in one line: broken at 1px, it would lengthen the page and be read letter by letter. Set one by one,
 * since a policy may forbid style attributes.
 */
const UNSEEN = {
  position: 'absolute',
  width: '1px',
  overflow: 'hidden',
  whiteSpace: 'nowrap',
  clipPath: 'inset(50%)',
};

export class Announcer {
  #form;
  #loans;
  #region;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #soon;
  /** Whether the summary is shown, after an attempt to pay. */
  #isOpen = false;

  /** @param {HTMLFormElement} form @param {import('./fields.js').Loans} loans */
  constructor(form, loans) {
    this.#form = form;
    this.#loans = loans;
    this.#region = document.createElement('p');
    this.#region.setAttribute('role', 'status');
    Object.assign(this.#region.style, UNSEEN);
  }

  /** The page's own live region, or ours, which a framework may have removed. */
  prepare() {
    const own = this.#form.querySelector('[data-aps-live]');
    if (own) this.#loans.borrow(own, 'role', 'status');
    else if (this.#region.parentNode !== this.#form) this.#form.append(this.#region);
    const summary = this.summary;
    if (summary) this.#loans.borrow(summary, 'tabindex', '-1');
    if (summary) this.#loans.borrow(summary, 'role', 'group');
    return own ?? this.#region;
  }

  /** Announces a text soon, unless the summary is about to say it. @param {string} text */
  say(text) {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#loans.borrow(this.prepare(), TEXT, text));
  }

  get summary() {
    return /** @type {HTMLElement | null} */ (this.#form.querySelector('[data-aps-summary]'));
  }

  /** Shows the summary and gives it the focus. @param {string} heading */
  open(heading) {
    clearTimeout(this.#soon);
    this.#isOpen = true;
    this.update(heading);
    this.summary?.focus();
  }

  close() {
    this.#isOpen = false;
    this.summary?.replaceChildren();
  }

  /** Keeps the summary in step with the fields. @param {string} heading */
  update(heading) {
    const { summary } = this;
    if (!summary || !this.#isOpen) return;
    const wrong = controlsOf(this.#form).filter((one) => one.willValidate && !one.validity?.valid);
    if (wrong.length === 0) {
      this.close();
      return;
    }
    // A link that has the focus keeps it.
    const words = wrong.map((field) => field.validationMessage);
    if (summary.textContent === heading + words.join('')) return;
    const list = document.createElement('ul');
    for (const field of wrong) {
      const link = document.createElement('a');
      link.href = `#${field.id}`;
      link.textContent = field.validationMessage;
      link.addEventListener('click', (event) => {
        event.preventDefault();
        field.focus();
      });
      const item = document.createElement('li');
      item.append(link);
      list.append(item);
    }
    const title = document.createElement('p');
    title.textContent = heading;
    this.#loans.borrow(summary, 'aria-label', heading);
    summary.replaceChildren(title, list);
  }

  /** Removes what it added. */
  leave() {
    clearTimeout(this.#soon);
    this.close();
    this.#region.remove();
  }
}
