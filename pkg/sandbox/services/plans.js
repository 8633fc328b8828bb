/** Instalment plans of one bank. Invented, with the codes of APS's own examples. */

import { brandOf, cardBin } from '../cards.js';
import { exampleOf } from '../dictionary.js';
import { text } from '../message.js';
import { fail, succeed } from './answer.js';

/** @typedef {import('../message.js').Message} Message */
/** @typedef {import('../message.js').Value} Value */
/** @typedef {import('../check.js').Complaint} Complaint */
/** @typedef {{ code: string, months: string, minimum: bigint, maximum: bigint }} Plan Amounts in minor units of any currency. */

const ISSUER = '12HP34SE';

/** @type {readonly Plan[]} */
const PLANS = [
  { code: 'NNNN89JJ', months: '6', minimum: 1_000n, maximum: 100_000_000n },
  { code: 'NNNN89JK', months: '12', minimum: 5_000n, maximum: 100_000_000n },
];

/** The prefixes of the bank's cards: the sandbox's VISA and MASTERCARD ones. */
const BINS = ['400000', '400555', '455701', '512345', '520000', '531358'];

/**
 * @param {Plan} plan
 * @param {Message} message
 */
function fits({ minimum, maximum }, message) {
  const amount = BigInt(text(message, 'amount') ?? minimum);
  return minimum <= amount && amount <= maximum;
}

/**
 * The plan of a payment. If its customer chooses on the page (`installments` STANDALONE), the first that
 * accepts the amount.
 *
 * @param {Message} message
 * @returns {Plan | undefined}
 */
function planOf(message) {
  const code = text(message, 'plan_code');
  return PLANS.find((plan) => (code === undefined ? isChosen(message) : plan.code === code) && fits(plan, message));
}

/** @param {Message} message */
const isChosen = (message) => text(message, 'installments') === 'STANDALONE';

/**
 * Why a payment cannot be made with its plan, or with any that its customer can choose.
 *
 * @param {Message} message
 * @param {import('../stored-cards.js').Card | undefined} card
 * @returns {Complaint | undefined}
 */
export function checkPlan(message, card) {
  const [issuer, code] = [text(message, 'issuer_code'), text(message, 'plan_code')];
  if (issuer !== undefined && issuer !== ISSUER) return { code: '00092' };
  if (code === undefined && !isChosen(message)) return undefined;
  if (code !== undefined && !PLANS.some((plan) => plan.code === code)) return { code: '00094' };
  if (card && !BINS.includes(cardBin(card.number))) return { code: '00087' };
  return planOf(message) ? undefined : { code: '00084' };
}

/**
 * What the reply says about the plan.
 *
 * @param {Message} message A valid one.
 * @returns {Record<string, string>}
 */
export function describePlan(message) {
  const plan = planOf(message);
  if (!plan) return {};
  return { issuer_code: ISSUER, plan_code: plan.code, number_of_installments: plan.months };
}

/**
 * GET_INSTALLMENTS_PLANS: the plans for an amount, for any card of the bank or for the given one.
 *
 * @type {import('./index.js').Service}
 */
export function listPlans(admitted, { cards, state }) {
  const { message } = admitted;
  const reference = text(message, 'merchant_reference');
  if (reference !== undefined) return listValuPlans(admitted, state.otps.get(reference));
  const token = text(message, 'token_name');
  const card = cards.get(token);
  if (token !== undefined && !card) return fail(admitted, '044');
  const bin = card ? cardBin(card.number) : text(message, 'card_bin')?.slice(0, 6);
  if (bin !== undefined && !BINS.includes(bin)) return fail(admitted, '104');
  const issuer = text(message, 'issuer_code');
  if (issuer !== undefined && issuer !== ISSUER) return fail(admitted, '092');
  const plans = PLANS.filter((plan) => fits(plan, message));
  const currency = text(message, 'currency') ?? 'AED';
  return plans.length > 0
    ? succeed(admitted, { installment_detail: describePlans(currency, plans) })
    : fail(admitted, '104');
}

/**
 * valU's plans for the order of its OTP_GENERATE (NEW valU).
 *
 * @param {import('../authenticate.js').Admitted} admitted
 * @param {import('./state.js').Otp | undefined} otp
 */
function listValuPlans(admitted, otp) {
  if (!otp) return fail(admitted, '036');
  const { amount = '', currency = 'EGP' } = otp;
  const plans = PLANS.filter((plan) => fits(plan, new Map([['amount', amount]])));
  return plans.length > 0
    ? succeed(admitted, { installment_detail: describePlans(currency, plans) })
    : fail(admitted, '104');
}

const ISSUERS = 'installment_detail.issuer_detail[]';

/**
 * In the form of GET_INSTALLMENTS_PLANS: everything that APS sends except the monthly amount, whose format is
 * unknown.
 *
 * @param {string} currency
 * @param {readonly Plan[]} [plans]
 */
export function describePlans(currency, plans = PLANS) {
  /** @type {[string, Value][]} */
  const issuer = [
    ...exampleOf(ISSUERS),
    ['issuer_code', ISSUER],
    ['issuer_name_en', 'Sandbox Bank'],
    ['issuer_name_ar', 'البنك التجريبي'],
    ['country_code', 'ARE'],
    ['plan_details', plans.map((plan) => planDetail(plan, currency))],
    ['bins', BINS.map((bin) => new Map([...exampleOf(`${ISSUERS}.bins[]`), ...binDetail(bin, currency)]))],
  ];
  return new Map([['issuer_detail', [new Map(issuer)]]]);
}

/**
 * @param {Plan} plan
 * @param {string} currency_code
 */
function planDetail({ code, months, minimum, maximum }, currency_code) {
  const detail = new Map([
    ...exampleOf(`${ISSUERS}.plan_details[]`),
    ...Object.entries({
      plan_code: code,
      number_of_installment: months,
      fees_type: 'Percentage',
      fees_amount: '500',
      fee_display_value: '5.0',
      minimum_amount: String(minimum),
      maximum_amount: String(maximum),
      currency_code,
    }),
  ]);
  detail.delete('amountPerMonth');
  return detail;
}

/**
 * @param {string} bin
 * @param {string} currency_code
 */
const binDetail = (bin, currency_code) => Object.entries({ bin, card_brand_code: brandOf(bin) ?? '', currency_code });
