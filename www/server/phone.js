// The telephone of a customer, as a form has it.
import { validate } from 'aps-payops';
import { toWesternDigits } from '../rules.js';
import { Refusal } from './refusal.js';

/** @param {URLSearchParams} fields */
export const phoneOf = (fields) => toWesternDigits(fields.get('phone_number') ?? '').replace(/[\s-]/g, '');

/** Whether a lender could call it: what APS takes, and as long as phone numbers are. @param {string} phone_number */
export function checkPhone(phone_number) {
  const isWrong = validate('PURCHASE', { phone_number }).some(({ parameter }) => parameter === 'phone_number');
  if (isWrong || !/^\+?\d{7,15}$/.test(phone_number)) throw new Refusal('phone_wrong', 422);
}
