// Money: a whole number of minor units and a currency. Rust decides which texts are amounts.

import { fieldsOf, issuesFrom, read as readText, write } from '../core/call.js';
import { call } from '../core/instance.js';
import { AMOUNT } from '../core/realms.js';
import { INSPECT, issue, ValidationError } from '../errors.js';
import { readOptions } from '../message/options.js';

/** Only this module can construct an Amount. */
const KEY = /* @__PURE__ */ Symbol('Amount');

/**
 * Decimals by currency, because calling Rust costs more than the rest. Only existing currencies are kept, so that callers
 * cannot fill the memory with made-up ones.
 * @type {Map<string, number>}
 */
const exponents = new Map();

/** Text without a character that ends a field. */
const PLAIN = /^[ -~]*$/;

/**
 * @param {string} text
 * @param {string} currency
 * @param {AmountReading} [reading]
 * @returns {Amount}
 * @throws {ValidationError}
 */
function read(text, currency, reading) {
  const isPlain = reading === undefined && PLAIN.test(text) && PLAIN.test(currency);
  const { language, parameter = 'amount' } = readOptions(reading, ['parameter']);
  // Joining text that needs no check takes a third of the time.
  const flat = isPlain ? `${currency}\0${text}\0amount` : fieldsOf([currency, text, parameter, language]);
  const length = write(flat);
  const found = call('amount', length);
  // A negative length is that of the issues.
  if (found < 0) throw new ValidationError(issuesFrom(readText(-found)));
  const exponent = found % 8;
  exponents.set(currency, exponent);
  return new Amount(KEY, BigInt((found - exponent) / 8), currency, exponent);
}

/**
 * An amount from Rust, which is not checked again.
 * @param {string} digits minor units
 * @param {string} currency
 */
export function restoreAmount(digits, currency) {
  const exponent = exponents.get(currency);
  return exponent === undefined
    ? Amount.fromMinor(digits, currency)
    : new Amount(KEY, BigInt(digits), currency, exponent);
}

/**
 * Minor units as decimal text.
 * @param {string} digits
 * @param {number} exponent
 */
function decimalOf(digits, exponent) {
  if (exponent === 0) return digits;
  const padded = digits.length > exponent ? digits : digits.padStart(exponent + 1, '0');
  const point = padded.length - exponent;
  return `${padded.slice(0, point)}.${padded.slice(point)}`;
}

/**
 * @typedef {object} AmountReading
 * @property {'en' | 'ar'} [language] of the sentences; English if left out
 * @property {string} [parameter] what they name; `amount` if left out
 */

/**
 * @typedef {object} AmountParams
 * @property {string} amount minor units, as digits
 * @property {string} currency ISO 4217
 */
/**
 * How an amount is written for a person. No option changes its decimals.
 * @typedef {object} AmountFormatOptions
 * @property {'currency' | 'decimal'} [style] with the currency, if left out, or without
 * @property {'symbol' | 'narrowSymbol' | 'code' | 'name'} [currencyDisplay] as in Intl.NumberFormat
 * @property {boolean} [useGrouping] as in Intl.NumberFormat
 * @property {string} [numberingSystem] as in Intl.NumberFormat
 * @property {'lookup' | 'best fit'} [localeMatcher] as in Intl.NumberFormat
 */

/**
 * An exact amount of money, from 0 to 9,999,999,999 minor units (APS: at most 10 digits). Immutable.
 *
 * `String(amount)` and `` `${amount}` `` are its decimal text. `+amount`, `amount + ''` and `amount < other` throw a
 * TypeError, because comparing by them would be wrong between currencies: use `compare`.
 */
export class Amount {
  /**
   * The decimals of the currency, which follow from it.
   * @type {number}
   */
  #exponent;

  /**
   * Use `Amount.parse` or `Amount.fromMinor`.
   * @param {typeof KEY} key
   * @param {bigint} minor
   * @param {string} currency
   * @param {number} exponent
   */
  constructor(key, minor, currency, exponent) {
    if (key !== KEY) throw new TypeError('Illegal constructor');
    /**
     * Minor units: 4999n is 49.99 AED.
     * @readonly
     */
    this.minor = minor;
    /**
     * The ISO 4217 code.
     * @readonly
     */
    this.currency = currency;
    this.#exponent = exponent;
    Object.freeze(this);
  }

  /**
   * Reads decimal text exactly: ASCII digits with at most one point, no more decimals than the currency has, and at
   * most 10 digits in minor units. Rejects everything else; never rounds.
   * @param {string} text such as `'49.99'`
   * @param {string} currency an active ISO 4217 code in capital letters
   * @param {AmountReading} [reading]
   * @returns {Amount}
   * @throws {ValidationError} `not_an_amount`, `too_long`, `bad_currency`
   */
  static parse(text, currency, reading) {
    const name = typeof currency === 'string' && currency.length < 99 ? currency : '';
    // Anything but a string of reasonable length is replaced by one that is not an amount in any currency.
    return read(typeof text !== 'string' ? `-${typeof text}` : text.length < 1e6 ? text : '-', name, reading);
  }

  /**
   * Takes minor units: fils, cents, halalas.
   * @param {string | bigint | number} minor a string of ASCII digits, a bigint or a safe integer; not below zero
   * @param {string} currency an active ISO 4217 code in capital letters
   * @returns {Amount}
   * @throws {ValidationError} `not_an_amount`, `too_long`, `bad_currency`
   */
  static fromMinor(minor, currency) {
    const whole = typeof minor === 'string' || typeof minor === 'bigint' || Number.isSafeInteger(minor);
    const digits = whole ? String(minor) : '';
    const exponent = exponents.get(currency) ?? Amount.parse('0', currency).#exponent;
    if (/^[0-9]+$/.test(digits)) return Amount.parse(decimalOf(digits, exponent), currency);
    // An empty string is rejected as minor units.
    return Amount.parse(whole ? `~${digits}` : /** @type {any} */ (minor), currency);
  }

  /**
   * Whether the value is an Amount, including one of another copy of this package.
   * @param {unknown} value
   * @returns {value is Amount}
   */
  static isAmount(value) {
    return typeof value === 'object' && value !== null && /** @type {any} */ (value)[AMOUNT] === true;
  }

  /**
   * The amount itself, read again if it comes from another copy of this package.
   * @param {unknown} value
   * @param {string} [parameter] named in the issue
   * @returns {Amount}
   * @throws {ValidationError} `not_an_amount`
   */
  static from(value, parameter = 'amount') {
    if (typeof value === 'object' && value !== null && #exponent in value) return value;
    if (Amount.isAmount(value)) return Amount.fromMinor(value.minor, value.currency);
    const message = `${parameter} must be an Amount, not ${value === null ? value : typeof value}: Amount.parse('49.99', 'AED').`;
    throw new ValidationError([issue(parameter, 'not_an_amount', message)]);
  }

  /** True only of an instance: a Proxy of one, or an object that inherits from one, has none of its values. */
  get [AMOUNT]() {
    return #exponent in this;
  }

  /** The decimal text, with exactly the decimals of the currency. */
  toString() {
    return decimalOf(String(this.minor), this.#exponent);
  }

  /**
   * The parameters for APS.
   * @returns {AmountParams}
   */
  toJSON() {
    return { amount: String(this.minor), currency: this.currency };
  }

  /**
   * The sum.
   * @param {Amount} other of the same currency
   * @returns {Amount}
   * @throws {ValidationError} `currency_mismatch`; `too_long` above 10 digits
   */
  plus(other) {
    return Amount.fromMinor(this.minor + this.#minorOf(other), this.currency);
  }

  /**
   * The difference, which must not be below zero.
   * @param {Amount} other of the same currency
   * @returns {Amount}
   * @throws {ValidationError} `currency_mismatch`; `not_an_amount` below zero
   */
  minus(other) {
    const difference = this.minor - this.#minorOf(other);
    if (difference >= 0n) return Amount.fromMinor(difference, this.currency);
    throw new ValidationError([issue('amount', 'not_an_amount', `${other} is more than ${this}.`)]);
  }

  /**
   * Compares two amounts, for example in `sort`.
   * @param {Amount} other of the same currency
   * @returns {-1 | 0 | 1}
   * @throws {ValidationError} `currency_mismatch`
   */
  compare(other) {
    const theirs = this.#minorOf(other);
    if (this.minor === theirs) return 0;
    return this.minor < theirs ? -1 : 1;
  }

  /**
   * Whether both are the same amount of the same currency.
   * @param {Amount} other of the same currency
   * @returns {boolean}
   * @throws {ValidationError} `currency_mismatch`
   */
  equals(other) {
    return this.compare(other) === 0;
  }

  /**
   * The amount for a person to read, by `Intl.NumberFormat`, with exactly the decimals of the currency.
   * @param {string | string[]} [locale] such as `'ar-AE'`; the runtime's own if left out
   * @param {AmountFormatOptions} [options]
   * @returns {string}
   * @throws {ValidationError} `bad_format` for a locale or an option that Intl does not take
   */
  format(locale, options) {
    const { style, currencyDisplay, useGrouping, numberingSystem, localeMatcher } = options ?? {};
    let parameter = 'locale';
    let format;
    try {
      Intl.getCanonicalLocales(locale);
      parameter = 'options';
      format = new Intl.NumberFormat(locale, {
        style: style === 'decimal' ? style : 'currency',
        currency: this.currency,
        currencyDisplay,
        useGrouping,
        numberingSystem,
        localeMatcher,
        minimumFractionDigits: this.#exponent,
        maximumFractionDigits: this.#exponent,
      });
    } catch {
      throw new ValidationError([issue(parameter, 'bad_format', `Intl.NumberFormat does not take this ${parameter}.`)]);
    }
    // Decimal text is formatted without a float where the engine supports it; ten digits survive a float anyway.
    return format.format(/** @type {any} */ (this.toString()));
  }

  /**
   * @param {'string' | 'number' | 'default'} hint
   * @returns {string}
   */
  [Symbol.toPrimitive](hint) {
    if (hint === 'string') return this.toString();
    throw new TypeError('An Amount is not a number: use plus, minus, compare, equals or String(amount).');
  }

  [INSPECT]() {
    return `Amount ${this} ${this.currency}`;
  }

  /**
   * @param {Amount} other
   * @returns {bigint} its minor units
   */
  #minorOf(other) {
    const amount = Amount.from(other);
    if (amount.currency !== this.currency) {
      const message = `Amounts of different currencies: ${this.currency} and ${amount.currency}.`;
      throw new ValidationError([issue('currency', 'currency_mismatch', message)]);
    }
    return amount.minor;
  }
}
