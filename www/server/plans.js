// Reads APS's list of instalment plans. It is not signed: plans are only shown, and APS checks the chosen one.

import { Amount } from 'aps-payops';

/**
 * @typedef {object} Plan
 * @property {string} issuer APS's `issuer_code`
 * @property {string} bank its name
 * @property {string} code `plan_code`
 * @property {string} months how many instalments
 * @property {string} fee as displayed; empty if the plan has no fee
 */

const list = (/** @type {any} */ value) => (Array.isArray(value) ? value : []);
const textOf = (/** @type {any} */ value) => (typeof value === 'string' || typeof value === 'number' ? `${value}` : '');

/** The fee as APS displays it: a percentage, or an amount in the plan's currency. @param {any} plan */
function feeOf({ fees_type, fee_display_value, currency_code }) {
  const fee = textOf(fee_display_value);
  if (fee === '' || Number(fee) === 0) return '';
  if (/^perc/i.test(textOf(fees_type))) return `${fee.replace(/\.0+$|(\.\d*?[1-9])0+$/, '$1')}%`;
  return moneyOf(fee, textOf(currency_code));
}

/** With the decimals of the currency, where it is an amount of it. @param {string} text @param {string} currency */
function moneyOf(text, currency) {
  try {
    return `${Amount.parse(text, currency)} ${currency}`;
  } catch {
    return `${text} ${currency}`.trim();
  }
}

/**
 * @param {any} detail `installment_detail` of a reply
 * @param {'en' | 'ar'} language
 * @returns {Plan[]}
 */
export function readPlans(detail, language) {
  return list(detail?.issuer_detail).flatMap((issuer) => {
    const bank = textOf(issuer[`issuer_name_${language}`]) || textOf(issuer.issuer_name_en);
    return list(issuer.plan_details).flatMap((plan) => {
      const [code, months] = [textOf(plan.plan_code), textOf(plan.number_of_installment)];
      if (!/^\w{1,8}$/.test(code) || !/^[1-9]\d?$/.test(months)) return [];
      return [{ issuer: textOf(issuer.issuer_code), bank, code, months, fee: feeOf(plan) }];
    });
  });
}
