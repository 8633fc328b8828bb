/** Bills, rates, sessions of the mobile SDK. */

import { randomBytes, randomInt } from 'node:crypto';
import { text } from '../message.js';
import { refuse, succeed } from './answer.js';

/** @typedef {import('./index.js').Service} Service */

/** The value of a dirham in a few other currencies, in millionths of minor units: invented and constant. */
const RATES = /** @type {Record<string, bigint>} */ ({
  AED: 1_000_000n,
  USD: 272_294n,
  EUR: 250_000n,
  SAR: 1_021_000n,
  QAR: 991_000n,
  EGP: 13_000_000n,
  KWD: 837_000n,
  BHD: 1_026_500n,
  OMR: 1_048_000n,
  JOD: 1_930_500n,
});

/** @type {Service} */
export function convert(admitted) {
  const { message } = admitted;
  const [from, to] = ['currency', 'converted_currency'].map((name) => RATES[text(message, name) ?? '']);
  if (from === undefined || to === undefined) return refuse(admitted, { code: '00013' });
  const converted = (BigInt(text(message, 'amount') ?? '0') * to) / from;
  return succeed(admitted, {
    converted_amount: String(converted),
    conversion_number: String(randomInt(1_000_000_000)),
  });
}

/** @type {Service} */
export const bill = (admitted) => succeed(admitted, { bill_number: String(randomInt(1_000_000_000)) });

/** @type {Service} */
export const sdkToken = (admitted) => succeed(admitted, { sdk_token: randomBytes(16).toString('hex').toUpperCase() });
