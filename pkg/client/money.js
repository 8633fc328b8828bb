// Commands that move money, carried out by the engine over a store in memory: what an operation leaves open when its call
// ends is not reported to later calls.

import { makesPayment } from '../message/params.js';
import { Reply } from '../message/reply.js';
import { Amount } from '../money/amount.js';
import { Payment } from '../money/payment.js';
import { aborted } from '../net/http.js';
import { readingOf } from '../operation/decide.js';
import { Engine } from '../operation/engine.js';
import { unsentError } from './attempts.js';
import { Memory } from './memory.js';

/** @typedef {import('./attempts.js').Settled<import('./index.js').SendOptions>} SendOptions */
/** @typedef {import('./attempts.js').Settled<import('./index.js').StatusOptions>} StatusOptions */
/** @typedef {import('./attempts.js').Limits} Limits */
/** @typedef {import('../operation/engine.js').End} End */
/** @typedef {import('../message/request.js').ApsRequest} ApsRequest */

export class Money {
  /** @type {import('./attempts.js').Sender} */
  #sender;
  #memory = new Memory();
  #engine = new Engine(this.#memory);
  #count = 0;

  /** @param {import('./attempts.js').Sender} sender */
  constructor(sender) {
    this.#sender = sender;
  }

  /**
   * Carries out a command that moves money, one at a time for each payment.
   * @param {string} command
   * @param {ApsRequest} request
   * @param {SendOptions} options
   * @param {Limits} limits
   * @returns {Promise<Reply>}
   */
  async carryOut(command, request, options, limits) {
    // Nothing is printed here, so the 2 µs that the getter takes to conceal them are saved.
    const params = JSON.parse(request.body);
    // A call that is aborted already does not wait for its turn.
    if (limits.signal?.aborted) throw aborted('no');
    this.#count += 1;
    const key = `${this.#count}`;
    const names = namesOf(params);
    const payment = names[0] ?? `operation ${key}`;
    const release = this.#memory.hold(names.length > 0 ? names : [payment]);
    let isOpen = true;
    try {
      const intent = this.#sender.describeIntent(command, params);
      const { reference } = intent;
      if (reference) reference.once = this.#memory.isFirst(payment, reference.text);
      const given = options.payment && totalsOf(options.payment);
      const end = await this.#engine.carryOut({
        ...{ payment, key, isNew: true, mode: 'send_regardless', given, wait: Number.MAX_SAFE_INTEGER },
        intent,
        basis: options.baseline ? 'read' : (given ?? 'unknown'),
        ...this.#sender.planSending(request, params, limits, (reply) => this.#learn(reply, params)),
      });
      isOpen = end.answer === 'open';
      const reply = replyOf(end);
      // The given payment may be out of date: no payment is better than a wrong one.
      if (reply.outcome !== 'succeeded' || end.isBehind) return reply;
      return addPayment(reply, () => derivePayment(command, params, reply, options));
    } finally {
      if (isOpen) await this.#engine.dispatch(payment, { event: 'forget', key });
      this.#memory.drop(key);
      release();
    }
  }

  /**
   * The answer to any other command; CHECK_STATUS updates the payment.
   * @param {Reply} reply
   * @param {Record<string, any>} sent
   * @param {StatusOptions} options
   * @returns {Promise<Reply>}
   */
  async followUp(reply, sent, options) {
    const reading = reply.params.query_command === 'CHECK_STATUS' ? readingOf(reply) : undefined;
    const names = namesOf(sent);
    const [payment] = names;
    if (reading !== undefined && payment !== undefined) {
      this.#memory.learn(names);
      this.#learn(reply, sent);
      await this.#engine.dispatch(payment, { event: 'status', reading, askedAt: Date.now() }, reply);
    }
    return addPayment(reply, () => updatePayment(this.#sender.nameWallet(reply), options));
  }

  /**
   * A caller may name a payment by its reference here and by its `fort_id` there.
   * @param {Reply} reply
   * @param {Record<string, any>} sent whose names are known to belong together
   */
  #learn({ authentic, params }, sent) {
    const hasOther = params.merchant_reference !== sent.merchant_reference || params.fort_id !== sent.fort_id;
    if (authentic && hasOther) this.#memory.learn([...namesOf(sent), ...namesOf(params)]);
  }
}

/**
 * The names of the payment that a message is about.
 * @param {Record<string, any>} params
 * @returns {string[]}
 */
function namesOf({ merchant_reference, fort_id }) {
  const names = [];
  if (merchant_reference !== undefined) names.push(`merchant_reference ${merchant_reference}`);
  if (fort_id !== undefined) names.push(`fort_id ${fort_id}`);
  return names;
}

/** @param {Payment} payment */
function totalsOf(payment) {
  const { authorized, captured, refunded, voided } = Payment.from(payment);
  const minor = (/** @type {Amount} */ amount) => Number(amount.minor);
  return { authorized: minor(authorized), captured: minor(captured), refunded: minor(refunded), voided };
}

/**
 * @param {End} end
 * @returns {Reply}
 * @throws {unknown} why it was not sent
 */
function replyOf(end) {
  if (end.answer === 'no_baseline' || end.reply === undefined) throw unsentError(end);
  return end.reply;
}

/**
 * @param {Reply} reply
 * @param {() => Payment | undefined} payment
 * @returns {Reply}
 */
function addPayment(reply, payment) {
  try {
    const known = payment();
    return known === undefined ? reply : new Reply({ ...reply, payment: known });
  } catch {
    // The money has moved: that its payment cannot be derived, for whatever reason, is not a failure of the call.
    return reply;
  }
}

/**
 * @param {string} command
 * @param {Record<string, any>} params of the request
 * @param {Reply} reply
 * @param {SendOptions} options
 * @returns {Payment | undefined}
 */
function derivePayment(command, params, reply, { payment, at }) {
  const isNew = makesPayment(command);
  if (!isNew && payment === undefined) return undefined;
  const amount = params.amount === undefined ? undefined : Amount.fromMinor(params.amount, params.currency);
  if (!isNew) return payment?.after(command, amount, at);
  if (amount === undefined) return undefined;
  const { digital_wallet } = params;
  const payment_option = reply.params.payment_option ?? params.payment_option;
  const how = { at, payment_option, digital_wallet };
  return command === 'AUTHORIZATION' ? Payment.authorized(amount, how) : Payment.purchased(amount, how);
}

/**
 * @param {Reply} reply
 * @param {StatusOptions} options
 * @returns {Payment | undefined}
 */
function updatePayment(reply, { payment, at, currency, command, authorizedAt, windowDays }) {
  if (reply.params.query_command !== 'CHECK_STATUS') return undefined;
  if (payment !== undefined) return payment.observed(reply, at);
  if (currency === undefined || command === undefined) return undefined;
  return Payment.fromStatus(reply, { currency, command, authorizedAt, windowDays });
}
