// A payment that a customer is about to make on a hosted page, as the caller announces it.

import { issue, ValidationError } from '../errors.js';
import { PAYMENTS } from '../generated/parameters.js';
import { isMinor } from '../message/expected.js';
import { makesPayment } from '../message/params.js';
import { validate } from '../message/validate.js';
import { Amount } from '../money/amount.js';

/**
 * @param {Record<string, any>} params
 * @returns {{ command: string, merchant_reference: string, amount: string, currency: string }} `amount` in minor units
 * @throws {ValidationError}
 */
export function readExpected({ command = 'PURCHASE', merchant_reference, amount, currency, ...others }) {
  const issues = Object.keys(others).map((name) => issue(name, 'unknown', `expect takes no ${name}.`));
  if (!makesPayment(command)) {
    issues.push(issue('command', 'not_allowed', `command must be ${PAYMENTS.join(' or ')}.`));
  }
  if (typeof merchant_reference !== 'string' || merchant_reference === '' || /\s/.test(merchant_reference)) {
    issues.push(issue('merchant_reference', 'missing', 'merchant_reference must name the payment.'));
  }
  const money = readMoney(amount, currency);
  if (money === undefined) {
    issues.push(issue('amount', 'not_an_amount', 'amount must be an Amount, or minor units and a currency.'));
  }
  if (issues.length > 0 || money === undefined) throw new ValidationError(issues);
  const payment = { merchant_reference, ...money.toJSON() };
  // No form can be built of what is invalid, so nothing would ever settle it.
  const found = validate(command, payment).filter(
    ({ parameter, severity }) => severity === 'error' && Object.hasOwn(payment, parameter),
  );
  if (found.length > 0) throw new ValidationError(found);
  return { command, ...payment };
}

/** @param {unknown} amount @param {unknown} currency @returns {Amount | undefined} */
function readMoney(amount, currency) {
  if (Amount.isAmount(amount)) return Amount.from(amount);
  return isMinor(amount) && typeof currency === 'string' ? Amount.fromMinor(amount, currency) : undefined;
}
