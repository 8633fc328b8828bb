// A stand-in for Apple's payment sheet in the offline sandbox: the interface of `ApplePaySession`, a dialog, and a token in
// Apple's format without any content.

const GATEWAY = 'https://apple-pay-gateway.apple.com/paymentservices/startSession';

/** @param {number} bytes */
const random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));
const base64 = (/** @type {number} */ bytes) => btoa(String.fromCharCode(...random(bytes)));
const hex = (/** @type {number} */ bytes) =>
  Array.from(random(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** In the format of an Apple device, with random bytes. */
const makeToken = () => ({
  paymentData: {
    version: 'EC_v1',
    data: base64(240),
    signature: base64(320),
    header: { ephemeralPublicKey: base64(91), publicKeyHash: base64(32), transactionId: hex(32) },
  },
  paymentMethod: { displayName: 'Visa 0001', network: 'Visa', type: 'debit' },
  transactionIdentifier: hex(32),
});

/** @param {HTMLDialogElement} sheet */
export function createStandIn(sheet) {
  return class StandIn {
    static STATUS_SUCCESS = 0;
    static STATUS_FAILURE = 1;

    /** @type {((event: any) => void) | null} */
    onvalidatemerchant = null;
    /** @type {((event: any) => void) | null} */
    onpaymentauthorized = null;

    begin() {
      const [pay, cancel] = ['pay', 'cancel'].map((name) => sheet.querySelector(`[data-sheet="${name}"]`));
      if (!(pay instanceof HTMLButtonElement && cancel instanceof HTMLButtonElement)) return;
      pay.disabled = true;
      pay.onclick = () => {
        pay.disabled = true;
        this.onpaymentauthorized?.({ payment: { token: makeToken() } });
      };
      cancel.onclick = () => this.abort();
      sheet.showModal();
      this.onvalidatemerchant?.({ validationURL: GATEWAY });
    }

    /** The customer may pay now. */
    completeMerchantValidation() {
      const pay = sheet.querySelector('[data-sheet="pay"]');
      if (!(pay instanceof HTMLButtonElement)) return;
      pay.disabled = false;
      pay.focus();
    }

    completePayment() {
      sheet.close();
    }

    abort() {
      sheet.close();
    }
  };
}
