// The life cycle of one payment. Every rule is Rust's (`src/payment.rs`); here is the immutable object around its state.

import { ask, issuesFrom } from '../core/fields.js';
import { INSPECT, issue, LifecycleError, ValidationError } from '../errors.js';
import { milliseconds } from '../message/validate.js';
import { Amount } from './amount.js';
import { BRAND, recordOf, stateFrom, statusOf } from './record.js';

/** @typedef {import('../errors.js').Issue} Issue */

/**
 * `toJSON()` of a Payment. Amounts are minor units; instants are milliseconds since 1970.
 * @typedef {{
 *   version: 1,
 *   command: 'AUTHORIZATION' | 'PURCHASE',
 *   currency: string,
 *   authorized: string,
 *   captured: string,
 *   refunded: string,
 *   voided: boolean,
 *   at: number,
 *   lapsesAt?: number,
 *   payment_option?: string,
 *   digital_wallet?: string
 * }} PaymentJSON
 */

/**
 * A payment as it stands at an instant.
 * @typedef {{
 *   state: 'authorized' | 'partially_captured' | 'captured' | 'partially_refunded' | 'refunded' | 'voided' | 'lapsed',
 *   authorization: 'open' | 'exhausted' | 'voided' | 'lapsed' | 'none',
 *   capturable: Amount,
 *   refundable: Amount,
 *   commands: ('CAPTURE' | 'VOID_AUTHORIZATION' | 'REFUND' | 'CHECK_STATUS')[],
 *   lapsesAt: Date | null
 * }} PaymentView
 */

/** @typedef {Date | number} Instant a Date or milliseconds since 1970 */

/**
 * @typedef {{
 *   currency: string,
 *   command: 'AUTHORIZATION' | 'PURCHASE',
 *   authorizedAt?: Instant,
 *   windowDays?: number
 * }} StatusContext what CHECK_STATUS does not tell; `authorizedAt` is needed for an authorization
 */

/** Whoever has it may construct. */
const KEY = /* @__PURE__ */ Symbol('Payment');

/**
 * An instant as milliseconds, now if left out.
 * @param {unknown} at
 * @returns {number}
 * @throws {ValidationError} `bad_format`
 */
function millis(at) {
  return at === undefined ? Date.now() : milliseconds(at);
}

/**
 * @param {...unknown} values language, the letter of the function in `src/wasm/life_cycle.rs` and its arguments
 * @returns {{ state?: PaymentJSON, issues: Issue[], view: string[] }}
 */
function call(...values) {
  const answer = ask('payment', values);
  const rest = answer.slice(1);
  return {
    state: answer[0] === 'p' ? /** @type {PaymentJSON} */ (stateFrom(rest)) : undefined,
    issues: answer[0] === 'i' ? issuesFrom(rest) : [],
    view: rest.split('\0'),
  };
}

/**
 * @param {...unknown} values
 * @returns {Payment}
 * @throws {ValidationError}
 */
function made(...values) {
  const { state, issues } = call('', ...values);
  if (state === undefined) throw new ValidationError(issues);
  return new Payment(KEY, state);
}

/**
 * What is known of one payment, and what may be done with it. Immutable: `after` and `observed` give the next one.
 */
export class Payment {
  /** @type {PaymentJSON} */
  #state;

  /**
   * Use `Payment.authorized`, `Payment.purchased`, `Payment.fromStatus` or `Payment.fromJSON`.
   * @param {typeof KEY} key
   * @param {PaymentJSON} state
   */
  constructor(key, state) {
    if (key !== KEY) throw new TypeError('Illegal constructor');
    this.#state = Object.freeze(state);
    Object.freeze(this);
  }

  /**
   * A payment whose AUTHORIZATION succeeded.
   * @param {Amount} amount
   * @param {{ at?: Instant, windowDays?: number, payment_option?: string, digital_wallet?: string }} [options]
   *   `at`: when it was authorized, now if left out; `windowDays`: how long it may be captured
   * @returns {Payment}
   * @throws {ValidationError}
   */
  static authorized(amount, options) {
    const { at, windowDays, payment_option, digital_wallet } = options ?? {};
    return begun('AUTHORIZATION', amount, at, windowDays ?? 7, payment_option, digital_wallet);
  }

  /**
   * A payment whose PURCHASE succeeded: authorized and captured at once.
   * @param {Amount} amount
   * @param {{ at?: Instant, payment_option?: string, digital_wallet?: string }} [options]
   * @returns {Payment}
   * @throws {ValidationError}
   */
  static purchased(amount, options) {
    const { at, payment_option, digital_wallet } = options ?? {};
    return begun('PURCHASE', amount, at, '', payment_option, digital_wallet);
  }

  /**
   * A payment out of the answer to CHECK_STATUS, which tells neither currency nor command nor date.
   * @param {import('../message/reply.js').Reply | Record<string, unknown>} reply or the parameters of one that was verified
   * @param {StatusContext} context
   * @returns {Payment}
   * @throws {ValidationError} where something cannot be derived; nothing is guessed
   */
  static fromStatus(reply, context) {
    const { currency, command, authorizedAt, windowDays } = context ?? /** @type {StatusContext} */ ({});
    const known = authorizedAt === undefined ? undefined : milliseconds(authorizedAt);
    return made('s', ...statusOf(reply), currency, command, known, windowDays ?? 7);
  }

  /**
   * The inverse of `toJSON`.
   * @param {unknown} json an object, or its JSON text
   * @returns {Payment}
   * @throws {ValidationError} if it is not the state of a payment
   */
  static fromJSON(json) {
    let state = json;
    try {
      if (typeof json === 'string') state = JSON.parse(json);
    } catch {
      state = undefined;
    }
    if (Payment.isPayment(state)) return Payment.from(state);
    return made('r', ...recordOf(state));
  }

  /**
   * Whether the value is a Payment, also one of another copy of this package.
   * @param {unknown} value
   * @returns {value is Payment}
   */
  static isPayment(value) {
    return typeof value === 'object' && value !== null && /** @type {any} */ (value)[BRAND] === true;
  }

  /**
   * The payment itself, read anew if it comes from another copy of this package.
   * @param {unknown} value
   * @returns {Payment}
   * @throws {ValidationError}
   */
  static from(value) {
    if (typeof value === 'object' && value !== null && #state in value) return value;
    if (Payment.isPayment(value)) return Payment.fromJSON({ ...value.toJSON() });
    throw new ValidationError([issue('payment', 'bad_format', 'payment must be a Payment.')]);
  }

  /** True of an instance alone: a Proxy of one, or an heir, has none of its values. */
  get [BRAND]() {
    return #state in this;
  }

  /** The command that began it. */
  get command() {
    return this.#state.command;
  }

  /** The ISO 4217 code. */
  get currency() {
    return this.#state.currency;
  }

  /** How it was paid: `'VISA'`, `'MADA'` and so on, if known. */
  get payment_option() {
    return this.#state.payment_option;
  }

  /** The wallet it was paid from, such as `'APPLE_PAY'`, if known. */
  get digital_wallet() {
    return this.#state.digital_wallet;
  }

  /** Whether its authorization was voided. */
  get voided() {
    return this.#state.voided;
  }

  /** What was authorized in all. */
  get authorized() {
    return Amount.fromMinor(this.#state.authorized, this.#state.currency);
  }

  /** What was captured in all, refunded or not. */
  get captured() {
    return Amount.fromMinor(this.#state.captured, this.#state.currency);
  }

  /** What was refunded in all. */
  get refunded() {
    return Amount.fromMinor(this.#state.refunded, this.#state.currency);
  }

  /**
   * The payment as it stands at an instant.
   * @param {Instant} [when] now if left out
   * @returns {PaymentView}
   * @throws {ValidationError}
   */
  at(when) {
    const { view, issues } = call('', 'v', ...recordOf(this.#state), millis(when));
    if (issues.length > 0) throw new ValidationError(issues);
    const [state, authorization, capturable = '', refundable = '', lapsesAt, ...commands] = view;
    return /** @type {PaymentView} */ ({
      state,
      authorization,
      capturable: Amount.fromMinor(capturable, this.#state.currency),
      refundable: Amount.fromMinor(refundable, this.#state.currency),
      commands,
      lapsesAt: lapsesAt === '' ? null : new Date(Number(lapsesAt)),
    });
  }

  /**
   * Everything that forbids an operation; empty when it is allowed. Without an amount a capture or refund is asked about as
   * such: empty when some amount would do.
   * @param {string} command `'CAPTURE'`, `'VOID_AUTHORIZATION'` or `'REFUND'`
   * @param {Amount} [amount] none for a void, or for whether any would do
   * @param {Instant} [at] now if left out
   * @param {{ language?: 'en' | 'ar' }} [options] of the sentences
   * @returns {Issue[]}
   * @throws {ValidationError} if `amount` or `at` is none
   */
  issues(command, amount, at, { language = 'en' } = {}) {
    return call(language, 'i', ...recordOf(this.#state), ...operation(command, amount, at)).issues;
  }

  /**
   * The payment after an operation that succeeded.
   * @param {string} command `'CAPTURE'`, `'VOID_AUTHORIZATION'` or `'REFUND'`
   * @param {Amount} [amount] none for a void
   * @param {Instant} [at] when it succeeded, now if left out
   * @returns {Payment}
   * @throws {LifecycleError} if the life cycle forbids it
   * @throws {ValidationError} if `amount` or `at` is none
   */
  after(command, amount, at) {
    const { state, issues } = call('', 'a', ...recordOf(this.#state), ...operation(command, amount, at));
    if (state === undefined) throw new LifecycleError(issues);
    return new Payment(KEY, state);
  }

  /**
   * This payment brought up to date by CHECK_STATUS. It never un-voids and never un-captures.
   * @param {import('../message/reply.js').Reply | Record<string, unknown>} reply or the parameters of one that was verified
   * @param {Instant} [at] when APS answered, now if left out
   * @returns {Payment}
   * @throws {ValidationError} where the reply cannot be of this payment
   */
  observed(reply, at) {
    return made('o', ...recordOf(this.#state), ...statusOf(reply), millis(at));
  }

  /** @returns {PaymentJSON} */
  toJSON() {
    return { ...this.#state };
  }

  [INSPECT]() {
    const { command, currency, voided } = this.#state;
    const totals = `authorized ${this.authorized}, captured ${this.captured}, refunded ${this.refunded} ${currency}`;
    return `Payment ${command} ${totals}${voided ? ', voided' : ''}`;
  }
}

/**
 * @param {'AUTHORIZATION' | 'PURCHASE'} command
 * @param {Amount} amount
 * @param {Instant | undefined} at
 * @param {...unknown} rest window, option, wallet
 */
function begun(command, amount, at, ...rest) {
  const money = Amount.from(amount);
  return made('b', command, money.minor, money.currency, millis(at), ...rest);
}

/**
 * @param {string} command
 * @param {Amount | undefined} amount
 * @param {Instant | undefined} at
 * @returns {unknown[]} instant, command and, if there is one, the amount
 */
function operation(command, amount, at) {
  const money = amount === undefined || amount === null ? undefined : Amount.from(amount);
  return [millis(at), command, ...(money ? [money.minor, money.currency] : [])];
}
