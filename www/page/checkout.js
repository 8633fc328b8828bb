// The customer's pages: checks the card as it is typed, and redirects to the gateway or the bank. The form posts the card
// to the gateway; only the package's checks read it.
import { attachCheckout, init } from 'aps-payops/slim';
import { offerApplePay } from './apple-pay.js';
import { forget, keep, tellConsent } from './keep.js';
import { sendFormsOnce } from './once.js';
import { openSummary, showTimes } from './view.js';
import { watch } from './watch.js';

const language = document.documentElement.lang === 'ar' ? 'ar' : 'en';

/**
 * If cards cannot be checked here, the page offers the hosted payment page instead of the form. The style sheet does the same
 * if this script does not load.
 *
 * @param {HTMLFormElement} form
 */
async function attach(form) {
  const { currency = '', at, rules = '' } = form.dataset;
  const section = /** @type {HTMLElement} */ (form.closest('[data-card-payment]'));
  try {
    await init(rules);
    const { available } = attachCheckout(form, { currency, language, at: Number(at) });
    if (available) nameFields(form);
    section.dataset.cardPayment = available ? 'ready' : 'unavailable';
  } catch {
    section.dataset.cardPayment = 'unavailable';
  }
}

/** Only named fields are posted. The expiry date is posted as YYMM under a name of its own. @param {HTMLFormElement} form */
function nameFields(form) {
  for (const field of form.querySelectorAll('input[data-aps]')) {
    const parameter = field.getAttribute('data-aps') ?? '';
    if (parameter !== 'expiry_date') field.setAttribute('name', parameter);
  }
}

const form = document.querySelector('form[data-checkout]');
if (form instanceof HTMLFormElement) {
  keep(form);
  tellConsent(form);
  attach(form).then(sendFormsOnce);
} else {
  forget();
  sendFormsOnce();
}
showTimes(language === 'ar' ? 'ar-AE' : 'en-AE');
openSummary();
offerApplePay();
const waiting = document.querySelector('[data-watch]');
if (waiting instanceof HTMLElement) watch(waiting);

const go = document.querySelector('[data-go]');
const [navigation] = performance.getEntriesByType('navigation');
// A customer who came back with the browser's button is not redirected again.
const back = navigation instanceof PerformanceNavigationTiming && navigation.type === 'back_forward';
if (go instanceof HTMLFormElement && !back) go.requestSubmit();
if (go instanceof HTMLAnchorElement && !back) location.replace(go.href);
