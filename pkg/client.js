// The client: sends what request.js builds, opens what comes back, and never claims more about money than it knows.

import { accountFromEnv, checkAccount, copyAccount } from './account.js';
import { Amount } from './amount.js';
import { openBatchResults, openReport } from './batch/results.js';
import { buildUpload } from './batch/upload.js';
import {
  ApsError,
  ConfigurationError,
  INSPECT,
  issue,
  SignatureError,
  TransportError,
  ValidationError,
} from './errors.js';
import { Orders } from './orders.js';
import { Payment } from './payment.js';
import { judge, recover, totalsOf } from './recovery.js';
import { openReply, Reply } from './reply.js';
import { buildForm, buildRequest, commandInfo } from './request.js';
import * as services from './services.js';
import { aborted, exchange, pause, respond, unreadable } from './transport.js';

/** @typedef {import('./account.js').Account} Account */
/** @typedef {import('./generated/commands.js').CommandParams} CommandParams */
/** @typedef {import('./generated/commands.js').CommandName} CommandName */
/** @typedef {import('./payment.js').Instant} Instant */
/** @typedef {import('./recovery.js').Baseline} Baseline */
/** @typedef {import('./request.js').ApsRequest} ApsRequest */
/** @typedef {import('./transport.js').Fetch} Fetch */

/**
 * @typedef {import('./request.js').RequestOptions & {
 *   signal?: AbortSignal,
 *   timeout?: number,
 *   baseline?: boolean
 * }} SendOptions
 * `signal`: give up, without finding out what became of it; `timeout`: milliseconds for one answer;
 * `baseline`: read the totals by CHECK_STATUS before sending, so that a lost answer can be made good
 */

/** @typedef {{ signal?: AbortSignal, timeout?: number }} Limits as in `SendOptions` */

/** @typedef {SendOptions & Partial<import('./payment.js').StatusContext>} StatusOptions */

/**
 * @typedef {{
 *   fetch?: Fetch | typeof globalThis.fetch,
 *   timeout?: number,
 *   retries?: number
 * }} ClientOptions
 * `timeout`: milliseconds for one answer, 60,000 if left out; `retries`: how often to send again what was never sent,
 * or a query, 2 if left out
 */

/** Answers that are about an attempt before this one: asking once tells as much as asking often. */
const ANSWERED_BEFORE = new Set(['007', '066', '047']);
/** The longest that `setTimeout` can wait. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * Payment operations of one account.
 *
 * A command that moves money is sent once. When its answer is lost, CHECK_STATUS is asked, and the outcome is
 * `succeeded` only if the totals grew by exactly its amount over totals read before sending (`options.payment`, or
 * `options.baseline`); otherwise it is `uncertain`, and it may even still be carried out. SignatureError and
 * ReplyMismatchError out of such a command mean the same: an answer came, but not one to believe.
 */
export class PaymentServices {
  /** @type {Account} */
  #account;
  /** @type {Fetch} */
  #fetch;
  /** @type {number} */
  #timeout;
  /** @type {number} */
  #retries;
  #orders = new Orders();

  /**
   * @param {Account} account copied, so that later changes to it change nothing here
   * @param {ClientOptions} [options]
   * @throws {ConfigurationError}
   */
  constructor(account, { fetch = globalThis.fetch, timeout = 60_000, retries = 2 } = {}) {
    checkAccount(account);
    if (typeof fetch !== 'function') throw new ConfigurationError('no_fetch', 'fetch must be a function.');
    if (!Number.isSafeInteger(retries) || retries < 0) {
      throw new ConfigurationError('bad_option', 'retries must be a whole number, not below 0.');
    }
    this.#account = copyAccount(account);
    // Called on its own: the native one refuses to be a method of something else.
    this.#fetch = (url, init) => /** @type {Fetch} */ (fetch)(url, init);
    this.#timeout = checkTimeout(timeout, (message) => new ConfigurationError('bad_option', message));
    this.#retries = retries;
  }

  /**
   * A client for the account that the environment describes: `APS_ENVIRONMENT`, `APS_MERCHANT_IDENTIFIER`,
   * `APS_ACCESS_CODE`, `APS_SHA_REQUEST_PHRASE`, `APS_SHA_RESPONSE_PHRASE`, `APS_DIGEST`, and `APS_APPLE_PAY_ACCESS_CODE`
   * and so on for Apple Pay. Several phrases are a JSON array, newest first.
   * @param {ClientOptions} [options]
   * @param {Record<string, string | undefined>} [env] the process's own if left out
   * @returns {PaymentServices}
   * @throws {ConfigurationError} naming all that is missing
   */
  static fromEnv(options, env = globalThis.process?.env ?? {}) {
    return new PaymentServices(accountFromEnv(env), options);
  }

  /**
   * AUTHORIZATION: holds money on a card, to be captured later.
   * @param {CommandParams['AUTHORIZATION']} params
   * @param {SendOptions} [options]
   * @returns {Promise<Reply>}
   */
  authorize(params, options) {
    return this.send('AUTHORIZATION', params, options);
  }

  /**
   * PURCHASE: authorizes and captures at once.
   * @param {CommandParams['PURCHASE']} params
   * @param {SendOptions} [options]
   * @returns {Promise<Reply>}
   */
  purchase(params, options) {
    return this.send('PURCHASE', params, options);
  }

  /**
   * CAPTURE: takes money that was authorized, in whole or in part.
   * @param {CommandParams['CAPTURE']} params
   * @param {SendOptions} [options]
   * @returns {Promise<Reply>}
   */
  capture(params, options) {
    return this.send('CAPTURE', params, options);
  }

  /**
   * VOID_AUTHORIZATION: lets go of a whole authorization.
   * @param {CommandParams['VOID_AUTHORIZATION']} params
   * @param {SendOptions} [options]
   * @returns {Promise<Reply>}
   */
  void(params, options) {
    return this.send('VOID_AUTHORIZATION', params, options);
  }

  /**
   * REFUND: gives back what was captured, in whole or in part. A `maintenance_reference` is always sent: a UUID if
   * none is given.
   * @param {CommandParams['REFUND']} params
   * @param {SendOptions} [options]
   * @returns {Promise<Reply>}
   */
  refund(params, options) {
    return this.send('REFUND', params, options);
  }

  /**
   * CHECK_STATUS: the totals of an order and its last operation. The reply has a `payment` if `options` give one to
   * bring up to date, or `currency`, `command` and `authorizedAt`, which APS does not tell.
   * @param {CommandParams['CHECK_STATUS']} params
   * @param {StatusOptions} [options]
   * @returns {Promise<Reply>}
   */
  checkStatus(params, options) {
    return this.send('CHECK_STATUS', params, options);
  }

  /**
   * Sends any command but those of the payment page and of files. What is newer than this package needs `options.allow`
   * for parameters, or `options.selector` for a command. A command that is not known is treated as moving money: it is
   * sent once, and a lost answer is `uncertain`.
   * @template {CommandName} C
   * @overload
   * @param {C} command
   * @param {CommandParams[C]} params
   * @param {StatusOptions} [options]
   * @returns {Promise<Reply>}
   */
  /**
   * @overload
   * @param {string} command newer than this package, or with parameters that are
   * @param {import('./params.js').Params} params
   * @param {StatusOptions & import('./request.js').NewerOptions} options
   * @returns {Promise<Reply>}
   */
  /**
   * @param {string} command
   * @param {any} params
   * @param {StatusOptions} [options]
   * @returns {Promise<Reply>}
   * @throws {ValidationError} parameters or options are wrong; nothing was sent
   * @throws {import('./errors.js').LifecycleError} `options.payment` forbids it; nothing was sent
   * @throws {TransportError} with `sent` `'no'`; or `'unknown'` after a redirect, when the caller gave up, or when a
   *   query got no answer
   * @throws {SignatureError} the answer cannot be trusted
   * @throws {import('./errors.js').ReplyMismatchError} the answer is about something else
   * @throws {ConfigurationError}
   */
  async send(command, params, options = {}) {
    const limits = this.#limits(options);
    // The instant of sending: what was allowed then is not forbidden by how long the answer took.
    const at = options.at ?? Date.now();
    const complete = command === 'REFUND' ? withReference(params) : params;
    const request = this.#build(command, complete, options);
    const { params: sent } = request;
    const effect = commandInfo(command)?.effect ?? 'money';
    if (effect !== 'money') {
      const again = (/** @type {TransportError} */ { code, sent: reached }) =>
        reached === 'no' || (effect === 'query' && code !== 'redirect');
      const reply = await this.#answer(request, limits, again);
      this.#remember(reply, sent);
      return withPayment(reply, () => statusPayment(reply, options));
    }
    const work = () => this.#move(command, request, { ...options, at }, limits);
    return this.#orders.inTurn(namesOf(sent), limits.signal, work);
  }

  /** @readonly @type {services.FormMethods<typeof services.PAYMENT_PAGE>} forms of APS's page, for the browser to post */
  paymentPage = services.methods(
    (command, params, options) => this.#form(command, params, options),
    services.PAYMENT_PAGE,
  );
  /**
   * Stored cards.
   * @readonly
   * @type {services.FormMethods<typeof services.TOKEN_FORMS> & services.Methods<typeof services.TOKENS>}
   */
  tokens = {
    ...services.methods((command, params, options) => this.#form(command, params, options), services.TOKEN_FORMS),
    ...this.#group(services.TOKENS),
  };
  /** @readonly @type {services.Methods<typeof services.CARDS>} cards without a payment */
  cards = this.#group(services.CARDS);
  /** @readonly @type {services.Methods<typeof services.INSTALLMENTS>} payment in installments */
  installments = this.#group(services.INSTALLMENTS);
  /** @readonly @type {services.Methods<typeof services.VALU>} valU: customer, code, then `purchase` */
  valu = this.#group(services.VALU);
  /** @readonly @type {services.Methods<typeof services.STC_PAY>} STC Pay: code, then `purchase` */
  stcPay = this.#group(services.STC_PAY);
  /** @readonly @type {services.Methods<typeof services.LINKS>} payment links */
  links = this.#group(services.LINKS);
  /** @readonly @type {services.Methods<typeof services.CURRENCY>} currency exchange */
  currency = this.#group(services.CURRENCY);
  /** @readonly @type {services.Methods<typeof services.BILLS>} bills that are paid elsewhere */
  bills = this.#group(services.BILLS);
  /** @readonly @type {services.Methods<typeof services.THREE_DS>} 3-D Secure that the merchant runs */
  threeDS = this.#group(services.THREE_DS);
  /** @readonly @type {services.Methods<typeof services.SDK>} APS's mobile SDK */
  sdk = this.#group(services.SDK);
  /** Batches of operations in a file. @readonly */
  batches = {
    /** @type {services.Methods<typeof services.BATCHES>} */
    ...this.#group(services.BATCHES),
    /**
     * UPLOAD_BATCH_FILE: a file such as `writeBatch` makes. Its columns, and that `file` is not signed, are inferred.
     * @param {Parameters<typeof buildUpload>[0]} params
     * @param {import('./batch/upload.js').BatchFile} file
     * @param {import('./batch/upload.js').UploadOptions & Limits} [options]
     * @returns {Promise<Reply>}
     */
    upload: async (params, file, options = {}) => {
      const limits = this.#limits(options);
      const upload = buildUpload(params, file, this.#account, options);
      // A stream that was begun is gone.
      const again = upload.body instanceof Blob;
      return this.#answer(upload, limits, ({ sent }) => again && sent === 'no');
    },
    /**
     * GET_BATCH_RESULTS: the state of a batch, or, once it was processed, what became of its operations.
     * @param {CommandParams['GET_BATCH_RESULTS']} params
     * @param {SendOptions} [options] `timeout`: until the answer begins
     */
    results: (params, options = {}) =>
      this.#file('GET_BATCH_RESULTS', params, options, (response, request) =>
        openBatchResults(response, this.#account, { request, signal: options.signal }),
      ),
  };
  /** Reports on transactions. @readonly */
  reports = {
    /** @type {services.Methods<typeof services.REPORTS>} */
    ...this.#group(services.REPORTS),
    /**
     * GET_REPORT: a report that was ordered, or that it is not ready.
     * @param {CommandParams['GET_REPORT']} params
     * @param {SendOptions} [options] `timeout`: until the answer begins
     */
    get: (params, options = {}) =>
      this.#file('GET_REPORT', params, options, (response, request) =>
        openReport(response, this.#account, { request, signal: options.signal }),
      ),
    /**
     * DOWNLOAD_REPORT: the same by its other name. Only the name is documented; the rest is inferred.
     * @param {CommandParams['DOWNLOAD_REPORT']} params
     * @param {SendOptions} [options] `timeout`: until the answer begins
     */
    download: (params, options = {}) =>
      this.#file('DOWNLOAD_REPORT', params, options, (response, request) =>
        openReport(response, this.#account, { request, signal: options.signal }),
      ),
  };

  /**
   * @template {Readonly<Record<string, CommandName>>} T
   * @param {T} table
   * @returns {services.Methods<T>}
   */
  #group(table) {
    return services.methods((command, params, options) => this.send(command, params, options), table);
  }

  /**
   * @param {any} command
   * @param {any} params
   * @param {any} options
   */
  #form(command, params, options) {
    return buildForm(command, params, this.#account, options);
  }

  /**
   * @param {any} command
   * @param {any} params
   * @param {any} options
   */
  #build(command, params, options) {
    return buildRequest(command, params, this.#account, options);
  }

  /**
   * @param {SendOptions} options
   * @returns {{ timeout: number, signal?: AbortSignal }}
   */
  #limits(options) {
    checkOptions(options);
    const timeout = checkTimeout(options.timeout ?? this.#timeout, (message) => {
      return new ValidationError([issue('timeout', 'bad_format', message)]);
    });
    return { timeout, signal: options.signal };
  }

  /**
   * Sends a query whose answer may be a file.
   * @template T
   * @param {CommandName} command
   * @param {unknown} params
   * @param {SendOptions} options
   * @param {(response: Response, request: ApsRequest) => Promise<T>} open
   * @returns {Promise<T>}
   */
  async #file(command, params, options, open) {
    const limits = this.#limits(options);
    const request = this.#build(command, params, options);
    const ask = async () => open(await respond(this.#fetch, request, limits), request);
    return this.#attempt(ask, limits, ({ code }) => code !== 'redirect');
  }

  /** What may be printed. */
  toJSON() {
    const { environment, merchant_identifier } = checkAccount(this.#account);
    return { environment, merchant_identifier };
  }

  [INSPECT]() {
    const { environment, merchant_identifier } = this.toJSON();
    return `PaymentServices { environment: '${environment}', merchant_identifier: '${merchant_identifier}' }`;
  }

  /**
   * Carries out a command that moves money.
   * @param {string} command
   * @param {ApsRequest} request
   * @param {SendOptions} options
   * @param {{ timeout: number, signal?: AbortSignal }} limits
   * @returns {Promise<Reply>}
   */
  async #move(command, request, options, limits) {
    const { params } = request;
    const names = namesOf(params);
    const operation = { command, amount: Number(params.amount ?? 0) };
    const before = await this.#baseline(params, options, limits);
    let reply = await this.#answer(request, limits, ({ sent }) => sent === 'no').catch((error) => uncertain(error));
    if (reply.outcome === 'uncertain') reply = await this.#findOut(operation, params, before, reply, limits);
    if (reply.outcome !== 'succeeded') return reply;
    this.#reached(names, operation, before);
    // The given payment may be behind what this client has done since: then none is better than a wrong one.
    const { payment } = options;
    const isBehind =
      payment !== undefined &&
      before !== null &&
      (BigInt(before.captured) !== payment.captured.minor || BigInt(before.refunded) !== payment.refunded.minor);
    return isBehind ? reply : withPayment(reply, () => newPayment(command, params, reply, options));
  }

  /**
   * The totals before an operation, or null if nobody has read them.
   * @param {Record<string, any>} params
   * @param {SendOptions} options
   * @param {{ timeout: number, signal?: AbortSignal }} limits
   * @returns {Promise<Baseline | null>}
   * @throws {TransportError} `'no'`: they were asked for and could not be read
   */
  async #baseline(params, { payment, baseline }, limits) {
    if (limits.signal?.aborted) throw aborted('no');
    if (baseline) {
      let reply;
      try {
        reply = await this.#answer(this.#lookUp(params), limits, ({ code }) => code !== 'redirect');
      } catch (error) {
        if (limits.signal?.aborted) throw aborted('no');
        const message = 'The totals before the operation could not be read, so nothing was sent.';
        throw new TransportError('no_baseline', 'no', message, { cause: error });
      }
      this.#remember(reply, params);
      const totals = totalsOf(reply);
      if (totals !== null) return totals;
      const message = `The totals before the operation could not be read (${reply.code}), so nothing was sent.`;
      throw new TransportError('no_baseline', 'no', message);
    }
    if (payment === undefined) return null;
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
   * Asks CHECK_STATUS what became of an operation.
   * @param {import('./recovery.js').Operation} operation
   * @param {Record<string, any>} params
   * @param {Baseline | null} before
   * @param {Reply} reply the uncertain one
   * @param {{ timeout: number, signal?: AbortSignal }} limits
   * @returns {Promise<Reply>} the proof that it succeeded, or the uncertain reply
   */
  async #findOut(operation, params, before, reply, { timeout, signal }) {
    // Of a command that is not known, totals tell nothing.
    if (before === null || commandInfo(operation.command) === null) return reply;
    const proof = await recover(
      (limit) => this.#answer(this.#lookUp(params), limit, () => false),
      (status) => judge(status, operation, before),
      { timeout, signal, once: ANSWERED_BEFORE.has(reply.code.slice(2)) },
    );
    if (signal?.aborted) throw aborted('unknown');
    if (proof === null) return reply;
    this.#remember(proof, params);
    return new Reply({ ...proof, outcome: 'succeeded' });
  }

  /**
   * @param {Record<string, any>} params of the request that it is about
   * @returns {ApsRequest}
   */
  #lookUp({ merchant_reference, fort_id, access_code }) {
    const { credentials } = checkAccount(this.#account);
    const set = credentials.find((one) => one.access_code === access_code);
    return buildRequest('CHECK_STATUS', { merchant_reference, fort_id }, this.#account, { credentials: set?.name });
  }

  /**
   * Sends a request until there is an answer or no hope of one.
   * @param {ApsRequest | import('./batch/upload.js').ApsUpload} request
   * @param {{ timeout: number, signal?: AbortSignal }} limits
   * @param {(error: TransportError) => boolean} again whether it may be sent again
   * @returns {Promise<Reply>}
   */
  #answer(request, limits, again) {
    return this.#attempt(async () => this.#open(await exchange(this.#fetch, request, limits), request), limits, again);
  }

  /**
   * @template T
   * @param {() => Promise<T>} ask
   * @param {{ timeout: number, signal?: AbortSignal }} limits
   * @param {(error: TransportError) => boolean} again
   * @returns {Promise<T>}
   */
  async #attempt(ask, limits, again) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await ask();
      } catch (error) {
        const hopeless = !(error instanceof TransportError) || error.code === 'aborted' || !again(error);
        if (hopeless || attempt >= this.#retries) throw error;
        const longest = Math.min(limits.timeout / 60, 1000) * 2 ** attempt;
        await pause(longest * (0.5 + Math.random() / 2), limits.signal);
        if (limits.signal?.aborted) throw aborted(error.sent);
      }
    }
  }

  /**
   * @param {string} text
   * @param {ApsRequest | import('./batch/upload.js').ApsUpload} request
   * @returns {Reply}
   */
  #open(text, request) {
    try {
      return openReply(text, this.#account, { request });
    } catch (error) {
      // Cut off on the way: as good as lost.
      throw error instanceof SignatureError && error.code === 'unreadable' ? unreadable() : error;
    }
  }

  /**
   * @param {Reply} reply to CHECK_STATUS
   * @param {Record<string, any>} sent
   */
  #remember(reply, sent) {
    const totals = reply.params.query_command === 'CHECK_STATUS' ? totalsOf(reply) : null;
    if (totals !== null) this.#orders.reached([...new Set([...namesOf(sent), ...namesOf(reply.params)])], totals);
  }

  /**
   * @param {string[]} names
   * @param {import('./recovery.js').Operation} operation that succeeded
   * @param {Baseline | null} before
   */
  #reached(names, { command, amount }, before) {
    const { captured, refunded } = before ?? this.#orders.totals(names);
    if (command === 'PURCHASE') this.#orders.reached(names, { captured: amount });
    if (command === 'CAPTURE') this.#orders.reached(names, { captured: captured + amount });
    if (command === 'REFUND') this.#orders.reached(names, { refunded: refunded + amount });
    if (command === 'VOID_AUTHORIZATION') this.#orders.reached(names, { voided: true });
  }
}

/**
 * @param {number} timeout
 * @param {(message: string) => Error} refuse
 * @returns {number}
 */
function checkTimeout(timeout, refuse) {
  if (typeof timeout === 'number' && timeout > 0 && timeout <= LONGEST_TIMEOUT) return timeout;
  throw refuse('timeout must be a number of milliseconds above 0.');
}

/**
 * What neither validation nor signing looks at.
 * @param {SendOptions} options
 */
function checkOptions({ payment, signal }) {
  if (payment !== undefined) Payment.from(payment);
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw new ValidationError([issue('signal', 'bad_format', 'signal must be an AbortSignal.')]);
  }
}

/**
 * @param {any} params
 * @returns {any} with a `maintenance_reference`, by which APS tells refunds apart
 */
function withReference(params) {
  const isObject = typeof params === 'object' && params !== null && !Array.isArray(params);
  if (!isObject || (params.maintenance_reference ?? '') !== '') return params;
  const descriptors = Object.getOwnPropertyDescriptors(params);
  const maintenance_reference = { value: crypto.randomUUID(), enumerable: true, configurable: true, writable: true };
  // A copy that keeps what validation has to see: accessors and the prototype.
  return Object.create(Object.getPrototypeOf(params), { ...descriptors, maintenance_reference });
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
 * The reply when there is none.
 * @param {unknown} error
 * @returns {Reply}
 * @throws the error, where it must not be taken for a lost answer
 */
function uncertain(error) {
  const lost = error instanceof TransportError && error.sent === 'unknown';
  // A redirect is someone's doing, and a caller who gave up does not want to wait.
  if (!lost || error.code === 'redirect' || error.code === 'aborted') throw error;
  const empty = { status: '', code: '', message: '', params: {}, authentic: false };
  return new Reply({ outcome: 'uncertain', ...empty, cause: error });
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
  } catch (error) {
    // The money has moved: that the payment cannot be derived is no failure.
    if (error instanceof ApsError) return reply;
    throw error;
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
