// The order that the caller expects a notification to be about.

import { issue, ValidationError } from '../errors.js';
import { Amount } from '../money/amount.js';
import { commandIn, makesPayment } from './params.js';
import { commandInfo } from './request.js';

/**
 * The order that a notification must be about. Other members, and undefined ones, are rejected.
 * @typedef {object} ExpectedOrder
 * @property {string} [merchant_reference] of the order
 * @property {string} [fort_id] APS's name of the payment
 * @property {string} [command] `PURCHASE`; `succeeded` may be that of another operation on the order if left out
 * @property {Amount | string | bigint | 'any'} [amount] an Amount, minor units as digits or a bigint, or `'any'`; a
 *   message about money is rejected without one
 * @property {string} [currency] ISO 4217; of minor units
 * @property {'main' | 'applePay'} [credentials] the set of the account whose `access_code` and phrase the message
 *   must have; either if left out
 */

const EXPECTABLE = ['merchant_reference', 'fort_id', 'command', 'amount', 'currency', 'credentials'];

/**
 * Whether a value is minor units, as APS writes them.
 * @param {unknown} value
 * @returns {value is string}
 */
export const isMinor = (value) => typeof value === 'string' && /^\d{1,10}$/.test(value);

export function unnamedOrderError() {
  return new ValidationError([issue('expect', 'missing', `expect must name the order: ${EXPECTABLE.join(', ')}.`)]);
}

/**
 * What is wrong with the members of an expected order. Each of them would silently drop a check.
 * @param {Record<string, unknown>} order
 * @returns {import('../errors.js').Issue[]}
 */
function findBadMembers(order) {
  const issues = [];
  // `in` covers inherited members as well.
  for (const name in order) {
    if (!EXPECTABLE.includes(name)) {
      issues.push(issue(name, 'unknown', `expect takes no ${name}. It takes ${EXPECTABLE.join(', ')}.`));
    }
  }
  for (const name of EXPECTABLE.filter((known) => known in order)) {
    const value = Object.hasOwn(order, name) ? order[name] : null;
    if (value === undefined)
      issues.push(issue(name, 'missing', `expect.${name} is undefined: give it, or leave it out.`));
    else if (!Object.hasOwn(order, name)) {
      issues.push(issue(name, 'bad_format', `expect.${name} is inherited: copy it into the object itself.`));
    } else if (name !== 'amount' && !(typeof value === 'string' && value !== '' && value.isWellFormed())) {
      issues.push(issue(name, 'bad_format', `${name} must be text.`));
    } else if (name === 'credentials' && value !== 'main' && value !== 'applePay') {
      issues.push(issue(name, 'not_allowed', 'credentials must be main or applePay.'));
    }
  }
  return issues;
}

/**
 * @param {ExpectedOrder} order
 * @returns {Record<string, string | undefined>} what the message must hold
 * @throws {ValidationError}
 */
export function readExpected(order) {
  if (typeof order !== 'object' || Array.isArray(order)) throw unnamedOrderError();
  const issues = findBadMembers(order);
  if (issues.length > 0) throw new ValidationError(issues);
  const { merchant_reference, fort_id, command, amount, currency } = order;
  if (!EXPECTABLE.some((name) => name in order)) throw unnamedOrderError();
  const money = amount === undefined || amount === 'any' ? { currency } : minorUnits(amount, currency);
  return { merchant_reference, fort_id, command, ...money };
}

/**
 * What a message about an order must match: the order, but a capture, a refund or a void may be of a part of it. Their
 * `amount` is then any up to that of the order, in its currency; a void without one needs no currency either. Every other
 * message must have the amount itself: a customer's card that was turned into a token has not been paid.
 * @template {import('./reply.js').FoundOrder} T
 * @param {T} order with its whole `amount`; returned as it is if it has none
 * @param {import('./reply.js').NotificationParams} params of the message
 * @returns {T | ExpectedOrder} for `expect` of `openNotification`
 * @throws {ValidationError} for an order whose members cannot be expected
 */
export function allowPart(order, params) {
  const command = commandIn(params);
  const isOnPayment = typeof command === 'string' && commandInfo(command)?.effect === 'money' && !makesPayment(command);
  if (!isOnPayment || typeof order !== 'object' || order?.amount === undefined) return order;
  // Invalid amounts are rejected in any message.
  const { amount, currency } = readExpected(order);
  const part = params.amount;
  const isPart =
    part === undefined ? command === 'VOID_AUTHORIZATION' : isMinor(part) && Number(part) <= Number(amount ?? part);
  if (!isPart) return order;
  const { currency: _, ...rest } = order;
  const isAboutMoney = part !== undefined || params.currency !== undefined;
  return { ...rest, amount: 'any', ...(currency && isAboutMoney && { currency }) };
}

/**
 * @param {unknown} amount
 * @param {string | undefined} currency
 */
function minorUnits(amount, currency) {
  if (Amount.isAmount(amount)) {
    const money = Amount.from(amount).toJSON();
    if (currency === undefined || currency === money.currency) return money;
    throw new ValidationError([issue('currency', 'conflict', 'currency contradicts that of the expected amount.')]);
  }
  const digits = typeof amount === 'bigint' ? String(amount) : amount;
  if (isMinor(digits)) return { amount: String(Number(digits)), currency };
  const message = "The expected amount must be an Amount, minor units as digits or a bigint, or 'any'.";
  throw new ValidationError([issue('amount', 'not_an_amount', message)]);
}
