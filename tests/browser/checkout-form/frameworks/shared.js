// What the pages of all frameworks have in common: the hidden fields, the options, and what the tests may look at.

/** The hidden fields of a form that goes to the gateway. */
export const HIDDEN = [
  ['service_command', 'TOKENIZATION'],
  ['access_code', 'zx0IPmPy5jp1vAz8Kpg7'],
  ['merchant_identifier', 'CycHZxVj'],
  ['merchant_reference', 'order-17'],
  ['language', 'en'],
  ['signature', '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0'],
];

/** The fields of a card: parameter and id. */
export const CARD = [
  ['card_number', 'number'],
  ['expiry_date', 'expiry'],
  ['card_security_code', 'code'],
];

export const GATEWAY = '/FortAPI/paymentPage';

/** The states of the form, the newest last. @type {any[]} */
export const states = [];
window.states = states;

export const options = {
  language: /** @type {const} */ ('en'),
  at: Date.UTC(2026, 0, 15),
  onChange: (/** @type {any} */ state) => void states.push(state),
};
