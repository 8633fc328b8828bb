/** One-time passwords: valU and STC Pay send one to the customer, who gives it to the shop. */

import { randomInt } from 'node:crypto';
import { text } from '../message.js';
import { fail, refuse, succeed } from './answer.js';
import { describePlans } from './plans.js';

/** @typedef {import('./index.js').Service} Service */
/** @typedef {import('./state.js').State} State */
/** @typedef {import('../message.js').Message} Message */

/** The password sent to every customer of the sandbox. */
const PASSWORD = '123456';

/** A phone number unknown to valU; it ends in the code that says so. */
const UNKNOWN_PHONE = '00000000160';

/** The minimum time between two passwords, in milliseconds (message 983). */
const PAUSE = 60_000;

/** @type {Service} */
export const verifyCustomer = (admitted) =>
  isUnknownPhone(admitted.message) ? refuse(admitted, { code: '00160' }) : succeed(admitted);

/** @param {Message} message */
const isUnknownPhone = (message) =>
  message.get('phone_number') === UNKNOWN_PHONE && message.get('payment_option') === 'VALU';

/** @type {Service} */
export function generateOtp(admitted, { at, state }) {
  const { message } = admitted;
  if (isUnknownPhone(message)) return refuse(admitted, { code: '00160' });
  const reference = text(message, 'merchant_reference') ?? '';
  const before = state.otps.get(reference);
  if (before && at < before.at + PAUSE) return fail(admitted, '983');
  state.otps.set(reference, {
    password: PASSWORD,
    used: false,
    sentFor: describePurpose(message),
    at,
    amount: text(message, 'amount'),
    currency: text(message, 'currency'),
  });
  if (admitted.found.name === 'GENERATE_OTP') return succeed(admitted);
  return succeed(admitted, {
    merchant_order_id: text(message, 'merchant_order_id') ?? reference,
    transaction_id: String(randomInt(1_000_000_000)),
    otp_status: '1',
    installment_detail: describePlans(text(message, 'currency') ?? 'EGP'),
  });
}

/** @type {Service} */
export function verifyOtp(admitted, { state }) {
  return isRightOtp(state, admitted.message)
    ? succeed(admitted, { otp_status: '1', tenure: listTenures() }, '92182')
    : fail(admitted, '748');
}

/**
 * Whether the customer confirms a payment by a password: by valU, or by an STC Pay account that is not stored
 * (DOC valU page; WOO code).
 *
 * @param {Message} message
 */
function needsOtp(message) {
  if (message.get('payment_option') === 'VALU') return true;
  return message.get('digital_wallet') === 'STCPAY' && text(message, 'token_name') === undefined;
}

/**
 * Why a payment is refused because of its password.
 *
 * @param {Message} message
 * @param {State} state
 * @returns {import('../check.js').Complaint | undefined}
 */
export function checkOtp(message, state) {
  if (!needsOtp(message)) return undefined;
  if (text(message, 'otp') === undefined) return { code: '00001', detail: 'otp' };
  return isRightOtp(state, message) ? undefined : { code: '00748' };
}

/**
 * What a password is bound to besides the order: the phone, the amount and the method.
 *
 * @param {Message} message
 */
const describePurpose = (message) =>
  [message.get('digital_wallet') ?? message.get('payment_option')]
    .concat(['phone_number', 'amount', 'currency'].map((name) => message.get(name)))
    .join(' ');

/**
 * Whether a password is the one sent for this payment.
 *
 * @param {State} state
 * @param {Message} message
 */
function isRightOtp(state, message) {
  const sent = state.otps.get(text(message, 'merchant_reference') ?? '');
  if (!sent || sent.used) return false;
  return sent.password === text(message, 'otp') && sent.sentFor === describePurpose(message);
}

/**
 * Marks a password as used: it pays once.
 *
 * @param {State} state
 * @param {Message} message
 */
export function spendOtp(state, message) {
  const sent = state.otps.get(text(message, 'merchant_reference') ?? '');
  if (sent) sent.used = true;
}

/** valU's terms in months. */
const listTenures = () => new Map([['tenure', ['6', '12', '24'].map((months) => new Map([['months', months]]))]]);
