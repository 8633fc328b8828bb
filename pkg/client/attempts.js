// The way to APS and back for one account: what is built goes out, what comes back is opened, within limits of time and of
// attempts. What an answer means, and whether a command may go out again, others know.

import { buildUpload } from '../batch/index.js';
import { ConfigurationError, issue, SignatureError, TransportError, ValidationError } from '../errors.js';
import { checkAccount, copyAccount } from '../message/account.js';
import { known, picked, unknown } from '../message/options.js';
import { openReply } from '../message/reply.js';
import { buildForm, buildRequest } from '../message/request.js';
import { Payment } from '../money/payment.js';
import { aborted, exchange, pause, respond, unreadable } from '../net/http.js';

/** @typedef {import('../message/account.js').Account} Account */
/** @typedef {import('../batch/upload.js').ApsUpload} ApsUpload */
/** @typedef {import('../message/reply.js').Reply} Reply */
/** @typedef {import('../message/request.js').ApsRequest} ApsRequest */
/** @typedef {import('../net/http.js').Fetch} Fetch */

/** @typedef {{ timeout: number, signal?: AbortSignal }} Limits `timeout` in milliseconds, for one answer */

/**
 * @template {import('./index.js').SendOptions} T
 * @typedef {Omit<T, 'payment'> & { payment?: Payment }} Settled options as they were checked
 */

/** The longest that `setTimeout` can wait. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** The options that a request is built by; the others are about sending it. */
const BUILDING = ['payment', 'at', 'language', 'allow', 'accept', 'credentials', 'selector'];
/** What tells of a payment what CHECK_STATUS does not. */
const CONTEXT = ['currency', 'command', 'authorizedAt', 'windowDays'];

export class Sender {
  /** @type {Account} */
  #account;
  /** @type {Fetch} */
  #fetch;
  /** @type {number} */
  #timeout;
  /** @type {number} */
  #retries;

  /**
   * @param {Account} account copied, so that later changes to it change nothing here
   * @param {import('./index.js').ClientOptions} [options]
   * @throws {ConfigurationError}
   */
  constructor(account, options) {
    checkAccount(account);
    const names = ['fetch', 'timeout', 'retries'];
    const strange = unknown(options, names);
    if (strange.length > 0) throw new ConfigurationError('bad_option', strange);
    const { timeout = 60_000, retries = 2 } = picked(options, names);
    // One that is null was to be another than the network's.
    const { fetch = globalThis.fetch } = options ?? {};
    if (typeof fetch !== 'function') throw new ConfigurationError('no_fetch', 'fetch must be a function.');
    if (!Number.isSafeInteger(retries) || retries < 0) {
      throw new ConfigurationError('bad_option', 'retries must be a whole number, not below 0.');
    }
    this.#account = copyAccount(account);
    // Called on its own: the native one refuses to be a method of something else.
    this.#fetch = (url, init) => /** @type {Fetch} */ (fetch)(url, init);
    if (!isTimeout(timeout)) throw new ConfigurationError('bad_option', TIMEOUT);
    this.#timeout = timeout;
    this.#retries = retries;
  }

  /** The account as it was checked. */
  get account() {
    return checkAccount(this.#account);
  }

  /**
   * Checks the options of one call, of which neither validation nor signing looks at those that are about sending.
   * @template {import('./index.js').SendOptions} T
   * @param {T | null | undefined} given
   * @param {readonly string[]} [own] those of this call alone
   * @returns {{ options: Settled<T>, limits: Limits }}
   * @throws {ValidationError} everything that is wrong with them
   */
  options(given, own = ['selector', ...CONTEXT]) {
    const { payment, ...rest } = known(given, own, problems);
    const { signal, timeout = this.#timeout } = rest;
    const options = payment === undefined ? rest : { ...rest, payment: paymentOf(payment) };
    return { options: /** @type {Settled<T>} */ (options), limits: { timeout, signal } };
  }

  /**
   * @param {any} command
   * @param {any} params
   * @param {any} options
   */
  build(command, params, options) {
    const own = picked(options, BUILDING);
    // Without options of its own a request is built the short way.
    return buildRequest(command, params, this.#account, Object.keys(own).length > 0 ? own : undefined);
  }

  /**
   * @param {any} command
   * @param {any} params
   * @param {any} options
   */
  form(command, params, options) {
    return buildForm(command, params, this.#account, options);
  }

  /**
   * @param {unknown} params
   * @param {import('../batch/upload.js').BatchFile} file
   * @param {import('../batch/upload.js').UploadOptions} options
   */
  upload(params, file, options) {
    return buildUpload(params, file, this.#account, options);
  }

  /**
   * Sends a request until there is an answer or no hope of one.
   * @param {ApsRequest | ApsUpload} request
   * @param {Limits} limits
   * @param {(error: TransportError) => boolean} again whether it may be sent again
   * @returns {Promise<Reply>}
   */
  answer(request, limits, again) {
    const ask = async () => openReply(await exchange(this.#fetch, request, limits), this.#account, { request });
    return this.#attempt(ask, limits, again);
  }

  /**
   * Sends a query whose answer may be a file.
   * @template T
   * @param {import('../generated/commands.js').CommandName} command
   * @param {unknown} params
   * @param {import('./index.js').SendOptions | undefined} given
   * @param {(response: Response, account: Account, options: { request: ApsRequest, signal?: AbortSignal }) => Promise<T>
   * } open
   * @returns {Promise<T>}
   */
  async file(command, params, given, open) {
    const { options, limits } = this.options(given);
    const request = this.build(command, params, options);
    const read = (/** @type {Response} */ response) =>
      open(response, this.#account, { request, ...picked(limits, ['signal']) });
    const ask = () => respond(this.#fetch, request, limits, read);
    return this.#attempt(ask, limits, ({ code }) => code !== 'redirect');
  }

  /**
   * @template T
   * @param {() => Promise<T>} ask
   * @param {Limits} limits
   * @param {(error: TransportError) => boolean} again
   * @returns {Promise<T>}
   */
  async #attempt(ask, limits, again) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await ask();
      } catch (thrown) {
        // Cut off on the way: as good as lost.
        const error = thrown instanceof SignatureError && thrown.code === 'unreadable' ? unreadable() : thrown;
        const hopeless = !(error instanceof TransportError) || error.code === 'aborted' || !again(error);
        if (hopeless || attempt >= this.#retries) throw error;
        const longest = Math.min(limits.timeout / 60, 1000) * 2 ** attempt;
        await pause(longest * (0.5 + Math.random() / 2), limits.signal);
        if (limits.signal?.aborted) throw aborted(error.sent);
      }
    }
  }
}

const TIMEOUT = `timeout must be a number of milliseconds above 0, at most ${LONGEST_TIMEOUT}.`;

/** @param {unknown} timeout */
function isTimeout(timeout) {
  return typeof timeout === 'number' && timeout > 0 && timeout <= LONGEST_TIMEOUT;
}

/**
 * @param {unknown} payment a Payment, or what its `toJSON` gave
 * @returns {Payment}
 * @throws {ValidationError}
 */
function paymentOf(payment) {
  return typeof payment === 'object' ? Payment.fromJSON(payment) : Payment.from(payment);
}

/**
 * @param {import('./index.js').SendOptions} options
 * @returns {import('../errors.js').Issue[]}
 */
function problems({ payment, signal, timeout }) {
  /** @type {import('../errors.js').Issue[]} */
  const issues = [];
  try {
    if (payment !== undefined) paymentOf(payment);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    issues.push(...error.issues);
  }
  if (signal !== undefined && typeof signal.addEventListener !== 'function') {
    issues.push(issue('signal', 'bad_format', 'signal must be an AbortSignal.'));
  }
  if (timeout !== undefined && !isTimeout(timeout)) issues.push(issue('timeout', 'bad_format', TIMEOUT));
  return issues;
}
