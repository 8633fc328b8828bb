// Apple Pay, where the browser supports it; elsewhere the sandbox uses a stand-in with the same interface.

import { createStandIn } from './apple-pay-stand-in.js';

const VERSION = 3;
const NETWORKS = ['visa', 'masterCard', 'amex', 'mada'];
const CAPABILITIES = ['supports3DS'];

/** @param {HTMLElement} section @returns {any} the class of sessions; undefined without Apple Pay */
function sessionsOf(section) {
  const { ApplePaySession } = /** @type {any} */ (globalThis);
  if (ApplePaySession?.supportsVersion(VERSION) && ApplePaySession.canMakePayments()) return ApplePaySession;
  const sheet = section.querySelector('dialog');
  return section.dataset.applePay === 'stand-in' && sheet ? createStandIn(sheet) : undefined;
}

/** Shows the page's Apple Pay button, if it can be used here. */
export function offerApplePay() {
  const section = document.querySelector('[data-apple-pay]');
  const form = section?.querySelector('form');
  if (!(section instanceof HTMLElement) || !form) return;
  const Session = sessionsOf(section);
  if (!Session) return;
  section.hidden = false;
  // Registered before the listener that sends a form once: the browser does not submit this form.
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    begin(Session, form, section);
  });
}

/** @param {any} Session @param {HTMLFormElement} form @param {HTMLElement} section */
function begin(Session, form, section) {
  const { amount, currency, country, label } = form.dataset;
  const failed = /** @type {HTMLElement} */ (section.querySelector('[data-apple-failed]'));
  failed.hidden = true;
  const session = new Session(VERSION, {
    countryCode: country,
    currencyCode: currency,
    supportedNetworks: NETWORKS,
    merchantCapabilities: CAPABILITIES,
    total: { label, amount },
  });
  const fail = () => {
    failed.hidden = false;
  };
  session.onvalidatemerchant = async (/** @type {any} */ { validationURL }) => {
    try {
      const answer = await post(form, '/session', { url: validationURL });
      if (!answer.ok) throw new Error('no session');
      session.completeMerchantValidation(await answer.json());
    } catch {
      session.abort();
      fail();
    }
  };
  session.onpaymentauthorized = async (/** @type {any} */ { payment }) => {
    try {
      const answer = await post(form, '', { apple_token: JSON.stringify(payment.token) });
      const { isPaid = false, message } = await answer.json();
      session.completePayment({ status: isPaid ? Session.STATUS_SUCCESS : Session.STATUS_FAILURE });
      if (message) fail();
      else location.assign(location.pathname);
    } catch {
      session.completePayment({ status: Session.STATUS_FAILURE });
      // The payment may have gone through: the order's page shows its state.
      location.assign(location.pathname);
    }
  };
  session.begin();
}

/** @param {HTMLFormElement} form @param {string} path below the form's @param {Record<string, string>} fields */
function post(form, path, fields) {
  const own = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  return fetch(`${form.getAttribute('action')}${path}`, {
    method: 'POST',
    body: new URLSearchParams({ ...own, ...fields }),
  });
}
