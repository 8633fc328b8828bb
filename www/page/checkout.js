// The customer's pages: checks the card while it is typed, and takes the browser on to the gateway or the bank. The card
// goes from the form to the gateway; nothing here reads it but the package's checks.
import { attachCheckout } from 'aps-payops';
import { sendFormsOnce } from './once.js';

const language = document.documentElement.lang === 'ar' ? 'ar' : 'en';

/**
 * Where the card cannot be checked, the page shows the hosted page in place of the form. It does so by itself, too, if this
 * script has not come after a while.
 *
 * @param {HTMLFormElement} form
 */
function attach(form) {
  const { currency = '', at } = form.dataset;
  try {
    return attachCheckout(form, { currency, language, at: Number(at) }).available;
  } catch (error) {
    reportError(error);
    return false;
  }
}

const form = document.querySelector('form[data-checkout]');
if (form instanceof HTMLFormElement) {
  const section = /** @type {HTMLElement} */ (form.closest('[data-card-payment]'));
  section.dataset.cardPayment = attach(form) ? 'ready' : 'unavailable';
}
sendFormsOnce();

const go = document.querySelector('[data-go]');
const [navigation] = performance.getEntriesByType('navigation');
// Whoever comes back here by the browser's button wants to stay.
const back = navigation instanceof PerformanceNavigationTiming && navigation.type === 'back_forward';
if (go instanceof HTMLFormElement && !back) go.requestSubmit();
if (go instanceof HTMLAnchorElement && !back) location.replace(go.href);
