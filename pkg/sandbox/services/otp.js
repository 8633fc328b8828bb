/** One-time passwords: valU and STC Pay send one to the customer, who tells it to the shop. */

import { randomInt } from 'node:crypto';
import { text } from '../message.js';
import { done, failed } from './answer.js';

/** @typedef {import('./index.js').Service} Service */
/** @typedef {import('./shelf.js').Shelf} Shelf */
/** @typedef {import('../message.js').Message} Message */

/** The password that every customer of the sandbox is sent: there is no phone to read another from. */
export const PASSWORD = '123456';

/** @type {Service} */
export function generateOtp(admitted, { shelf }) {
  const { message } = admitted;
  const reference = text(message, 'merchant_reference') ?? '';
  shelf.otps.set(reference, { password: PASSWORD, used: false, amount: text(message, 'amount') });
  if (admitted.found.name === 'GENERATE_OTP') return done(admitted);
  return done(admitted, {
    merchant_order_id: text(message, 'merchant_order_id') ?? reference,
    transaction_id: String(randomInt(1_000_000_000)),
    otp_status: '1',
    installment_detail: plans(),
  });
}

/** @type {Service} */
export function verifyOtp(admitted, { shelf }) {
  return matches(shelf, admitted.message)
    ? done(admitted, { otp_status: '1', tenure: tenures() }, '92182')
    : failed(admitted, '748');
}

/**
 * Whether a password is the one that was sent for the order, and its amount is the same.
 *
 * @param {Shelf} shelf
 * @param {Message} message
 */
export function matches(shelf, message) {
  const sent = shelf.otps.get(text(message, 'merchant_reference') ?? '');
  const amount = text(message, 'amount');
  return sent !== undefined && !sent.used && sent.password === text(message, 'otp') && sent.amount === amount;
}

/**
 * A password pays once.
 *
 * @param {Shelf} shelf
 * @param {Message} message
 */
export function use(shelf, message) {
  const sent = shelf.otps.get(text(message, 'merchant_reference') ?? '');
  if (sent) sent.used = true;
}

/** valU's terms in months. */
const tenures = () => new Map([['tenure', ['6', '12', '24'].map((months) => new Map([['months', months]]))]]);

/** Plans in the form of GET_INSTALLMENTS_PLANS. */
export function plans() {
  const plan = (/** @type {string} */ code, /** @type {string} */ months) =>
    new Map([
      ['plan_code', code],
      ['number_of_installment', months],
      ['fees_type', 'Percentage'],
      ['processing_fees', '500'],
    ]);
  const issuer = new Map(
    /** @type {[string, import('../message.js').Value][]} */ ([
      ['issuer_code', '12HP34SE'],
      ['issuer_name_en', 'Sandbox Bank'],
      ['country_code', 'ARE'],
      ['plan_details', [plan('NNNN89JJ', '6'), plan('NNNN89JK', '12')]],
    ]),
  );
  return new Map([['issuer_detail', [issuer]]]);
}
