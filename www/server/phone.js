// The customer's phone number, as typed into a form.
import { validate } from 'aps-payops';
import { toWesternDigits } from '../rules.js';
import { Refusal } from './refusal.js';

/** @param {URLSearchParams} fields */
export const phoneOf = (fields) => toWesternDigits(fields.get('phone_number') ?? '').replace(/[\s().-]/g, '');

/** Examples by currency. @type {Record<string, string>} */
const EXAMPLES = {
  SAR: '966501234567',
  EGP: '201001234567',
  KWD: '96550012345',
  QAR: '97433123456',
  BHD: '97336001234',
  OMR: '96892123456',
  JOD: '962790123456',
};

/** @param {string} currency */
export const phoneExample = (currency) => EXAMPLES[currency] ?? '971501234567';

/**
 * Refuses what APS or the length of phone numbers rules out, and questions a number of a country's own notation. APS documents
 * no form of it: such a number is taken if it is given a second time.
 *
 * @param {string} phone_number
 * @param {URLSearchParams} fields of its form
 */
export function checkPhone(phone_number, fields) {
  const isWrong = validate('PURCHASE', { phone_number }).some(({ parameter }) => parameter === 'phone_number');
  if (phone_number === '') throw new Refusal('phone_missing', 422);
  if (isWrong || !/^\+?\d{7,15}$/.test(phone_number)) throw new Refusal('phone_wrong', 422);
  const isLocal = /^0[1-9]/.test(phone_number);
  if (isLocal && fields.get('phone_asked') !== phone_number) throw new Refusal('phone_local', 422);
}
