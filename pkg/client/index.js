// The client: sends requests, opens replies, and never claims more about money than it knows.

import { openBatchResults, openReport } from '../batch/results.js';
import { buildUpload } from '../batch/upload.js';
import { INSPECT } from '../errors.js';
import { METHODS } from '../generated/methods.js';
import { accountFromEnv } from '../message/account-from-env.js';
import { buildForm, commandInfo } from '../message/request.js';
import { SENDER, Sender } from './attempts.js';
import { Money } from './money.js';
import { bind, Services } from './services.js';

/** @typedef {import('../message/account.js').Account} Account */
/** @typedef {import('../generated/commands.js').CommandParams} CommandParams */
/** @typedef {import('../generated/commands.js').CommandName} CommandName */
/** @typedef {import('../errors.js').ConfigurationError} ConfigurationError */
/** @typedef {import('../errors.js').TransportError} TransportError */
/** @typedef {import('../errors.js').ValidationError} ValidationError */
/** @typedef {import('../message/reply.js').Reply} Reply */
/** @typedef {import('../net/http.js').Fetch} Fetch */

/**
 * @typedef {object} CallOptions
 * @property {boolean} [baseline] reads the totals by CHECK_STATUS before sending, so that a lost answer can be
 *   looked up
 */
/**
 * How a call is checked, signed and sent.
 * @typedef {import('../message/request.js').RequestOptions & Limits & CallOptions} SendOptions
 */

/**
 * @typedef {object} Limits
 * @property {AbortSignal} [signal] gives up, without finding out what became of it
 * @property {number} [timeout] milliseconds for one answer
 */

/**
 * Options of one call, and for CHECK_STATUS what its answer does not say about the payment.
 * @typedef {SendOptions & Partial<import('../money/payment.js').StatusContext>} StatusOptions
 */

/**
 * @typedef {object} Shown
 * @property {string} environment `sandbox`, `production` or `custom`
 * @property {string} merchant_identifier of the account
 */
/**
 * The methods of `batches` that read or write files.
 * @typedef {object} BatchMethods
 * @property {(params: UploadParams, file: import('../batch/upload.js').BatchFile,
 *   given?: import('../batch/upload.js').UploadOptions & Limits) => Promise<Reply>} upload UPLOAD_BATCH_FILE: a file such as
 *   `writeBatch` makes. Its columns, and that `file` is not signed, are inferred.
 * @property {(params: CommandParams['GET_BATCH_RESULTS'], options?: SendOptions) => Promise<BatchAnswer>} results
 *   GET_BATCH_RESULTS: the state of a batch, or, once it was processed, what became of its operations; `timeout`: until the
 *   answer begins
 */
/**
 * The methods of `reports` that read files.
 * @typedef {object} ReportMethods
 * @property {(params: CommandParams['GET_REPORT'], options?: SendOptions) => Promise<ReportAnswer>} get GET_REPORT: a report
 *   that was ordered, or that it is not ready; `timeout`: until the answer begins
 * @property {(params: CommandParams['DOWNLOAD_REPORT'], options?: SendOptions) => Promise<ReportAnswer>} download
 *   DOWNLOAD_REPORT: the same by its other name. Only the name is documented; the rest is inferred.
 */
/** @typedef {Parameters<typeof import('../batch/upload.js').buildUpload>[0]} UploadParams */
/** @typedef {import('../batch/results.js').BatchAnswer} BatchAnswer */
/** @typedef {import('../batch/results.js').ReportAnswer} ReportAnswer */
/**
 * How a client sends.
 * @typedef {object} ClientOptions
 * @property {Fetch | typeof globalThis.fetch} [fetch] sends requests; the runtime's own if left out
 * @property {number} [timeout] milliseconds for one answer; 60,000 if left out
 * @property {number} [retries] how often to send again what was never sent, or a query; 2 if left out
 * @property {(event: import('../net/observe.js').ClientEvent) => unknown} [observe] called with requests, replies,
 *   lookups and outcomes; what it throws changes nothing
 */

/**
 * Payment operations of one account.
 *
 * A command that moves money is sent once. When its answer is lost, the client sends CHECK_STATUS, and the outcome is
 * `succeeded` only if the totals grew by exactly its amount over totals read before sending (`options.payment`, or
 * `options.baseline`); otherwise it is `uncertain`, and it may still be carried out later. An outdated payment proves
 * little: give `baseline` where something else may have moved money. A SignatureError or ReplyMismatchError thrown by such
 * a command means `uncertain` too: an answer came, but it cannot be trusted.
 */
export class PaymentServices extends Services {
  /** @type {Sender} */
  #sender;
  /** @type {Money} */
  #money;

  /**
   * @param {Account} account copied, so that later changes to it change nothing here
   * @param {ClientOptions} [options]
   * @throws {ConfigurationError}
   */
  constructor(account, options) {
    super(
      (command, params, options) => this.send(command, params, options),
      (command, params, options) => buildForm(command, params, this.#sender.ownAccount, options),
    );
    this.#sender = new Sender(account, options);
    this.#money = new Money(this.#sender);
  }

  /**
   * A client for the account that the environment describes: `APS_ENVIRONMENT`, `APS_MERCHANT_IDENTIFIER`,
   * `APS_ACCESS_CODE`, `APS_SHA_REQUEST_PHRASE`, `APS_SHA_RESPONSE_PHRASE`, `APS_DIGEST`, and `APS_APPLE_PAY_ACCESS_CODE`
   * and so on for Apple Pay. Several phrases are a JSON array of strings, newest first.
   * @param {ClientOptions} [options]
   * @param {Record<string, string | undefined>} [env] the process's own if left out
   * @returns {PaymentServices}
   * @throws {ConfigurationError} naming all that is missing
   */
  static fromEnv(options, env) {
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
   * VOID_AUTHORIZATION: releases a whole authorization.
   * @param {CommandParams['VOID_AUTHORIZATION']} params
   * @param {SendOptions} [options]
   * @returns {Promise<Reply>}
   */
  void(params, options) {
    return this.send('VOID_AUTHORIZATION', params, options);
  }

  /**
   * REFUND: gives back what was captured, in whole or in part. A `maintenance_reference` is always sent: a UUID if
   * none is given. Give your own, and store it first: with it a refund can be looked up, and a declined one sent again, even if
   * this process ends before the answer comes.
   * @param {CommandParams['REFUND']} params
   * @param {SendOptions} [options]
   * @returns {Promise<Reply>}
   */
  refund(params, options) {
    return this.send('REFUND', params, options);
  }

  /**
   * CHECK_STATUS: the totals of an order and its last operation. The reply has a `payment` if `options` give one to
   * bring up to date, or `currency`, `command` and `authorizedAt`, which the answer lacks.
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
   * Sends what is newer than this package: `options.selector` names the member that holds a new command, `options.allow`
   * new parameters.
   * @overload
   * @param {string} command newer than this package, or with parameters that are
   * @param {import('../message/read.js').Params} params
   * @param {StatusOptions & import('../message/request.js').NewerOptions} options
   * @returns {Promise<Reply>}
   */
  /**
   * @param {string} command
   * @param {any} params
   * @param {StatusOptions} [given]
   * @returns {Promise<Reply>}
   * @throws {ValidationError} parameters or options are wrong; nothing was sent
   * @throws {import('../errors.js').LifecycleError} `options.payment` forbids it; nothing was sent
   * @throws {TransportError} with `sent` `'no'`; or `'unknown'` after a redirect, when the caller gave up, or when a
   *   query got no answer
   * @throws {SignatureError} the answer cannot be trusted
   * @throws {import('../errors.js').ReplyMismatchError} the answer is about something else
   * @throws {ConfigurationError}
   */
  async send(command, params, given) {
    const { options, limits } = this.#sender.options(given);
    // The instant of sending: a slow answer must not make what was allowed then look forbidden.
    const at = options.at ?? Date.now();
    const request = this.#sender.build(command, command === 'REFUND' ? withReference(params) : params, options);
    const start = performance.now();
    const answer = this.#answer(command, request, { ...options, at }, limits);
    return this.#sender.observeOutcome(command, request, start, answer);
  }

  /**
   * @param {string} command
   * @param {import('../message/request.js').ApsRequest} request
   * @param {import('./money.js').StatusOptions} options
   * @param {import('./attempts.js').Limits} limits
   */
  async #answer(command, request, options, limits) {
    const info = commandInfo(command);
    if (movesMoney(info)) return this.#money.carryOut(command, request, options, limits);
    const shouldRepeat = (/** @type {TransportError} */ { code, sent }) =>
      sent === 'no' || (info?.effect === 'query' && code !== 'redirect');
    const reply = await this.#sender.answer(request, limits, shouldRepeat);
    return this.#money.followUp(reply, request.params, options);
  }

  /**
   * Batches of operations in a file.
   * @readonly
   * @type {import('./services.js').Methods<typeof METHODS.batches> & BatchMethods}
   */
  batches = {
    ...bind((command, params, options) => this.send(command, params, options), METHODS.batches),
    upload: async (params, file, given) => {
      const { options, limits } = this.#sender.options(given, ['signed']);
      const upload = buildUpload(params, file, this.#sender.ownAccount, options);
      // A stream that was begun is gone.
      const again = upload.body instanceof Blob;
      return this.#sender.answer(upload, limits, ({ sent }) => again && sent === 'no');
    },
    results: (params, options) => this.#sender.file('GET_BATCH_RESULTS', params, options, openBatchResults),
  };
  /**
   * Reports on transactions.
   * @readonly
   * @type {import('./services.js').Methods<typeof METHODS.reports> & ReportMethods}
   */
  reports = {
    ...bind((command, params, options) => this.send(command, params, options), METHODS.reports),
    get: (params, options) => this.#sender.file('GET_REPORT', params, options, openReport),
    download: (params, options) => this.#sender.file('DOWNLOAD_REPORT', params, options, openReport),
  };

  /** For the journal, which sends what this client would send: its `Sender`. @returns {unknown} */
  [SENDER]() {
    return this.#sender;
  }

  /**
   * What may be printed.
   * @returns {Shown}
   */
  toJSON() {
    const { environment, merchant_identifier } = this.#sender.account;
    return { environment, merchant_identifier };
  }

  [INSPECT]() {
    const { environment, merchant_identifier } = this.toJSON();
    return `PaymentServices { environment: '${environment}', merchant_identifier: '${merchant_identifier}' }`;
  }
}

/**
 * Whether a command moves money: one that is not known may, and so does what starts the operations of a batch.
 * @param {import('../message/request.js').CommandInfo | null} info
 */
export function movesMoney(info) {
  return info === null || info.effect === 'money' || (info.effect === 'service' && info.channels.includes('batch'));
}

/**
 * @param {any} params
 * @param {() => string} [make] a new one
 * @returns {any} with a `maintenance_reference`, by which APS distinguishes refunds
 */
export function withReference(params, make = () => crypto.randomUUID()) {
  const isObject = typeof params === 'object' && params !== null && !Array.isArray(params);
  if (!isObject || (Object.hasOwn(params, 'maintenance_reference') && (params.maintenance_reference ?? '') !== '')) {
    return params;
  }
  return withMember(params, 'maintenance_reference', make());
}

/**
 * A copy with one more member, which keeps what validation has to see: accessors and the prototype.
 * @param {any} params
 * @param {string} name
 * @param {string} value
 */
export function withMember(params, name, value) {
  const descriptors = Object.getOwnPropertyDescriptors(params);
  const own = { value, enumerable: true, configurable: true, writable: true };
  return Object.create(Object.getPrototypeOf(params), { ...descriptors, [name]: own });
}
