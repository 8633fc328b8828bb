/** One-time passwords: valU and STC Pay send one to the customer, who tells it to the shop. */

import { randomInt } from 'node:crypto';
import { text } from '../message.js';
import { done, failed, refused } from './answer.js';
import { detail } from './plans.js';

/** @typedef {import('./index.js').Service} Service */
/** @typedef {import('./state.js').Shelf} Shelf */
/** @typedef {import('../message.js').Message} Message */

/** The password that every customer of the sandbox is sent: there is no phone to read another from. */
const PASSWORD = '123456';

/** A telephone whose owner valU does not know, by the code that says so. */
const STRANGER = '00000000160';

/** So long a customer is left alone between two passwords, in milliseconds (message 983). */
const PAUSE = 60_000;

/** @type {Service} */
export const verifyCustomer = (admitted) =>
  isStranger(admitted.message) ? refused(admitted, { code: '00160' }) : done(admitted);

/** @param {Message} message */
const isStranger = (message) => message.get('phone_number') === STRANGER && message.get('payment_option') === 'VALU';

/** @type {Service} */
export function generateOtp(admitted, { at, shelf }) {
  const { message } = admitted;
  if (isStranger(message)) return refused(admitted, { code: '00160' });
  const reference = text(message, 'merchant_reference') ?? '';
  const before = shelf.otps.get(reference);
  if (before && at < before.at + PAUSE) return failed(admitted, '983');
  shelf.otps.set(reference, { password: PASSWORD, used: false, sentFor: sentFor(message), at });
  if (admitted.found.name === 'GENERATE_OTP') return done(admitted);
  return done(admitted, {
    merchant_order_id: text(message, 'merchant_order_id') ?? reference,
    transaction_id: String(randomInt(1_000_000_000)),
    otp_status: '1',
    installment_detail: detail(text(message, 'currency') ?? 'EGP'),
  });
}

/** @type {Service} */
export function verifyOtp(admitted, { shelf }) {
  return matches(shelf, admitted.message)
    ? done(admitted, { otp_status: '1', tenure: tenures() }, '92182')
    : failed(admitted, '748');
}

/**
 * Whether a payment is one that its customer confirms by a password: by valU, or by an STC Pay account that is not stored
 * (DOC valU page; WOO code).
 *
 * @param {Message} message
 */
function asksForPassword(message) {
  if (message.get('payment_option') === 'VALU') return true;
  return message.get('digital_wallet') === 'STCPAY' && text(message, 'token_name') === undefined;
}

/**
 * Why a payment is refused for its password.
 *
 * @param {Message} message
 * @param {Shelf} shelf
 * @returns {import('../check.js').Complaint | undefined}
 */
export function passwordComplaint(message, shelf) {
  if (!asksForPassword(message)) return undefined;
  if (text(message, 'otp') === undefined) return { code: '00001', detail: 'otp' };
  return matches(shelf, message) ? undefined : { code: '00748' };
}

/**
 * What a password is sent for, besides the order: to whom, and to pay how much by what.
 *
 * @param {Message} message
 */
const sentFor = (message) =>
  [message.get('digital_wallet') ?? message.get('payment_option')]
    .concat(['phone_number', 'amount', 'currency'].map((name) => message.get(name)))
    .join(' ');

/**
 * Whether a password is the one that was sent for just this.
 *
 * @param {Shelf} shelf
 * @param {Message} message
 */
function matches(shelf, message) {
  const sent = shelf.otps.get(text(message, 'merchant_reference') ?? '');
  if (!sent || sent.used) return false;
  return sent.password === text(message, 'otp') && sent.sentFor === sentFor(message);
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
