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

/** Refuses what APS or the length of phone numbers rules out. @param {string} phone_number */
export function checkPhone(phone_number) {
  const isWrong = validate('PURCHASE', { phone_number }).some(({ parameter }) => parameter === 'phone_number');
  if (isWrong || !/^\+?\d{7,15}$/.test(phone_number)) throw new Refusal('phone_wrong', 422);
}
