// The journal: durable operations under the caller's own keys. The engine (`src/operation/`) decides what may be sent and
// what proves that it took place; the store holds the records.

import { ConfigurationError, INSPECT, issue, ValidationError } from '../errors.js';
import { findBadNumbers, readSettings } from '../message/options.js';
import { dismiss, prune, recover, settle, uncertain } from './care.js';
import { takeNotification } from './notifications.js';
import { Operations, refuseCardData } from './operate.js';
import { exportAll, history, reconcile } from './report.js';

/** @typedef {import('../generated/commands.js').CommandParams} CommandParams */
/** @typedef {import('../message/reply.js').Reply} Reply */
/** @typedef {import('./store.js').JournalStore} JournalStore */
/** @typedef {import('./store.js').Query} Query */
/** @typedef {import('./store.js').SqlStore} SqlStore */

/**
 * @typedef {object} Key
 * @property {string} operation the caller's own key, 1 to 200 characters
 * @property {string} [order] what is paid for; the `merchant_reference` if left out
 */
/**
 * The members that the journal takes besides APS's parameters.
 * @template P
 * @typedef {P & Key} Keyed
 */

/**
 * @typedef {object} Waiting
 * @property {number} [wait] milliseconds to wait for other calls that work on the payment or the order; 0 if left
 *   out
 * @property {number | (() => number)} [deadline] milliseconds that this process has left, or a function that returns
 *   them, such as Lambda's `getRemainingTimeInMillis`: the call ends before it, whatever the store does
 * @property {string | readonly string[]} [despite] keys of earlier attempts at the order: this one is made
 *   although they are open or hold money
 */
/**
 * How an operation is checked, sent and waited for.
 * @typedef {Omit<import('../client/index.js').SendOptions, 'baseline'> & Waiting} OperationOptions
 */
/**
 * @typedef {object} InTransaction
 * @property {Query | QueryFunction} query runs a query in your transaction
 */
/** @typedef {import('./store.js').QueryFunction} QueryFunction */
/**
 * A payment that a customer is about to make on a hosted page.
 * @typedef {object} ExpectedPayment
 * @property {string} operation the caller's own key
 * @property {string} [order] what is paid for; the `merchant_reference` if left out
 * @property {string} merchant_reference of the form
 * @property {import('../money/amount.js').Amount | string} amount of the form
 * @property {string} [currency] of minor units
 * @property {'PURCHASE' | 'AUTHORIZATION'} [command] of the form; PURCHASE if left out
 */
/**
 * Who settles an operation, or dismisses a notification, by hand.
 * @typedef {object} Settler
 * @property {string} by the person's name
 * @property {string} why what they saw
 */
/**
 * @typedef {object} ShownJournal
 * @property {string} merchant_identifier of the account
 */
/**
 * @typedef {object} PruneOptions
 * @property {Date | number} before payments that anything happened to since then are kept
 */
/**
 * @typedef {object} ExportOptions
 * @property {'json' | 'csv'} [format] a line for each operation; JSON if left out
 */

/**
 * Options of `journaled`.
 * @typedef {object} JournalOptions
 * @property {number} [assumeAbsentAfter] milliseconds after which `recover` assumes that an operation without any trace did
 *   not happen; a value below the timeout plus 15 minutes counts as that; never assumed if left out
 * @property {number} [windowDays] days until an authorization lapses; 7 if left out
 */

/** A client with a store: every operation is recorded before it is sent, and survives the process. */
export class Journal {
  /** @readonly @type {Operations} */
  #own;

  /**
   * @param {import('../client/index.js').PaymentServices} aps
   * @param {JournalStore} store
   * @param {JournalOptions} [given]
   */
  constructor(aps, store, given) {
    const names = ['assumeAbsentAfter', 'windowDays'];
    const options = readSettings('bad_option', given, names, (all) => findBadNumbers(all, names));
    const own = /** @type {SqlStore} */ (store);
    if (typeof own?.query !== 'function' || typeof own?.swap !== 'function') {
      throw new ConfigurationError('bad_store', 'journaled() needs a store from openStore().');
    }
    this.#own = new Operations(aps, own, options);
  }

  /**
   * AUTHORIZATION under the caller's key.
   * @param {Keyed<CommandParams['AUTHORIZATION']>} params
   * @param {OperationOptions} [options]
   * @returns {Promise<Reply>}
   */
  authorize(params, options) {
    return this.send('AUTHORIZATION', params, options);
  }

  /**
   * PURCHASE under the caller's key.
   * @param {Keyed<CommandParams['PURCHASE']>} params
   * @param {OperationOptions} [options]
   * @returns {Promise<Reply>}
   */
  purchase(params, options) {
    return this.send('PURCHASE', params, options);
  }

  /**
   * CAPTURE under the caller's key.
   * @param {Keyed<CommandParams['CAPTURE']>} params
   * @param {OperationOptions} [options]
   * @returns {Promise<Reply>}
   */
  capture(params, options) {
    return this.send('CAPTURE', params, options);
  }

  /**
   * VOID_AUTHORIZATION under the caller's key.
   * @param {Keyed<CommandParams['VOID_AUTHORIZATION']>} params
   * @param {OperationOptions} [options]
   * @returns {Promise<Reply>}
   */
  void(params, options) {
    return this.send('VOID_AUTHORIZATION', params, options);
  }

  /**
   * REFUND under the caller's key.
   * @param {Keyed<CommandParams['REFUND']>} params
   * @param {OperationOptions} [options]
   * @returns {Promise<Reply>}
   */
  refund(params, options) {
    return this.send('REFUND', params, options);
  }

  /**
   * Carries out a command that moves money, once, under the caller's key. Called again with the same key, it returns the
   * recorded reply (`reply.recorded`) or, while the outcome is unknown, the current state; nothing is sent again.
   * @param {string} command
   * @param {any} params
   * @param {OperationOptions} [options]
   * @returns {Promise<Reply>} `evidence` says what the outcome is based on
   * @throws {import('../errors.js').OperationError} nothing was sent for this call
   * @throws {ValidationError} nothing was sent
   * @throws {import('../errors.js').TransportError} with `sent` `'no'` the key is free again; `timeout` with
   *   `'unknown'`: the store did not answer before the deadline
   * @throws {import('../errors.js').SignatureError} an answer came, but it cannot be trusted: the operation is recorded as
   *   uncertain
   */
  async send(command, params, options) {
    return this.#own.send(command, params, options);
  }

  /**
   * Records the intent of an operation in the caller's transaction. `carryOut` sends it after the commit. Commands with
   * card data cannot be prepared, since card data is never written.
   * @param {string} command
   * @param {any} params
   * @param {OperationOptions & InTransaction} given
   *   `query` of the transaction. Errors of the database are thrown unchanged: 40001, 40P01 and 23505 roll back
   * @returns {Promise<void>}
   */
  async prepare(command, params, given) {
    const { query, ...options } = given ?? {};
    if (typeof query !== 'function') {
      throw new ValidationError([issue('query', 'missing', 'query must run a query in your transaction.')]);
    }
    const own = this.#own;
    const store = joinTransaction(own.store, /** @type {Query} */ (query));
    const plan = await own.plan(command, own.begin(params, options), store);
    refuseCardData(plan);
    await own.carryOut(plan, 'prepare', store);
  }

  /**
   * Carries out a prepared operation after the commit. If it is called several times at once, one call sends it.
   * @param {string} operation the caller's key
   * @param {OperationOptions} [options]
   * @returns {Promise<Reply>}
   * @throws {import('../errors.js').OperationError} `not_prepared`, `busy`, `deadline`; `other_contents`: it was released and
   *   prepared anew meanwhile
   */
  async carryOut(operation, options) {
    return this.#own.carryOutPrepared(operation, options);
  }

  /**
   * Announces a payment that the customer makes on a hosted page, before the redirect. Its notification settles it.
   * @param {ExpectedPayment} params
   * @param {Pick<OperationOptions, 'wait' | 'deadline' | 'signal' | 'despite'>} [options]
   * @returns {Promise<Reply>} `action_required` until it is known
   */
  async expect(params, options) {
    return this.#own.expect(params, options);
  }

  /**
   * Takes a notification, or a message from `return_url`: verifies it, stores it once, settles the operation that it
   * proves, and calls `handle`, at least once.
   * @param {import('../message/read.js').Message} message the raw body
   * @param {import('./notifications.js').HandleOptions} [options]
   * @returns {Promise<import('./notifications.js').Handled>} `handled`: `'now'`, `'before'`, or `'elsewhere'` while
   *   another process is handling it: answer 503, so that APS sends it again
   * @throws {import('../errors.js').SignatureError} and the other errors of `openNotification`, and those of `handle`
   */
  notification(message, options) {
    return takeNotification(this.#own, message, options);
  }

  /**
   * Looks up operations with an unknown outcome by CHECK_STATUS. May run on any number of instances, at any time.
   * @param {import('./care.js').RecoverOptions} [options]
   */
  recover(options) {
    return recover(this.#own, options);
  }

  /**
   * Settles an operation by the word of a person. Fails (`busy`) while it may still be under way.
   * @param {string} operation the caller's key
   * @param {'succeeded' | 'failed'} outcome
   * @param {Settler} who
   */
  settle(operation, outcome, who) {
    return settle(this.#own, operation, outcome, who);
  }

  /**
   * Takes a notification that belongs to no operation off `uncertain()`, by the word of a person. Who, when and why stays in
   * the `history` of its payment, even if the journal knows nothing else of that, and in the view
   * `aps_dismissed_notifications`, until it is pruned. It changes no operation and no totals; if it is delivered again and
   * then belongs to an operation, it still counts.
   * @param {string} notification its id, as `uncertain()` lists it
   * @param {Settler} who the first is kept
   * @returns {Promise<void>}
   * @throws {ValidationError} for an id that no notification without an operation has
   * @throws {import('../errors.js').OperationError} `busy`: it is being handled
   */
  dismiss(notification, who) {
    return dismiss(this.#own, notification, who);
  }

  /** Everything that a person should look at. */
  uncertain() {
    return uncertain(this.#own);
  }

  /**
   * Deletes payments that nothing happened to since then, nor to other attempts at their order, and everything that belongs to
   * them, unless an operation is open or contradicted, or a notification is being handled. Their keys are free again. Of
   * payments that the journal does not have, it deletes the notifications that were dismissed.
   * @param {PruneOptions} options
   * @returns {Promise<import('./care.js').Pruned>}
   */
  prune(options) {
    return prune(this.#own, options);
  }

  /**
   * Everything that the journal knows about a payment.
   * @param {string} merchant_reference
   */
  history(merchant_reference) {
    return history(this.#own, merchant_reference);
  }

  /**
   * All operations as text, in chunks; tokens and personal data are masked.
   * @param {ExportOptions} [options]
   */
  export(options) {
    return exportAll(this.#own, options);
  }

  /**
   * The differences between the journal and a settlement report.
   * @param {Iterable<Record<string, any>> | AsyncIterable<Record<string, any>>} report
   */
  reconcile(report) {
    return reconcile(this.#own, report);
  }

  /**
   * The parts that are safe to print.
   * @returns {ShownJournal}
   */
  toJSON() {
    return { merchant_identifier: this.#own.sender.account.merchant_identifier };
  }

  [INSPECT]() {
    return `Journal { merchant_identifier: '${this.toJSON().merchant_identifier}' }`;
  }
}

/**
 * The operations of a client, made durable: each is recorded before it is sent, under the caller's key.
 * @param {import('../client/index.js').PaymentServices} aps
 * @param {JournalStore} store from `openStore`
 * @param {JournalOptions} [options]
 * @returns {Journal}
 */
export function journaled(aps, store, options) {
  return new Journal(aps, store, options);
}

/**
 * The store in the caller's transaction, where a swap that fails must not roll back everything else.
 * @param {SqlStore} store
 * @param {Query} query
 */
function joinTransaction(store, query) {
  const queryInSavepoint = async (/** @type {string} */ text, /** @type {(string | null)[]} */ values) => {
    if (!text.startsWith('WITH')) return query(text, values);
    await query('SAVEPOINT aps_payops', []);
    try {
      const answer = await query(text, values);
      await query('RELEASE SAVEPOINT aps_payops', []);
      return answer;
    } catch (error) {
      await query('ROLLBACK TO SAVEPOINT aps_payops', []);
      throw error;
    }
  };
  return store.copy({ query: queryInSavepoint, isCallers: true });
}
