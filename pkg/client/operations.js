// Operations on payments: one at a time on an order, sent once, and looked up when the answer is lost.

import { TransportError } from '../errors.js';
import { Reply } from '../message/reply.js';
import { Amount } from '../money/amount.js';
import { Payment } from '../money/payment.js';
import { totalsOf } from '../money/record.js';
import { aborted } from '../net/http.js';
import { Orders } from './orders.js';
import { isProvable, judge, patience, recover } from './recovery.js';

/** @typedef {import('./attempts.js').Settled<import('./index.js').SendOptions>} SendOptions */
/** @typedef {import('./attempts.js').Settled<import('./index.js').StatusOptions>} StatusOptions */
/** @typedef {import('./orders.js').Credit} Credit */
/** @typedef {import('./recovery.js').Baseline} Baseline */
/** @typedef {import('../message/request.js').ApsRequest} ApsRequest */
/** @typedef {import('./attempts.js').Limits} Limits */
/** @typedef {import('./recovery.js').Operation & { credit: Credit }} Move */

/** Answers that are about an attempt before this one: asking once tells as much as asking often. */
const ANSWERED_BEFORE = new Set(['007', '066', '047']);

export class Operations {
  /** @type {import('./attempts.js').Sender} */
  #sender;
  #orders = new Orders();

  /** @param {import('./attempts.js').Sender} sender */
  constructor(sender) {
    this.#sender = sender;
  }

  /**
   * Carries out a command that moves money, when its order has no other one at work.
   * @param {string} command
   * @param {ApsRequest} request
   * @param {SendOptions} options
   * @param {Limits} limits
   * @returns {Promise<Reply>}
   */
  async carryOut(command, request, options, limits) {
    const { params } = request;
    // Who gave up before has no turn to wait for.
    if (limits.signal?.aborted) throw aborted('no');
    return this.#orders.inTurn(namesOf(params), limits.signal, () =>
      this.#move(command, request, params, options, limits),
    );
  }

  /**
   * The answer to anything else: one to CHECK_STATUS tells of the payment.
   * @param {Reply} reply
   * @param {Record<string, any>} sent
   * @param {StatusOptions} options
   * @returns {Reply}
   */
  observed(reply, sent, options) {
    this.#remember(reply, sent);
    return withPayment(reply, () => statusPayment(this.#ofWallet(reply), options));
  }

  /**
   * @param {string} command
   * @param {ApsRequest} request
   * @param {Record<string, any>} params of the request
   * @param {SendOptions} options
   * @param {Limits} limits
   * @returns {Promise<Reply>}
   */
  async #move(command, request, params, options, limits) {
    const amount = Number(params.amount ?? 0);
    const operation = { command, amount, credit: creditOf(command, amount) };
    // Before the totals are read: what is credited meanwhile may be in them or not.
    const known = this.#orders.credits(namesOf(params)).add(operation.credit);
    const seen = this.#orders.totals(namesOf(params));
    const before = await this.#baseline(command, params, options, limits);
    let reply;
    try {
      reply = await this.#sender
        .answer(request, limits, ({ sent }) => sent === 'no')
        .catch((error) => uncertain(error, params));
      this.#learn(reply, params);
      if (reply.outcome === 'uncertain') reply = await this.#findOut(operation, params, before, known, reply, limits);
    } catch (error) {
      const isSent = !(error instanceof TransportError) || error.sent !== 'no';
      if (isSent) this.#orders.left(namesOf(params), operation.credit);
      throw error;
    }
    if (reply.outcome === 'uncertain' || reply.outcome === 'pending') {
      this.#orders.left(namesOf(params), operation.credit);
    }
    if (reply.outcome !== 'succeeded') return reply;
    const others = this.#creditedSince(known, params);
    // What totals have proved is remembered with them.
    if (reply.params.query_command === undefined) this.#reached(namesOf(params), operation, before ?? seen, others);
    // The given payment may be behind what this client has done since: then none is better than a wrong one.
    const { payment } = options;
    const isBehind =
      payment !== undefined &&
      before !== null &&
      (BigInt(before.captured) !== payment.captured.minor ||
        BigInt(before.refunded) !== payment.refunded.minor ||
        others.length > 0);
    return isBehind ? reply : withPayment(reply, () => newPayment(command, params, reply, options));
  }

  /**
   * The totals before an operation, or null if nobody has read them.
   * @param {string} command
   * @param {Record<string, any>} params
   * @param {SendOptions} options
   * @param {Limits} limits
   * @returns {Promise<Baseline | null>}
   * @throws {TransportError} `'no'`: they were asked for and could not be read
   */
  async #baseline(command, params, { payment, baseline }, limits) {
    if (limits.signal?.aborted) throw aborted('no');
    if (baseline) {
      let reply;
      try {
        reply = await this.#sender.answer(this.#lookUp(params), limits, ({ code }) => code !== 'redirect');
      } catch (error) {
        throw limits.signal?.aborted ? aborted('no') : noBaseline('', error);
      }
      this.#remember(reply, params);
      const totals = totalsOf(reply);
      // An order that is not found has no totals if it is new; of any other it is an absence, which proves nothing.
      const isNew = command === 'AUTHORIZATION' || command === 'PURCHASE';
      if (totals !== null && (isNew || reply.code === '12000')) return totals;
      throw noBaseline(` (${reply.code})`);
    }
    if (payment === undefined) return null;
    // An operation that was left open since may be in the totals or not, and no payment that is given can tell.
    if (this.#orders.isUnread(namesOf(params))) await this.#read(params, limits);
    const { authorized, captured, refunded, voided } = Payment.from(payment);
    const seen = this.#orders.totals(namesOf(params));
    return {
      authorized: Number(authorized.minor),
      captured: Math.max(Number(captured.minor), seen.captured),
      refunded: Math.max(Number(refunded.minor), seen.refunded),
      voided: voided || seen.voided,
    };
  }

  /**
   * Reads the totals before an operation, if that is soon done: what is known without has to do otherwise.
   * @param {Record<string, any>} params
   * @param {Limits} limits
   * @throws {TransportError} `'no'`: the caller gave up
   */
  async #read(params, { timeout, signal }) {
    const limits = { timeout: patience(timeout), signal };
    try {
      const reply = await this.#sender.answer(this.#lookUp(params), limits, () => false);
      this.#remember(reply, params);
      if (totalsOf(reply) !== null && reply.code === '12000') this.#orders.read(namesOf(params));
    } catch {
      if (signal?.aborted) throw aborted('no');
    }
  }

  /**
   * Asks CHECK_STATUS what became of an operation.
   * @param {Move} operation
   * @param {Record<string, any>} params
   * @param {Baseline | null} before
   * @param {Set<Credit>} known the operations that had taken place before
   * @param {Reply} reply the uncertain one
   * @param {Limits} limits
   * @returns {Promise<Reply>} the proof that it succeeded, or the uncertain reply
   */
  async #findOut(operation, params, before, known, reply, { timeout, signal }) {
    if (before === null || !isProvable(operation.command)) return reply;
    const { credit } = operation;
    const isTold = credit.refunded > 0 && params.maintenance_reference !== undefined;
    // Whether the growth can be of no other operation of this client that is open.
    let isOwn = !isTold || !this.#orders.hasOpenRefund(namesOf(params), credit);
    const proof = await recover(
      async (limit) => {
        const refund = isOwn
          ? undefined
          : this.#isRefunded(params, limit).then((found) => {
              isOwn ||= found;
            });
        const status = await this.#sender.answer(this.#lookUp(params), limit, () => false);
        await refund;
        return status;
      },
      (status) => {
        this.#learn(status, params);
        // One growth proves one operation: what others were credited with meanwhile is not evidence of this one.
        const others = this.#creditedSince(known, params);
        const captured = sum([before, ...others], 'captured');
        const refunded = sum([before, ...others], 'refunded');
        const verdict = judge(status, operation, { ...before, captured, refunded });
        if (verdict !== 'succeeded') return verdict;
        if (!isOwn) return 'unknown';
        this.#orders.credit(namesOf(params), credit);
        return verdict;
      },
      { timeout, signal, once: ANSWERED_BEFORE.has(reply.code.slice(2)) },
    );
    if (signal?.aborted) throw aborted('unknown');
    if (proof === null) return reply;
    this.#remember(proof, params);
    return new Reply({ ...proof, outcome: 'succeeded', request: sentUnder(params) });
  }

  /**
   * Whether CHECK_STATUS knows a refund by its own reference, and that it took place (NEW check status).
   * @param {Record<string, any>} params of the refund
   * @param {Limits} limits
   * @returns {Promise<boolean>} false too if that could not be learned
   */
  async #isRefunded({ maintenance_reference, access_code }, limits) {
    try {
      const request = this.#status({ maintenance_reference }, access_code);
      const { authentic, code, params } = await this.#sender.answer(request, limits, () => false);
      return authentic && code === '12000' && params.transaction_status === '06';
    } catch {
      return false;
    }
  }

  /**
   * @param {Record<string, any>} params of the request that it is about
   * @returns {ApsRequest}
   */
  #lookUp({ merchant_reference, fort_id, access_code }) {
    return this.#status({ merchant_reference, fort_id }, access_code);
  }

  /**
   * @param {Record<string, any>} names by which to ask
   * @param {string} access_code of the request that it is about
   * @returns {ApsRequest}
   */
  #status(names, access_code) {
    const set = this.#sender.account.credentials.find((one) => one.access_code === access_code);
    return this.#sender.build('CHECK_STATUS', names, { credentials: set?.name });
  }

  /**
   * A caller may name an order by its reference here and by its `fort_id` there.
   * @param {Reply} reply
   * @param {Record<string, any>} sent
   */
  #learn(reply, sent) {
    if (reply.authentic) this.#orders.same([...new Set([...namesOf(sent), ...namesOf(reply.params)])]);
  }

  /**
   * @param {Reply} reply to CHECK_STATUS
   * @param {Record<string, any>} sent
   */
  #remember(reply, sent) {
    const totals = reply.params.query_command === 'CHECK_STATUS' ? totalsOf(reply) : null;
    if (totals === null) return;
    this.#learn(reply, sent);
    this.#orders.reached(namesOf(sent), totals);
  }

  /**
   * An answer to CHECK_STATUS does not tell the wallet, but is signed with its credentials.
   * @param {Reply} reply
   * @returns {Reply}
   */
  #ofWallet(reply) {
    const { access_code, digital_wallet } = reply.params;
    const set = this.#sender.account.credentials.find((one) => one.access_code === access_code);
    if (set?.name !== 'applePay' || digital_wallet) return reply;
    return new Reply({ ...reply, params: { ...reply.params, digital_wallet: 'APPLE_PAY' } });
  }

  /**
   * The operations on the order that took place since.
   * @param {Set<Credit>} known
   * @param {Record<string, any>} params
   * @returns {Credit[]}
   */
  #creditedSince(known, params) {
    return [...this.#orders.credits(namesOf(params))].filter((credit) => !known.has(credit));
  }

  /**
   * @param {string[]} names
   * @param {Move} operation that succeeded
   * @param {Credit} before the totals before it, as far as they were known
   * @param {Credit[]} others that took place meanwhile
   */
  #reached(names, { command, amount, credit }, before, others) {
    const totals = [before, ...others];
    const captured = sum(totals, 'captured');
    const refunded = sum(totals, 'refunded');
    this.#orders.credit(names, credit);
    if (command === 'PURCHASE') this.#orders.reached(names, { captured: amount });
    if (command === 'CAPTURE') this.#orders.reached(names, { captured: captured + amount });
    if (command === 'REFUND') this.#orders.reached(names, { refunded: refunded + amount });
    if (command === 'VOID_AUTHORIZATION') this.#orders.reached(names, { voided: true });
  }
}

/**
 * @param {string} command
 * @param {number} amount
 * @returns {Credit}
 */
function creditOf(command, amount) {
  return {
    captured: command === 'CAPTURE' || command === 'PURCHASE' ? amount : 0,
    refunded: command === 'REFUND' ? amount : 0,
  };
}

/**
 * @param {readonly Credit[]} credits
 * @param {'captured' | 'refunded'} which
 */
function sum(credits, which) {
  return credits.reduce((total, credit) => total + credit[which], 0);
}

/**
 * @param {string} why
 * @param {unknown} [cause]
 */
function noBaseline(why, cause) {
  const message = `The totals before the operation could not be read${why}, so nothing was sent.`;
  return new TransportError('no_baseline', 'no', message, { cause });
}

/**
 * What names the order of a message.
 * @param {Record<string, any>} params
 * @returns {string[]}
 */
function namesOf({ merchant_reference, fort_id }) {
  const names = [];
  if (merchant_reference !== undefined) names.push(`merchant_reference ${merchant_reference}`);
  if (fort_id !== undefined) names.push(`fort_id ${fort_id}`);
  return names;
}

/**
 * The names that an operation was sent under, among them those that were made for it.
 * @param {Record<string, any>} params
 */
function sentUnder({ merchant_reference, fort_id, maintenance_reference }) {
  return { merchant_reference, fort_id, maintenance_reference };
}

/**
 * The reply when there is none.
 * @param {unknown} error
 * @param {Record<string, any>} params of the request
 * @returns {Reply}
 * @throws the error, where it must not be taken for a lost answer
 */
function uncertain(error, params) {
  const lost = error instanceof TransportError && error.sent === 'unknown';
  // A redirect is someone's doing, and a caller who gave up does not want to wait.
  if (!lost || error.code === 'redirect' || error.code === 'aborted') throw error;
  const empty = { status: '', code: '', message: '', params: {}, authentic: false };
  return new Reply({ outcome: 'uncertain', ...empty, request: sentUnder(params), cause: error });
}

/**
 * @param {Reply} reply
 * @param {() => Payment | undefined} payment
 * @returns {Reply}
 */
function withPayment(reply, payment) {
  try {
    const known = payment();
    return known === undefined ? reply : new Reply({ ...reply, payment: known });
  } catch {
    // The money has moved: that the payment cannot be derived is no failure, whatever the reason.
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
function newPayment(command, params, reply, { payment, at }) {
  const amount = params.amount === undefined ? undefined : Amount.fromMinor(params.amount, params.currency);
  if (command !== 'AUTHORIZATION' && command !== 'PURCHASE') return payment?.after(command, amount, at);
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
function statusPayment(reply, { payment, at, currency, command, authorizedAt, windowDays }) {
  if (reply.params.query_command !== 'CHECK_STATUS') return undefined;
  if (payment !== undefined) return payment.observed(reply, at);
  if (currency === undefined || command === undefined) return undefined;
  return Payment.fromStatus(reply, { currency, command, authorizedAt, windowDays });
}
