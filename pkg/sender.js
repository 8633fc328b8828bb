// The way to APS and back for one account: what is built goes out, what comes back is opened, within limits of time and of
// attempts. What an answer means, and whether a command may go out again, others know.

import { checkAccount, copyAccount } from './account.js';
import { buildUpload } from './batch.js';
import { ConfigurationError, issue, SignatureError, TransportError, ValidationError } from './errors.js';
import { Payment } from './payment.js';
import { openReply } from './reply.js';
import { buildForm, buildRequest } from './request.js';
import { aborted, exchange, pause, respond, unreadable } from './transport.js';

/** @typedef {import('./account.js').Account} Account */
/** @typedef {import('./batch/upload.js').ApsUpload} ApsUpload */
/** @typedef {import('./reply.js').Reply} Reply */
/** @typedef {import('./request.js').ApsRequest} ApsRequest */
/** @typedef {import('./transport.js').Fetch} Fetch */

/** @typedef {{ timeout: number, signal?: AbortSignal }} Limits `timeout` in milliseconds, for one answer */

/** The longest that `setTimeout` can wait. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** The options that a request is built by; the others are about sending it. */
const OPTIONS = ['payment', 'at', 'language', 'allow', 'accept', 'credentials', 'selector'];

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
   * @param {import('./client.js').ClientOptions} [options]
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

  /** The account as it was checked. */
  get account() {
    return checkAccount(this.#account);
  }

  /**
   * Checks the options of one call, of which neither validation nor signing looks at these.
   * @param {import('./client.js').SendOptions} options
   * @returns {Limits}
   * @throws {ValidationError}
   */
  limits({ payment, signal, timeout }) {
    if (payment !== undefined) Payment.from(payment);
    if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
      throw new ValidationError([issue('signal', 'bad_format', 'signal must be an AbortSignal.')]);
    }
    const refuse = (/** @type {string} */ message) => new ValidationError([issue('timeout', 'bad_format', message)]);
    return { timeout: checkTimeout(timeout ?? this.#timeout, refuse), signal };
  }

  /**
   * @param {any} command
   * @param {any} params
   * @param {any} options
   */
  build(command, params, options) {
    // Without options of its own a request is built the short way.
    const concerned = OPTIONS.some((name) => options?.[name] !== undefined);
    return buildRequest(command, params, this.#account, concerned ? options : undefined);
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
   * @param {import('./batch/upload.js').BatchFile} file
   * @param {import('./batch/upload.js').UploadOptions} options
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
   * @param {import('./generated/commands.js').CommandName} command
   * @param {unknown} params
   * @param {import('./client.js').SendOptions} options
   * @param {(response: Response, account: Account, options: { request: ApsRequest, signal?: AbortSignal }) => Promise<T>
   * } open
   * @returns {Promise<T>}
   */
  async file(command, params, options, open) {
    const limits = this.limits(options);
    const request = this.build(command, params, options);
    const read = (/** @type {Response} */ response) =>
      open(response, this.#account, { request, signal: options.signal });
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

/**
 * @param {number} timeout
 * @param {(message: string) => Error} refuse
 * @returns {number}
 */
function checkTimeout(timeout, refuse) {
  if (typeof timeout === 'number' && timeout > 0 && timeout <= LONGEST_TIMEOUT) return timeout;
  throw refuse('timeout must be a number of milliseconds above 0.');
}
