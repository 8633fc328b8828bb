// The customer's pages: checks the card while it is typed, and takes the browser on to the gateway or the bank. The card
// goes from the form to the gateway; nothing here reads it but the package's checks.
import { attachCheckout } from 'aps-payops';
import { sendFormsOnce } from './once.js';

const language = document.documentElement.lang === 'ar' ? 'ar' : 'en';
const form = document.querySelector('form[data-checkout]');
if (form instanceof HTMLFormElement) {
  const { currency = '', at } = form.dataset;
  attachCheckout(form, { currency, language, at: Number(at) });
  // The messages stand below the fields; the browser's bubble would cover what is next.
  form.addEventListener(
    'invalid',
    (event) => {
      event.preventDefault();
      const first = form.querySelector('input:invalid');
      if (first instanceof HTMLElement) first.focus();
    },
    true,
  );
}
sendFormsOnce();

const go = document.querySelector('[data-go]');
const [navigation] = performance.getEntriesByType('navigation');
// Whoever comes back here by the browser's button wants to stay.
const back = navigation instanceof PerformanceNavigationTiming && navigation.type === 'back_forward';
if (go instanceof HTMLFormElement && !back) go.requestSubmit();
if (go instanceof HTMLAnchorElement && !back) location.replace(go.href);
