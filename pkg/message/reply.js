// Makes messages from APS into Replies. Rust verifies them and compares them with the request or the expected order.

import { ask, END, LIST, LIST_END, listOf, OBJECT, OBJECT_END } from '../core/call.js';
import {
  ConfigurationError,
  INSPECT,
  issue,
  OrderNotFoundError,
  ReplyMismatchError,
  SignatureError,
  ValidationError,
} from '../errors.js';
import { SELECTORS } from '../generated/parameters.js';
import { checkAccount, chooseCredentials, isLoopback, isLoopbackHost } from './account.js';
import { readExpected, unnamedOrderError } from './expected.js';
import { conceal, maskSecrets } from './mask.js';
import { readOptions } from './options.js';
import { Copied } from './params.js';
import { parsedHint, reasonOf, replyFields } from './read.js';
import { ApsRequest } from './request.js';
import { checkList } from './validate.js';

/** @typedef {import('./account.js').Account} Account */
/** @typedef {import('./account.js').CheckedAccount} CheckedAccount */
/** @typedef {import('../money/codes.js').Outcome} Outcome */
/** @typedef {import('./read.js').Message} Message */

/** @typedef {string | { readonly [name: string]: ReplyValue } | readonly ReplyValue[]} ReplyValue */
/** @typedef {import('../generated/commands.js').ReplyParams} ReplyParams */
/**
 * The parameters of a notification, and of what comes to `return_url`: APS names the order in each.
 * @typedef {ReplyParams & { readonly merchant_reference: string }} NotificationParams
 */
/**
 * A verified notification.
 * @typedef {Reply & { readonly params: NotificationParams }} Notification
 */

/**
 * @typedef {object} RequestParams
 * @property {Readonly<Record<string, any>>} params every parameter that was sent
 */
/**
 * @typedef {object} AnsweredRequest
 * @property {RequestParams} request the request that it answers
 * @property {'main' | 'applePay'} [credentials] the set that signed it, if its `access_code` does not say
 */
/** @typedef {import('./expected.js').ExpectedOrder} ExpectedOrder */

/** @typedef {ExpectedOrder | null | undefined} FoundOrder null or undefined if there is no such order */

/**
 * @typedef {{
 *   outcome: Outcome,
 *   status: string,
 *   code: string,
 *   message: string,
 *   params: Record<string, any>,
 *   authentic: boolean,
 *   redirectTo?: string,
 *   payment?: import('../money/payment.js').Payment,
 *   request?: SentUnder,
 *   cause?: Error,
 *   recorded?: true,
 *   evidence?: Evidence
 * }} ReplyFields
 */

/**
 * @typedef {object} NotificationSettings
 * @property {readonly string[]} [ignore] your own query parameters on `return_url`
 * @property {'main' | 'applePay'} [credentials] the set that must have signed it, unless `expect` names one
 */
/**
 * @typedef {object} NotificationLookUp
 * @property {(params: NotificationParams) => Promise<FoundOrder>} expect looks up the order; null if it is unknown
 */
/**
 * @typedef {object} NotificationExpected
 * @property {ExpectedOrder | ((params: NotificationParams) => FoundOrder)} [expect] the order, or a function that looks it up (null: the
 *   order is unknown); without a `command` in it, `succeeded` may be that of another operation on the order; digits of
 *   an amount are of whatever currency the message has, unless `currency` is given or an Amount
 */
/** @typedef {'reply' | 'notification' | 'reference' | 'totals' | 'assumed' | 'person'} Evidence */

/**
 * The references that an operation was sent with.
 * @typedef {object} SentUnder
 * @property {string} [merchant_reference] of the order
 * @property {string} [fort_id] APS's name of the payment
 * @property {string} [maintenance_reference] of the refund
 */

/**
 * A verified answer or notification. Immutable. Printing it shows no whole card number and no security code.
 *
 * When an answer was lost and CHECK_STATUS proved that the operation took place, the Reply is the one to CHECK_STATUS
 * with `outcome` `'succeeded'`; when it did not, `outcome` is `'uncertain'` and, unless APS itself answered so,
 * `status`, `code`, `message` and `params` are empty and `cause` is the TransportError.
 */
export class Reply {
  /** What it means for the operation. @readonly @type {Outcome} */
  outcome;
  /** Two digits. @readonly @type {string} */
  status;
  /** `response_code`, five digits. @readonly @type {string} */
  code;
  /** `response_message`, as APS words it. @readonly @type {string} */
  message;
  /** Every parameter as received. @readonly @type {ReplyParams} */
  params;
  /** Whether it was signed; APS does not sign status 00. @readonly @type {boolean} */
  authentic;
  /**
   * The payment after the operation, where it is known.
   * @readonly @type {import('../money/payment.js').Payment | undefined}
   */
  payment;
  /** Where to send the customer, with outcome `'action_required'`. @readonly @type {string | undefined} */
  redirectTo;
  /**
   * The parameter at fault, where `message` names one: `Missing parameter: customer_email`. Status 00 is not signed, so
   * it is a hint for people; do not act on it.
   * @readonly @type {string | undefined}
   */
  parameter;
  /**
   * The references that the operation was sent with, if its own answer was lost. A `maintenance_reference` that the
   * client made for a refund is found only here.
   * @readonly @type {Readonly<SentUnder> | undefined}
   */
  request;
  /** Why no answer came; not enumerable. @readonly @type {Error | undefined} */
  cause;
  /** The journal had recorded it: nothing was sent for this call. @readonly @type {true | undefined} */
  recorded;
  /** What the outcome is based on, if it comes from the journal. @readonly @type {Evidence | undefined} */
  evidence;

  /**
   * @internal
   * @param {ReplyFields} fields
   */
  constructor(fields) {
    this.outcome = fields.outcome;
    this.status = fields.status;
    this.code = fields.code;
    this.message = fields.message;
    this.params = /** @type {ReplyParams} */ (conceal(fields.params));
    this.authentic = fields.authentic;
    this.payment = fields.payment;
    this.redirectTo = fields.redirectTo;
    this.parameter = parameterIn(fields.code, fields.message);
    this.request = fields.request && Object.freeze({ ...fields.request });
    this.recorded = fields.recorded;
    this.evidence = fields.evidence;
    Object.defineProperty(this, 'cause', { value: fields.cause, enumerable: false });
    Object.freeze(this);
  }

  /**
   * The parts that are safe to print: no whole card number, no security code.
   * @returns {Record<string, any>}
   */
  toJSON() {
    const { payment, redirectTo, parameter, request, ...fields } = this;
    return {
      ...fields,
      params: maskSecrets(this.params),
      ...(payment && { payment }),
      ...(redirectTo && { redirectTo }),
      ...(parameter && { parameter }),
      ...(request && { request }),
    };
  }

  [INSPECT]() {
    return { ...this, params: maskSecrets(this.params) };
  }
}

/**
 * Missing parameter, invalid format, extra parameters, invalid length, value not allowed, contradicting parameters
 * (docs.payfort.com, message codes).
 */
const ABOUT_A_PARAMETER = new Set(['001', '002', '027', '032', '033', '110']);

/**
 * The name that APS puts behind the colon of a message. The code says what kind of message it is, so the language of the
 * words does not matter; marks of writing direction may stand around a Latin name in Arabic text.
 * @param {string} code
 * @param {string} message
 * @returns {string | undefined}
 */
function parameterIn(code, message) {
  if (!ABOUT_A_PARAMETER.has(code.slice(2))) return undefined;
  return /[:\uff1a][\s\u200e\u200f\u202a-\u202e\u2066-\u2069]*(\w+(?:\[\d*\])?(?:\.\w+(?:\[\d*\])?)*)/.exec(
    message,
  )?.[1];
}

/**
 * Opens the direct answer to a request: it must be signed with a response phrase of the account (or be of status 00,
 * which APS never signs: `authentic` is then false), and be about the request and from its `access_code`.
 * @param {Message} message the body as it arrived
 * @param {Account} account
 * @param {AnsweredRequest} options
 * @returns {Reply}
 * @throws {SignatureError} @throws {ReplyMismatchError} @throws {ConfigurationError}
 */
export function openReply(message, account, options) {
  const checked = checkAccount(account);
  const { request, credentials } = readOptions(options, ['request']);
  const sent = recordOf(request);
  if (sent === undefined) {
    throw new ConfigurationError(
      'no_request',
      'openReply needs the request that the message answers, including its command.',
    );
  }
  const isGiven = credentials === undefined && sent.access_code !== undefined;
  const expect = isGiven ? {} : { access_code: chooseCredentials(checked, sent, { credentials }).access_code };
  const hint = parsedHint(message);
  return open(replyFields(message), checked, { direct: true, request: sent.record, expect, hint });
}

/**
 * @param {{ readonly params: Readonly<Record<string, any>> } | undefined} request
 * @returns {{ record: string, access_code?: unknown, digital_wallet?: unknown } | undefined} its parameters as a record;
 *   undefined without a command
 */
function recordOf(request) {
  const own = typeof request === 'object' && request !== null ? ApsRequest.recordOf(request) : undefined;
  // A request of this package names its credentials.
  if (own !== undefined) return { record: own, access_code: '' };
  const { record, refused, params } = new Copied(request?.params);
  const isNamed = SELECTORS.some((name) => name in params);
  return refused.length === 0 && isNamed ? { ...params, record } : undefined;
}

/**
 * Opens a notification, or what the customer's browser brings to `return_url`. It must be signed, and be about the
 * order that is expected; without `expect` it is only known to come from APS, for some order of the merchant's.
 * Answer 400 to a SignatureError or ReplyMismatchError, and 503 to an OrderNotFoundError, so that APS sends it again.
 * @overload
 * @param {Message} message
 * @param {Account} account
 * @param {NotificationLookUp & NotificationSettings} options
 * @returns {Promise<Notification>}
 */
/**
 * Opens a notification, or what the customer's browser brings to `return_url`. It must be signed, and be about the
 * order that is expected; without `expect` it is only known to come from APS, for some order of the merchant's.
 * Answer 400 to a SignatureError or ReplyMismatchError, and 503 to an OrderNotFoundError, so that APS sends it again.
 * @overload
 * @param {Message} message
 * @param {Account} account
 * @param {NotificationExpected & NotificationSettings} [options]
 * @returns {Notification}
 */
/**
 * @param {Message} message
 * @param {Account} account
 * @param {{
 *   expect?: ExpectedOrder | ((params: NotificationParams) => FoundOrder | Promise<FoundOrder>),
 *   ignore?: readonly string[],
 *   credentials?: 'main' | 'applePay'
 * }} [options]
 * @returns {any}
 * @throws {SignatureError} @throws {ReplyMismatchError} @throws {OrderNotFoundError} @throws {ValidationError}
 * @throws {ConfigurationError}
 */
export function openNotification(message, account, options) {
  const checked = checkAccount(account);
  const { ignore: ignored, credentials } = readOptions(options, ['expect', 'ignore']);
  const expect = options?.expect;
  const ignore = checkList(ignored, 'ignore');
  // A lookup that found nothing must not switch the check off.
  if (expect === undefined && options && 'expect' in options) {
    const message = 'expect is undefined. Leave it out, or give null if there is no such order.';
    throw new ValidationError([issue('expect', 'missing', message)]);
  }
  const ofMerchant = { merchant_identifier: checked.merchant_identifier, ...accessCodeOf(checked, credentials) };
  const fields = replyFields(message);
  const hint = parsedHint(message);
  /** @param {FoundOrder} order */
  const compareWith = (order) => {
    if (order === null || order === undefined) throw new OrderNotFoundError();
    const expected = readExpected(order);
    return open(fields, checked, {
      ignore,
      hint,
      expect: { ...ofMerchant, ...expected, ...accessCodeOf(checked, order.credentials ?? credentials) },
      needsAmount: order.amount === undefined,
    });
  };
  if (expect !== undefined && expect !== null && typeof expect !== 'function') {
    // Without a reference every order would match.
    if (!expect.merchant_reference && !expect.fort_id) throw unnamedOrderError();
    return compareWith(expect);
  }
  // Verified before the contents are used.
  const reply = open(fields, checked, { ignore, hint, expect: ofMerchant });
  if (expect === undefined) return reply;
  const order = expect === null ? null : expect(/** @type {NotificationParams} */ (reply.params));
  // Any thenable: a lookup may return something other than a native promise.
  const later = /** @type {{ then?: unknown } | null} */ (order);
  return typeof later?.then === 'function'
    ? Promise.resolve(order).then(compareWith)
    : compareWith(/** @type {FoundOrder} */ (order));
}

/**
 * @param {CheckedAccount} account
 * @param {'main' | 'applePay' | undefined} credentials
 * @returns {{ access_code?: string }} the member that a message under that set has; empty if any set will do
 * @throws {ConfigurationError} `no_credentials`
 */
function accessCodeOf(account, credentials) {
  if (credentials === undefined) return {};
  return { access_code: chooseCredentials(account, undefined, { credentials }).access_code };
}

/**
 * @param {string} fields the message
 * @param {CheckedAccount} account
 * @param {{
 *   direct?: boolean,
 *   ignore?: readonly string[],
 *   request?: string,
 *   expect?: Record<string, string | undefined>,
 *   needsAmount?: boolean,
 *   hint?: string | undefined
 * }} options `request`: its record; `needsAmount`: no amount was expected, so a message about money is rejected; `hint`:
 *   reported with a signature that does not match
 * @returns {Reply}
 */
function open(fields, account, options) {
  const { direct = false, ignore = [], request = '', expect = {}, needsAmount = false, hint } = options;
  const expected = Object.entries(expect).filter(([, value]) => value !== undefined);
  const how = `${listOf(ignore)}${direct ? 1 : ''}\0${request}${END}${listOf(expected.flat())}`;
  const [tag, ...answer] = ask('open', credentialFields(account) + how + fields).split('\0');
  if (tag === 'e') throw refusalError(answer, hint);
  const [outcome, authentic, isAboutMoney, redirectTo] = answer;
  if (needsAmount && isAboutMoney === '1') {
    const message = "The message is about money: expect its amount, or say amount: 'any'.";
    throw new ValidationError([issue('amount', 'missing', message)]);
  }
  const params = paramsFrom(answer.slice(4));
  const textOf = (/** @type {string} */ name) => (typeof params[name] === 'string' ? params[name] : '');
  const reply = {
    outcome: /** @type {Outcome} */ (outcome),
    status: textOf('status'),
    code: textOf('response_code'),
    message: textOf('response_message'),
    params,
    authentic: authentic === '1',
    ...(redirectTo && { redirectTo }),
  };
  const local = localRedirect(reply, account);
  return new Reply(local === undefined ? reply : { ...reply, outcome: 'action_required', redirectTo: local });
}

/**
 * @param {readonly string[]} answer why a message is rejected, as `src/wasm/server.rs` returns it
 * @param {string | undefined} hint
 */
function refusalError([kind, code, ...rest], hint) {
  const parameters = rest.slice(0, -1);
  if (kind === 'mismatch') return new ReplyMismatchError(parameters);
  if (kind === 'signature') {
    const [detail = ''] = parameters;
    const why = code === 'unreadable' ? reasonOf(detail) || hint : hint;
    // The name may be what an attacker wrote.
    const where =
      code === 'ambiguous' && /^[a-z][a-z_]{1,39}$/.test(detail) ? `It is ambiguous at ${detail}.` : undefined;
    return new SignatureError(/** @type {import('../errors.js').SignatureErrorCode} */ (code), where ?? why);
  }
  const message = 'ignore must not name a parameter that decides what a message means.';
  return new ValidationError(parameters.map((name) => issue(name, 'not_allowed', message)));
}

/**
 * The parameters of a record.
 * @param {readonly string[]} fields
 * @returns {Record<string, any>}
 */
function paramsFrom(fields) {
  let at = 0;
  /** @returns {Record<string, any>} */
  const members = () => {
    /** @type {Record<string, any>} */
    const object = {};
    // The last field ends with a separator, so an empty string follows it.
    for (let name = fields[at++]; at < fields.length && name !== CLOSED; name = fields[at++]) {
      object[/** @type {string} */ (name)] = value(fields[at++]);
    }
    return object;
  };
  /** @type {(field: string | undefined) => any} */
  const value = (field) => {
    if (field === OPENED) return members();
    if (field !== LISTED) return field;
    const list = [];
    for (let element = fields[at++]; at < fields.length && element !== UNLISTED; element = fields[at++]) {
      list.push(value(element));
    }
    return list;
  };
  return members();
}
const [OPENED, CLOSED, LISTED, UNLISTED] = [OBJECT, OBJECT_END, LIST, LIST_END].map((mark) => mark.slice(0, -1));

/** Holds phrases, as the account itself does. @type {WeakMap<CheckedAccount, string>} */
const credentials = new WeakMap();

/**
 * The credential sets of an account, as Rust reads them.
 * @param {CheckedAccount} account
 */
function credentialFields(account) {
  let fields = credentials.get(account);
  if (fields === undefined) {
    const sets = account.credentials.map(
      ({ access_code, digest, response_phrases }) => `${access_code}\0${digest}\0${listOf(response_phrases)}`,
    );
    fields = `${sets.length}\0${sets.join('')}`;
    credentials.set(account, fields);
  }
  return fields;
}

/**
 * The 3-D Secure page of a sandbox on this machine, which does not use https.
 * @param {{ outcome: Outcome, authentic: boolean, params: Record<string, any> }} reply
 * @param {CheckedAccount} account
 * @returns {string | undefined}
 */
function localRedirect({ outcome, authentic, params }, account) {
  const url = params['3ds_url'];
  if (outcome !== 'pending' || params.status !== '20' || !authentic) return undefined;
  if (typeof url !== 'string' || !isLoopback(account) || !URL.canParse(url)) return undefined;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && isLoopbackHost(hostname) ? url : undefined;
}
