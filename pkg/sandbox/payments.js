/** Payments and the operations on them: authorize, capture, void, refund, look up. */

import { randomInt, randomUUID } from 'node:crypto';
import { maskCardNumber, outcomeOf } from './cards.js';
import { messageOf } from './codes.js';
import { statusOf } from './dictionary.js';
import { echo } from './mask.js';
import { isPage, text } from './message.js';
import { findPaymentMethod, remember } from './payment-method.js';
import { thirdPartyOf, writePaymentReply, writeRejection } from './reply.js';
import { spendOtp } from './services/otp.js';
import { describePlan } from './services/plans.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./ledger.js').Order} Order */
/** @typedef {import('./faults.js').Problem} Problem */
/** @typedef {import('./authenticate.js').Admitted} Admitted */
/** @typedef {import('./reply.js').Answer} Answer */
/** @typedef {import('./stored-cards.js').Card} Card */
/** @typedef {{ shown: string, final: string, carriedOut: boolean }} Verdict */

/**
 * A payment that waits for its customer to pass or fail the 3-D Secure challenge. It never expires, since APS
 * documents no time limit.
 *
 * @typedef {Admitted & { order: Order, card: Card | undefined, returnUrl: string | undefined, answer?: Answer }} Challenge
 */

export class Payments {
  #ledger;
  #cards;
  #state;
  #redirectionUrl;
  #threeDSecureUrl;
  /** @type {Map<string, Challenge>} */
  #challenges = new Map();

  /**
   * @param {object} options
   * @param {import('./ledger.js').Ledger} options.ledger
   * @param {import('./stored-cards.js').StoredCards} options.cards
   * @param {import('./services/state.js').State} options.state
   * @param {string | undefined} options.redirectionUrl
   * @param {(id: string) => string} options.threeDSecureUrl
   */
  constructor({ ledger, cards, state, redirectionUrl, threeDSecureUrl }) {
    this.#ledger = ledger;
    this.#cards = cards;
    this.#state = state;
    this.#redirectionUrl = redirectionUrl;
    this.#threeDSecureUrl = threeDSecureUrl;
  }

  clear() {
    this.#challenges.clear();
  }

  /**
   * @param {string} id
   * @returns {Readonly<Challenge> | undefined}
   */
  challenge(id) {
    return this.#challenges.get(id);
  }

  /**
   * @param {string} id
   * @param {boolean} passed
   * @param {number} at
   * @param {Problem} [strike]
   * @returns {Answer | undefined} Repeating it gives the same result.
   */
  decide(id, passed, at, strike) {
    const challenge = this.#challenges.get(id);
    if (!challenge) return undefined;
    if (challenge.answer) return { reply: challenge.answer.reply };
    const { name } = challenge.found;
    const outcome = challenge.order.card_outcome ?? 'success';
    const verdict = passed ? judge(name, outcome, strike) : failure(`${statusOf(name).failed}030`);
    challenge.answer = this.#finish(challenge, challenge.order, verdict, at, strike);
    return challenge.answer;
  }

  /**
   * AUTHORIZATION and PURCHASE.
   *
   * @param {Admitted} admitted Whose parameters have been checked.
   * @param {number} at
   * @param {Problem} [strike]
   * @returns {Answer}
   */
  pay(admitted, at, strike) {
    const { message, found, credentials, confirmed } = admitted;
    const command = found.name === 'PURCHASE' ? 'PURCHASE' : 'AUTHORIZATION';
    const merchant_reference = text(message, 'merchant_reference') ?? '';
    if (this.#ledger.has(merchant_reference)) return { reply: writeRejection(message, { code: '00066' }) };
    const kept = { cards: this.#cards, state: this.#state };
    const method = findPaymentMethod(admitted, command, kept, at);
    if ('code' in method) return { reply: writeRejection(message, method) };
    const { card, option } = method;
    spendOtp(this.#state, message);
    const outcome = confirmed === false ? 'declined' : card ? outcomeOf(card.number) : 'success';
    const order = this.#ledger.open(
      {
        merchant_reference,
        access_code: credentials.access_code,
        command,
        currency: text(message, 'currency') ?? '',
        amount: BigInt(text(message, 'amount') ?? '0'),
        payment_option: option,
        card_outcome: outcome,
      },
      at,
    );
    if ((outcome === 'challenge' || admitted.challenged) && asksForChallenge(message)) {
      const id = randomUUID();
      const given = text(message, 'return_url');
      const returnUrl = given !== undefined && isPage(given) ? given : this.#redirectionUrl;
      this.#challenges.set(id, { ...admitted, order, card, returnUrl });
      order.challenged = true;
      return { reply: this.#reply(admitted, order, '20064', [['3ds_url', this.#threeDSecureUrl(id)]]) };
    }
    return this.#finish(admitted, order, judge(command, outcome, strike), at, strike);
  }

  /**
   * CAPTURE, REFUND and VOID_AUTHORIZATION.
   *
   * @param {Admitted} admitted
   * @param {number} at
   * @param {Problem} [strike]
   * @returns {Answer}
   */
  maintain(admitted, at, strike) {
    const { message, found, credentials } = admitted;
    const command = found.name;
    const order = this.#ledger.find(
      { merchant_reference: text(message, 'merchant_reference'), fort_id: text(message, 'fort_id') },
      credentials.access_code,
    );
    const { failed } = statusOf(command);
    if (!order) {
      const reply = this.#reply(admitted, undefined, `${failed}036`);
      return { reply, notification: reply };
    }
    const digits = text(message, 'amount');
    const wanted = {
      amount: digits === undefined ? undefined : BigInt(digits),
      currency: text(message, 'currency'),
      maintenance_reference: text(message, 'maintenance_reference'),
    };
    const refusal = this.#ledger.findRefusal(order, command, wanted, at);
    if (refusal !== undefined) return this.#finish(admitted, order, failure(failed + refusal), at, strike);
    const declines =
      command === 'REFUND' &&
      order.card_outcome === 'refund_declined' &&
      !order.operations.some(
        (done) => done.response_code === '07666' && done.maintenance_reference === wanted.maintenance_reference,
      );
    return this.#finish(admitted, order, judge(command, declines ? 'declined' : 'success', strike), at, strike);
  }

  /**
   * @param {Admitted} admitted
   * @param {number} at
   * @param {Problem} [strike]
   * @returns {Answer}
   */
  checkStatus(admitted, at, strike) {
    const { message, credentials } = admitted;
    if (strike?.technicalProblem) {
      strike.struck.push('technicalProblem');
      return { reply: this.#reply(admitted, undefined, '11006') };
    }
    const maintenance_reference = text(message, 'maintenance_reference');
    const names = {
      merchant_reference: text(message, 'merchant_reference'),
      fort_id: text(message, 'fort_id'),
      maintenance_reference,
    };
    const order = this.#ledger.find(names, credentials.access_code);
    const seen = order && this.#ledger.look(order, maintenance_reference, at);
    if (!order || !seen) return { reply: this.#reply(admitted, undefined, '12036') };
    /** @type {[string, string][]} */
    const status = [
      ['transaction_status', seen.code.slice(0, 2)],
      ['transaction_code', seen.code],
      ['transaction_message', messageOf(seen.code)],
      ['authorized_amount', String(seen.authorized)],
      ['captured_amount', String(seen.captured)],
      ['refunded_amount', String(seen.refunded)],
    ];
    if (seen.authorization_code !== undefined) status.push(['authorization_code', seen.authorization_code]);
    if (text(message, 'return_third_party_response_codes') === 'YES') {
      const [acquirer, processor] = thirdPartyOf(seen.code);
      status.push(['acquirer_response_code', acquirer], ['processor_response_code', processor]);
    }
    return { reply: this.#reply(admitted, order, '12000', status) };
  }

  /**
   * Records an operation in the ledger and answers it.
   *
   * @param {Admitted} admitted
   * @param {Order} order
   * @param {Verdict} verdict
   * @param {number} at
   * @param {Problem} [strike]
   * @returns {Answer}
   */
  #finish(admitted, order, { shown, final, carriedOut }, at, strike) {
    const { message, found } = admitted;
    const amount = text(message, 'amount');
    const lag = strike?.lag ?? 0;
    if (lag > 0) strike?.struck.push('lag');
    this.#ledger.record(
      order,
      {
        command: found.name,
        amount: amount === undefined ? undefined : BigInt(amount),
        maintenance_reference: text(message, 'maintenance_reference'),
        response_code: final,
        carriedOut,
        at,
      },
      lag,
    );
    const pays = found.name === order.command;
    if (pays && carriedOut) {
      order.authorization_code = String(randomInt(1_000_000)).padStart(6, '0');
      admitted.message = remember(admitted, { cards: this.#cards, state: this.#state }, at);
    }
    const reply = this.#reply(admitted, order, shown);
    const notification = final === shown ? reply : this.#reply(admitted, order, final);
    if (pays) order.answered = new Map([...echo(admitted.message), ...this.#describe(admitted, order)]);
    return { reply, notification };
  }

  /**
   * A signed reply: the request's parameters, then what the gateway adds.
   *
   * @param {Admitted} admitted
   * @param {Order | undefined} order
   * @param {string} code
   * @param {[string, string][]} [more]
   * @returns {Message}
   */
  #reply(admitted, order, code, more = []) {
    return writePaymentReply(admitted, code, [...(order ? this.#describe(admitted, order) : []), ...more]);
  }

  /**
   * What a reply says about an order.
   *
   * @param {Admitted} admitted
   * @param {Order} order
   * @returns {[string, string][]}
   */
  #describe({ message, found }, order) {
    const pays = found.name === order.command;
    return [
      ['merchant_reference', order.merchant_reference],
      ['fort_id', order.fort_id],
      ...(pays ? this.#describePayment(message, order) : []),
    ];
  }

  /**
   * @param {Message} message
   * @param {Order} order
   * @returns {[string, string][]}
   */
  #describePayment(message, order) {
    /** @type {[string, string][]} */
    const fields = [];
    if (!message.has('eci')) fields.push(['eci', 'ECOMMERCE']);
    if (!message.has('customer_ip')) fields.push(['customer_ip', CUSTOMER_IP]);
    if (order.payment_option !== undefined) fields.push(['payment_option', order.payment_option]);
    if (order.authorization_code !== undefined) {
      fields.push(['authorization_code', order.authorization_code]);
      for (const name of NUMBERED_BY[order.payment_option ?? ''] ?? []) fields.push([name, order.fort_id.slice(-10)]);
    }
    fields.push(...Object.entries(describePlan(message)));
    const isTyped = text(message, 'card_number') !== undefined;
    const card = isTyped ? undefined : this.#cards.get(text(message, 'token_name'));
    if (card && card.wallet === undefined) {
      fields.push(['card_number', maskCardNumber(card.number)], ['expiry_date', card.expiry]);
      if (card.holder !== undefined) fields.push(['card_holder_name', card.holder]);
    }
    return fields;
  }
}

/** The client address that captured replies contain where the request does not. */
const CUSTOMER_IP = '127.0.0.1';

/**
 * Parameters with the id of a payment at the third party that carried it out.
 *
 * @type {Record<string, readonly string[]>}
 */
const NUMBERED_BY = {
  KNET: ['knet_ref_number', 'third_party_transaction_number'],
  VALU: ['loan_number', 'valu_transaction_id'],
};

/**
 * Whether 3-D Secure is still due: the customer is present, it is not waived, and the merchant has not done it with
 * 3DS_AUTHENTICATION or its own server (DOC bypass page).
 *
 * @param {Message} message
 */
function asksForChallenge(message) {
  const isDone = text(message, 'ver_token') !== undefined || message.get('3ds_status') === 'Y';
  return (text(message, 'eci') ?? 'ECOMMERCE') === 'ECOMMERCE' && message.get('check_3ds') !== 'NO' && !isDone;
}

/**
 * @param {string} command
 * @param {string} outcome Of a card, or `success`.
 * @param {Problem} [strike] Affects only what would have succeeded.
 * @returns {Verdict}
 */
function judge(command, outcome, strike) {
  const { done, failed } = statusOf(command);
  /** @param {string} shown */
  const success = (shown) => ({ shown, final: `${done}000`, carriedOut: true });
  switch (outcome) {
    case 'declined':
      return failure(`${failed}666`);
    case 'insufficient_funds':
      return failure(`${failed}029`);
    case 'technical_problem':
      return failure(`${failed}006`);
    case 'uncertain':
      return success('15777');
    case 'uncertain_declined':
      return failure('15777', `${failed}666`);
    default:
  }
  if (strike?.technicalProblem) {
    strike.struck.push('technicalProblem');
    return strike.carriedOut ? success(`${failed}006`) : failure(`${failed}006`);
  }
  if (strike?.uncertain) {
    strike.struck.push('uncertain');
    return strike.carriedOut ? success('15777') : failure('15777', `${failed}666`);
  }
  return success(`${done}000`);
}

/**
 * @param {string} shown
 * @param {string} [final]
 * @returns {Verdict}
 */
const failure = (shown, final = shown) => ({ shown, final, carriedOut: false });
