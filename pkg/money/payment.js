// The life cycle of one payment. Rust has every rule (`src/payment/`); this is the immutable object around the state.

import { ask, fieldsOf, issuesFrom } from '../core/call.js';
import { INSPECT, issue, LifecycleError, ValidationError } from '../errors.js';
import { rejectUnknown } from '../message/options.js';
import { readInstant } from '../message/validate.js';
import { Amount, restoreAmount } from './amount.js';
import { BRAND, findRecord, jsonFrom, recordOf, remember, statusOf } from './record.js';

/** @typedef {import('../errors.js').Issue} Issue */

/**
 * `toJSON()` of a Payment. Amounts are minor units; instants are milliseconds since 1970.
 * @typedef {object} PaymentJSON
 * @property {1} version of this form
 * @property {'AUTHORIZATION' | 'PURCHASE'} command what it began with
 * @property {string} currency ISO 4217
 * @property {string} authorized minor units
 * @property {string} captured minor units
 * @property {string} refunded minor units
 * @property {boolean} voided whether it was
 * @property {number} at when it was authorized or purchased
 * @property {number} [lapsesAt] until when an authorization may be captured
 * @property {string} [payment_option] APS's name of the card's brand
 * @property {string} [digital_wallet] APS's name of the wallet
 */

/**
 * The state of a payment at an instant.
 * @typedef {object} PaymentView
 * @property {'authorized' | 'partially_captured' | 'captured' | 'partially_refunded' | 'refunded' | 'voided' | 'lapsed'} state in
 *   one word
 * @property {'open' | 'exhausted' | 'voided' | 'lapsed' | 'none'} authorization how the authorization stands; `none`
 *   for a purchase
 * @property {Amount} capturable what may still be captured
 * @property {Amount} refundable what may still be refunded
 * @property {('CAPTURE' | 'VOID_AUTHORIZATION' | 'REFUND' | 'CHECK_STATUS')[]} commands what may be sent now
 * @property {Date | null} lapsesAt until when it may be captured; null for a purchase
 */

/** @typedef {Date | number} Instant a Date or milliseconds since 1970 */

/**
 * @typedef {object} PurchasedOptions
 * @property {Instant} [at] when it was; now if left out
 * @property {string} [payment_option] APS's name of the card's brand
 * @property {string} [digital_wallet] APS's name of the wallet: its credentials sign what comes later
 */
/**
 * @typedef {object} WindowOptions
 * @property {number} [windowDays] how long it may be captured; 7 if left out
 */
/**
 * @typedef {object} LanguageOptions
 * @property {'en' | 'ar'} [language] of the sentences; English if left out
 */
/**
 * Facts that CHECK_STATUS does not report.
 * @typedef {object} StatusContext
 * @property {string} currency of the order, ISO 4217
 * @property {'AUTHORIZATION' | 'PURCHASE'} command what the payment began with
 * @property {Instant} [authorizedAt] when; required for an authorization
 * @property {number} [windowDays] how long it may be captured; 7 if left out
 */

const BEGINNING = ['windowDays', 'payment_option', 'digital_wallet'];
/** The names of a `StatusContext`. */
export const CONTEXT = ['currency', 'command', 'authorizedAt', 'windowDays'];

/** Only this module can construct a Payment. */
const KEY = /* @__PURE__ */ Symbol('Payment');

/**
 * An instant as milliseconds, now if left out.
 * @param {unknown} at
 * @returns {number}
 * @throws {ValidationError} `bad_format`
 */
function toMillis(at) {
  return at === undefined ? Date.now() : readInstant(at);
}

/**
 * @param {string | undefined} language of the sentences
 * @param {...unknown} values the name of the question (`src/wasm/life_cycle.rs`) and its fields
 * @returns {{ kind: string, fields: string }} the answer
 */
function askLifeCycle(language, ...values) {
  const answer = ask('payment', fieldsOf([language, ...values]));
  const end = answer.indexOf('\0');
  return { kind: answer.slice(0, end), fields: answer.slice(end + 1) };
}

/**
 * @param {...unknown} values
 * @returns {Payment}
 * @throws {ValidationError}
 */
function derive(...values) {
  const { kind, fields } = askLifeCycle('', ...values);
  if (kind !== 'payment') throw new ValidationError(issuesFrom(fields));
  return new Payment(KEY, fields);
}

/**
 * What is known about one payment, and what may be done with it. Immutable: `after` and `observed` return a new one.
 */
export class Payment {
  /**
   * Use `Payment.authorized`, `Payment.purchased`, `Payment.fromStatus` or `Payment.fromJSON`.
   * @param {typeof KEY} key
   * @param {string} record written and read by Rust
   */
  constructor(key, record) {
    if (key !== KEY) throw new TypeError('Illegal constructor');
    const json = jsonFrom(record);
    const { currency } = json;
    /**
     * The command that created it.
     * @readonly
     */
    this.command = json.command;
    /**
     * The ISO 4217 code.
     * @readonly
     */
    this.currency = currency;
    /**
     * The total authorized.
     * @readonly
     */
    this.authorized = restoreAmount(json.authorized, currency);
    /**
     * The total captured, refunded or not.
     * @readonly
     */
    this.captured = restoreAmount(json.captured, currency);
    /**
     * The total refunded.
     * @readonly
     */
    this.refunded = restoreAmount(json.refunded, currency);
    /**
     * Whether its authorization was voided.
     * @readonly
     */
    this.voided = json.voided;
    /**
     * When it was authorized or purchased, in milliseconds since 1970, if known.
     * @readonly
     */
    this.madeAt = json.at;
    /**
     * When an authorization lapses, in milliseconds since 1970.
     * @readonly
     */
    this.lapsesAt = json.lapsesAt;
    /**
     * How it was paid: `'VISA'`, `'MADA'` and so on, if known.
     * @readonly
     */
    this.payment_option = json.payment_option;
    /**
     * The wallet it was paid from, such as `'APPLE_PAY'`, if known.
     * @readonly
     */
    this.digital_wallet = json.digital_wallet;
    remember(this, record);
    Object.freeze(this);
  }

  /**
   * A payment whose AUTHORIZATION succeeded.
   * @param {Amount} amount
   * @param {PurchasedOptions & WindowOptions} [options]
   * @returns {Payment}
   * @throws {ValidationError} also for unknown options
   */
  static authorized(amount, options) {
    const { at, windowDays, payment_option, digital_wallet } = rejectUnknown(options, BEGINNING);
    return begin('AUTHORIZATION', amount, at, windowDays ?? 7, payment_option, digital_wallet);
  }

  /**
   * A payment whose PURCHASE succeeded: authorized and captured at once.
   * @param {Amount} amount
   * @param {PurchasedOptions} [options]
   * @returns {Payment}
   * @throws {ValidationError} also for unknown options
   */
  static purchased(amount, options) {
    const { at, payment_option, digital_wallet } = rejectUnknown(options, BEGINNING);
    return begin('PURCHASE', amount, at, '', payment_option, digital_wallet);
  }

  /**
   * Makes a payment from the answer to CHECK_STATUS, which contains neither currency nor command nor date.
   * @param {import('../message/reply.js').Reply | Record<string, unknown>} reply or the parameters of one that was verified
   * @param {StatusContext} context
   * @returns {Payment}
   * @throws {ValidationError} if something cannot be derived, for nothing is guessed; and for unknown options
   */
  static fromStatus(reply, context) {
    const { currency, command, authorizedAt, windowDays } = rejectUnknown(context, CONTEXT);
    const known = authorizedAt === undefined ? undefined : readInstant(authorizedAt);
    return derive('derive', ...statusOf(reply), currency, command, known, windowDays ?? 7);
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
    return findRecord(state) === undefined ? derive('read', ...recordOf(state)) : /** @type {Payment} */ (state);
  }

  /**
   * Whether the value is a Payment, including one of another copy of this package.
   * @param {unknown} value
   * @returns {value is Payment}
   */
  static isPayment(value) {
    return typeof value === 'object' && value !== null && /** @type {any} */ (value)[BRAND] === true;
  }

  /**
   * The payment itself, read again if it comes from another copy of this package.
   * @param {unknown} value
   * @returns {Payment}
   * @throws {ValidationError}
   */
  static from(value) {
    if (Payment.isPayment(value)) return Payment.fromJSON(value);
    throw new ValidationError([issue('payment', 'bad_format', 'payment must be a Payment.')]);
  }

  /** True only of an instance: a Proxy of one, or an object that inherits from one, has none of its values. */
  get [BRAND]() {
    return findRecord(this) !== undefined;
  }

  /**
   * The state of the payment at an instant.
   * @param {Instant} [when] now if left out
   * @returns {PaymentView}
   * @throws {ValidationError}
   */
  at(when) {
    const { kind, fields } = askLifeCycle('', 'view', ...recordOf(this), toMillis(when));
    if (kind !== 'view') throw new ValidationError(issuesFrom(fields));
    const [state, authorization, capturable = '', refundable = '', lapsesAt, ...commands] = fields.split('\0');
    return /** @type {PaymentView} */ ({
      state,
      authorization,
      capturable: restoreAmount(capturable, this.currency),
      refundable: restoreAmount(refundable, this.currency),
      commands,
      lapsesAt: lapsesAt === '' ? null : new Date(Number(lapsesAt)),
    });
  }

  /**
   * Everything that forbids an operation; empty when it is allowed. Without an amount, a capture or refund is allowed if
   * some amount is.
   * @param {string} command `'CAPTURE'`, `'VOID_AUTHORIZATION'` or `'REFUND'`
   * @param {Amount} [amount] left out for a void, or to ask about any amount
   * @param {Instant} [at] now if left out
   * @param {LanguageOptions} [options]
   * @returns {Issue[]}
   * @throws {ValidationError} if `amount` is no Amount or `at` no instant, and for unknown options
   */
  issues(command, amount, at, options) {
    const { language } = rejectUnknown(options);
    return issuesFrom(askLifeCycle(language, 'issues', ...recordOf(this), ...listFields(command, amount, at)).fields);
  }

  /**
   * The payment after an operation that succeeded.
   * @param {string} command `'CAPTURE'`, `'VOID_AUTHORIZATION'` or `'REFUND'`
   * @param {Amount} [amount] left out for a void
   * @param {Instant} [at] when it succeeded, now if left out
   * @returns {Payment}
   * @throws {LifecycleError} if the life cycle forbids it
   * @throws {ValidationError} if `amount` is no Amount or `at` no instant
   */
  after(command, amount, at) {
    const { kind, fields } = askLifeCycle('', 'after', ...recordOf(this), ...listFields(command, amount, at));
    if (kind !== 'payment') throw new LifecycleError(issuesFrom(fields));
    return new Payment(KEY, fields);
  }

  /**
   * This payment brought up to date by CHECK_STATUS. It never un-voids and never un-captures.
   * @param {import('../message/reply.js').Reply | Record<string, unknown>} reply or the parameters of one that was verified
   * @param {Instant} [at] when APS answered, now if left out
   * @returns {Payment}
   * @throws {ValidationError} if the reply cannot be about this payment
   */
  observed(reply, at) {
    return derive('observed', ...recordOf(this), ...statusOf(reply), toMillis(at));
  }

  /**
   * The payment as plain text and numbers, to be stored. `Payment.fromJSON` reads it.
   * @returns {PaymentJSON}
   */
  toJSON() {
    return jsonFrom(findRecord(this) ?? '');
  }

  [INSPECT]() {
    const { command, currency, voided } = this;
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
function begin(command, amount, at, ...rest) {
  const money = Amount.from(amount);
  return derive('begin', command, money.minor, money.currency, toMillis(at), ...rest);
}

/**
 * @param {string} command
 * @param {Amount | undefined} amount
 * @param {Instant | undefined} at
 * @returns {unknown[]} instant, command and, if there is one, the amount
 */
function listFields(command, amount, at) {
  const money = amount === undefined || amount === null ? undefined : Amount.from(amount);
  return [toMillis(at), command, ...(money ? [money.minor, money.currency] : [])];
}
