// Sends requests for one account and opens the answers, within limits of time and of
// attempts, and observers are notified. What an answer means, and whether a command may be sent again, is decided elsewhere.

import {
  ConfigurationError,
  issue,
  ReplyMismatchError,
  SignatureError,
  TransportError,
  ValidationError,
} from '../errors.js';
import { WALLETS } from '../generated/parameters.js';
import { checkAccount } from '../message/account.js';
import { findBadNumbers, pickOptions, readOptions, readSettings } from '../message/options.js';
import { commandIn } from '../message/params.js';
import { openReply, Reply } from '../message/reply.js';
import { buildRequest } from '../message/request.js';
import { CONTEXT, Payment } from '../money/payment.js';
import { aborted, exchange, pause, respond, unreadable } from '../net/http.js';
import { observer } from '../net/observe.js';
import { LONGEST_TIMER } from '../net/turns.js';
import { readingOf } from '../operation/decide.js';

/** @typedef {import('../message/account.js').Account} Account */
/** @typedef {import('../batch/upload.js').ApsUpload} ApsUpload */
/** @typedef {import('../errors.js').Issue} Issue */
/** @typedef {import('../operation/engine.js').Heard} Heard */
/** @typedef {import('../operation/engine.js').Seen} Seen */
/** @typedef {import('../net/observe.js').ClientEvent} ClientEvent */
/** @typedef {import('../message/request.js').ApsRequest} ApsRequest */
/** @typedef {import('../net/http.js').Fetch} Fetch */

/** @typedef {{ timeout: number, signal?: AbortSignal }} Limits `timeout` in milliseconds, for one answer */

/**
 * @template {import('./index.js').SendOptions} T
 * @typedef {Omit<T, 'payment'> & { payment?: Payment }} Settled options as they were checked
 */

/** A client passes its sender to the journal under this name, even if each was loaded from its own copy of this module. */
export const SENDER = /* @__PURE__ */ Symbol.for('aps-payops.sender');

/** The options for building a request; the others are for sending it. */
const BUILDING = ['payment', 'at', 'language', 'allow', 'accept', 'credentials', 'selector'];
const SETTINGS = ['fetch', 'timeout', 'retries', 'observe'];

export class Sender {
  /** As it was checked: later changes to the caller's object change nothing here. @readonly */
  account;
  /** @type {Fetch} */
  #fetch;
  /** @type {number} */
  #timeout;
  /** @type {number} */
  #retries;
  /** Reports to observers. @readonly @type {ReturnType<typeof observer>} */
  observe;

  /**
   * @param {Account} account
   * @param {import('./index.js').ClientOptions} [options]
   * @throws {ConfigurationError}
   */
  constructor(account, options) {
    this.account = checkAccount(account);
    const { timeout = 60_000, retries = 2, observe } = readSettings('bad_option', options, SETTINGS, findBadSettings);
    // Null is an error: the caller meant to replace the runtime's `fetch`.
    const { fetch = globalThis.fetch } = options ?? {};
    if (typeof fetch !== 'function') throw new ConfigurationError('no_fetch', 'fetch must be a function.');
    this.observe = observer(observe);
    // Called without a receiver: the native `fetch` throws if it is called as a method of another object.
    this.#fetch = (url, init) => /** @type {Fetch} */ (fetch)(url, init);
    this.#timeout = timeout;
    this.#retries = retries;
  }

  /** The account for functions that take a caller's, which accept it as it is. @returns {any} */
  get ownAccount() {
    return this.account;
  }

  /**
   * Checks the options of one call, including those for sending, which neither validation nor signing looks at.
   * @template {import('./index.js').SendOptions} T
   * @param {T | null | undefined} given
   * @param {readonly string[]} [own] those of this call alone
   * @param {(options: T) => readonly Issue[]} [check] checks the values of these
   * @returns {{ options: Settled<T>, limits: Limits }}
   * @throws {ValidationError} everything that is wrong with them
   */
  options(given, own = ['selector', ...CONTEXT], check = () => []) {
    const { payment, ...rest } = readOptions(given, own, (all) => [...findProblems(all), ...check(all)]);
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
    const own = pickOptions(options, BUILDING);
    // A request without options is built in fewer steps.
    return buildRequest(command, params, this.ownAccount, Object.keys(own).length > 0 ? own : undefined);
  }

  /**
   * Sends a request until it is answered or may not be sent again.
   * @param {ApsRequest | ApsUpload} request
   * @param {Limits} limits
   * @param {(error: TransportError) => boolean} again whether it may be sent again
   * @returns {Promise<Reply>}
   */
  answer(request, limits, again) {
    return this.#repeat(request, () => this.#open(request, limits), limits, again);
  }

  /**
   * Describes an operation to the engine.
   * @param {string} command
   * @param {Record<string, any>} params of the request
   */
  describeIntent(command, { amount = 0, currency, maintenance_reference: text }) {
    const reference = text === undefined ? undefined : { text, once: true };
    return { fingerprint: '', command, amount: Number(amount), currency, reference };
  }

  /**
   * Gives the engine the means to send an operation once and to look it up.
   * @param {ApsRequest | null} request null: the operation is only looked up
   * @param {Record<string, any>} params of the request
   * @param {Limits} limits
   * @param {(reply: Reply) => void} [hear] called with every answer about its payment
   * @param {Record<string, any>} [given] what the operation was sent with, if there is no request
   */
  planSending(request, params, limits, hear = () => {}, given = {}) {
    const { merchant_reference, fort_id, maintenance_reference, access_code } = params;
    const { signal } = limits;
    /** @returns {Promise<Heard>} */
    const send = async (/** @type {number} */ timeout, /** @type {number} */ attempt) => {
      try {
        if (request === null) throw new TransportError('aborted', 'no', 'There is nothing to send.');
        const reply = await this.#observed(request, attempt, () => this.#open(request, { timeout, signal }));
        hear(reply);
        return { reply };
      } catch (error) {
        return classifyFailure(error);
      }
    };
    /** @type {import('../operation/wish.js').Wish['again']} */
    const again = (error, attempt, end) =>
      this.#pause(/** @type {TransportError} */ (error), attempt, { ...limits, signal: end });
    /** @type {import('../operation/engine.js').Wish['lookUp']} */
    const lookUp = async ({ purpose, reference, timeout, isRepeated, signal: end }) => {
      const own = { timeout, signal: end };
      const names = { merchant_reference, fort_id };
      const asked = { maintenance_reference: reference };
      const later = reference === undefined ? {} : this.#checkStatus(asked, access_code, own, false, 'outcome');
      const seen = await this.#checkStatus(names, access_code, own, isRepeated, purpose);
      if (seen.reply) hear(seen.reply);
      const { reply, reading } = /** @type {Seen} */ (await later);
      if (!reply || !reading) return seen;
      const { response_code, transaction_status } = reading;
      // It may be the refund of somebody who is waited for.
      const written = request?.params ?? given;
      const sent = namesIn(names, asked, written.maintenance_reference === reference ? written : undefined);
      const known = namesIn(seen.reading && seen.reply?.params);
      const refund = { response_code, transaction_status, told: namesIn(reply.params), sent, known };
      return { reply, ...seen, refund };
    };
    const names = { merchant_reference, fort_id, maintenance_reference };
    return { names, ...limits, send, again, lookUp };
  }

  /**
   * An answer to CHECK_STATUS does not name the wallet, but is signed with its credentials.
   * @param {Reply} reply
   * @returns {Reply}
   */
  nameWallet(reply) {
    const { access_code, digital_wallet } = reply.params;
    const wallet = WALLETS.find(({ name }) => name === this.#setOf(access_code));
    if (wallet === undefined || digital_wallet) return reply;
    return new Reply({ ...reply, params: { ...reply.params, digital_wallet: wallet.digital_wallet } });
  }

  /**
   * Sends CHECK_STATUS.
   * @param {Record<string, any>} names references of the payment
   * @param {string} access_code of the request that it is about
   * @param {Limits} limits
   * @param {boolean} isRepeated whether to send it again when no answer comes
   * @param {'baseline' | 'outcome'} purpose
   * @returns {Promise<Seen>}
   */
  async #checkStatus(names, access_code, limits, isRepeated, purpose) {
    const start = performance.now();
    /** @type {Seen} */
    let seen;
    try {
      const request = this.build('CHECK_STATUS', names, { credentials: this.#setOf(access_code) });
      const shouldRepeat = (/** @type {TransportError} */ { code }) => isRepeated && code !== 'redirect';
      const reply = await this.#attempt(() => this.#open(request, limits), limits, shouldRepeat);
      seen = { reply, reading: readingOf(reply) };
    } catch (error) {
      seen = { error };
    }
    const { reply, error } = seen;
    this.observe(() => ({
      ...describeEvent('lookup', names, start),
      command: 'CHECK_STATUS',
      purpose,
      ...describeReply(reply),
      error,
    }));
    return seen;
  }

  /** The credential set of an access code. @param {string | undefined} access_code */
  #setOf(access_code) {
    return this.account.credentials.find((one) => one.access_code === access_code)?.name;
  }

  /** @param {ApsRequest | ApsUpload} request @param {Limits} limits */
  async #open(request, limits) {
    return openReply(await exchange(this.#fetch, request, limits), this.ownAccount, { request });
  }

  /**
   * Reports one attempt to observers.
   * @template T
   * @param {ApsRequest | ApsUpload} request
   * @param {number} attempt
   * @param {() => Promise<T>} ask
   * @returns {Promise<T>}
   */
  async #observed(request, attempt, ask) {
    const start = performance.now();
    const about = () => {
      const params = /** @type {Record<string, any>} */ (request.toJSON().params);
      return { ...describeEvent('request', params), command: commandIn(params), attempt, params };
    };
    this.observe(about);
    const reportReply = (/** @type {() => Partial<ClientEvent>} */ more) =>
      this.observe(() => ({
        ...about(),
        ...describeEvent('reply', request.params, start),
        params: undefined,
        ...more(),
      }));
    try {
      const answer = await ask();
      reportReply(() => (answer instanceof Reply ? describeReply(answer) : {}));
      return answer;
    } catch (error) {
      reportReply(() => ({ error }));
      throw error;
    }
  }

  /**
   * Reports to observers how a call ended.
   * @param {string} command
   * @param {{ readonly params: Record<string, any> }} request its parameters are read only if somebody listens
   * @param {number} start of the call, by `performance.now()`
   * @param {Promise<Reply>} answer
   * @returns {Promise<Reply>} the same
   */
  async observeOutcome(command, request, start, answer) {
    const report = (/** @type {Reply | undefined} */ reply, /** @type {unknown} */ error) =>
      this.observe(() => ({
        ...describeEvent('outcome', request.params, start),
        command,
        ...describeReply(reply),
        error,
      }));
    try {
      const reply = await answer;
      report(reply, reply.cause);
      return reply;
    } catch (error) {
      report(undefined, error);
      throw error;
    }
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
      open(response, this.ownAccount, { request, ...pickOptions(limits, ['signal']) });
    const ask = () => respond(this.#fetch, request, limits, read);
    return this.#repeat(request, ask, limits, ({ code }) => code !== 'redirect');
  }

  /**
   * @template T
   * @param {ApsRequest | ApsUpload} request
   * @param {() => Promise<T>} ask
   * @param {Limits} limits
   * @param {(error: TransportError) => boolean} again
   * @returns {Promise<T>}
   */
  #repeat(request, ask, limits, again) {
    return this.#attempt((attempt) => this.#observed(request, attempt, ask), limits, again);
  }

  /**
   * @template T
   * @param {(attempt: number) => Promise<T>} ask
   * @param {Limits} limits
   * @param {(error: TransportError) => boolean} again
   * @returns {Promise<T>}
   */
  async #attempt(ask, limits, again) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ask(attempt);
      } catch (reason) {
        const error = asLost(reason);
        if (!(error instanceof TransportError) || !again(error) || !(await this.#pause(error, attempt, limits))) {
          throw limits.signal?.aborted && error instanceof TransportError ? aborted(error.sent) : error;
        }
      }
    }
  }

  /**
   * Waits before another attempt.
   * @param {TransportError} error
   * @param {number} attempt the one that failed
   * @param {Limits} limits
   * @returns {Promise<boolean>} whether there is to be one
   */
  async #pause(error, attempt, { timeout, signal }) {
    if (error.code === 'aborted' || attempt > this.#retries) return false;
    await pause(Math.min(timeout / 60, 1000) * 2 ** (attempt - 1) * (0.5 + Math.random() / 2), signal);
    return !signal?.aborted;
  }
}

/**
 * The names of a payment and of a refund, each as the first of several messages has it.
 * @param {...(Record<string, unknown> | undefined)} messages
 * @returns {import('../operation/wish.js').Names}
 */
function namesIn(...messages) {
  return ['merchant_reference', 'fort_id', 'maintenance_reference'].map((name) => {
    const found = messages.map((message) => message?.[name]).find((value) => typeof value === 'string');
    return /** @type {string | undefined} */ (found) ?? '';
  });
}

/** An answer that was cut off is as good as lost. @param {unknown} reason */
function asLost(reason) {
  return reason instanceof SignatureError && reason.code === 'unreadable' ? unreadable() : reason;
}

/**
 * @param {unknown} reason thrown by an attempt to send what moves money
 * @returns {Heard}
 */
function classifyFailure(reason) {
  const error = asLost(reason);
  if (error instanceof TransportError) {
    if (error.sent === 'no') return { unsent: error };
    // A redirect would happen again, and a caller who aborted does not want to wait.
    return error.code === 'redirect' || error.code === 'aborted' ? { doubted: error } : { lost: error };
  }
  if (error instanceof SignatureError || error instanceof ReplyMismatchError) return { doubted: error };
  // For example a trap: an answer came, but it could not be read.
  const message = 'The answer could not be opened.';
  return { lost: new TransportError('unreadable', 'unknown', message, { cause: error }) };
}

/**
 * @template {ClientEvent['type']} T
 * @param {T} type
 * @param {Record<string, any>} names
 * @param {number} [start]
 */
export function describeEvent(type, { merchant_reference, fort_id, maintenance_reference }, start) {
  const milliseconds = start === undefined ? undefined : performance.now() - start;
  return { type, merchant_reference, fort_id, maintenance_reference, milliseconds };
}

/**
 * The error of an operation that was not sent.
 * @param {import('../operation/engine.js').End} end
 * @returns {unknown}
 */
export function unsentError({ answer, error, baseline }) {
  if (answer !== 'no_baseline') {
    return error ?? new TransportError('timeout', 'no', 'There was no time left to send it.');
  }
  const why = baseline?.reply ? ` (${baseline.reply.code})` : '';
  const message = `The totals before the operation could not be read${why}, so nothing was sent.`;
  return new TransportError('no_baseline', 'no', message, { cause: baseline?.error });
}

/**
 * What is reported about an answer.
 * @param {Reply | undefined} reply
 * @returns {Partial<ClientEvent>}
 */
function describeReply(reply) {
  if (reply === undefined) return {};
  return { outcome: reply.outcome, code: reply.code, params: reply.toJSON().params };
}

/** @param {{ timeout?: unknown }} options @returns {Issue[]} */
function findBadTimeout({ timeout = 1 }) {
  if (typeof timeout === 'number' && timeout > 0 && timeout <= LONGEST_TIMER) return [];
  const message = `timeout must be a number of milliseconds above 0, at most ${LONGEST_TIMER}.`;
  return [issue('timeout', 'bad_format', message)];
}

/** @param {import('./index.js').ClientOptions} options */
function findBadSettings(options) {
  const issues = [...findBadTimeout(options), ...findBadNumbers(options, ['retries'], 0)];
  if (typeof (options.observe ?? findBadSettings) !== 'function') {
    issues.push(issue('observe', 'bad_format', 'observe must be a function.'));
  }
  return issues;
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
 * @returns {Issue[]}
 */
function findProblems({ payment, signal, timeout }) {
  const issues = findBadTimeout({ timeout });
  try {
    if (payment !== undefined) paymentOf(payment);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    issues.push(...error.issues);
  }
  if (signal !== undefined && typeof signal.addEventListener !== 'function') {
    issues.push(issue('signal', 'bad_format', 'signal must be an AbortSignal.'));
  }
  return issues;
}
