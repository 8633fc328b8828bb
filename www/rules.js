// What a person may type, judged by the package. The page runs this while typing, the server runs it again.
import { Amount, validate } from 'aps-payops';

/** @typedef {import('aps-payops').Issue} Issue */

/**
 * @param {string} text what was typed
 * @param {string} currency
 * @param {'en' | 'ar'} language
 * @returns {{ amount: Amount | null, issues: readonly Issue[] }}
 */
export function readAmount(text, currency, language) {
  try {
    return { amount: Amount.parse(text, currency, { language }), issues: [] };
  } catch (error) {
    return { amount: null, issues: issuesOf(error) };
  }
}

/**
 * An order as the shop keeper types it: what is sold, for how much, to whom.
 *
 * @param {{ description: string, amount: string, currency: string, email: string }} typed
 * @param {'en' | 'ar'} language
 */
export function readOrder(typed, language) {
  const { amount, issues } = readAmount(typed.amount, typed.currency, language);
  const params = { order_description: typed.description, customer_email: typed.email, ...(amount && { amount }) };
  const rest = validate('AUTHORIZATION', params, { language }).filter(
    ({ parameter }) => parameter in params && parameter !== 'currency',
  );
  const description = rest.filter(({ parameter }) => parameter !== 'order_description' || typed.description !== '');
  return { amount, issues: [...issues, ...description] };
}

/**
 * One operation on a payment: the amount by itself, and what the life cycle says to it.
 *
 * @param {import('aps-payops').Payment} payment
 * @param {{ command: string, amount: string, reference: string }} typed
 * @param {number} at milliseconds since 1970
 * @param {'en' | 'ar'} language
 * @returns {{ amount: Amount | null, issues: readonly Issue[] }}
 */
export function readOperation(payment, { command, amount: text, reference: merchant_reference }, at, language) {
  const options = { payment, at, language };
  if (command === 'VOID_AUTHORIZATION') {
    return { amount: null, issues: validate(command, { merchant_reference }, options) };
  }
  const read = readAmount(text, payment.currency, language);
  if (!read.amount) return read;
  return { amount: read.amount, issues: validate(command, { merchant_reference, amount: read.amount }, options) };
}

/**
 * An issue as a person reads it: with the name of the control instead of APS's name of the parameter.
 *
 * @param {Issue} issue
 * @param {string} label
 */
export function sentenceOf({ parameter, message }, label) {
  return message.replace(parameter, () => label);
}

/** @param {unknown} error */
function issuesOf(error) {
  if (error instanceof Error && 'issues' in error && Array.isArray(error.issues)) return error.issues;
  throw error;
}
