/**
 * The gateway's ledger. Implemented from APS's rules independently of the Rust, so that each can check the other. Amounts are
 * minor units in bigint. Lookups are never linear in the number of orders.
 */

/**
 * @typedef {object} Operation
 * @property {string} command
 * @property {bigint | undefined} amount
 * @property {string | undefined} maintenance_reference
 * @property {string} response_code The final one, as in CHECK_STATUS.
 * @property {boolean} carriedOut
 * @property {number} at
 */

/**
 * @typedef {object} Order
 * @property {string} merchant_reference
 * @property {string} fort_id
 * @property {string} access_code Of the credentials that placed it; other credentials cannot see the order.
 * @property {'AUTHORIZATION' | 'PURCHASE'} command
 * @property {string} currency
 * @property {bigint} amount What was asked for.
 * @property {string | undefined} payment_option
 * @property {string | undefined} card_outcome
 * @property {'pending' | 'failed' | 'open' | 'voided'} phase
 * @property {bigint} authorized
 * @property {bigint} captured
 * @property {bigint} refunded
 * @property {number} authorizedAt
 * @property {string | undefined} authorization_code
 * @property {string} last The response code of the last operation that was not refused.
 * @property {Operation[]} operations
 * @property {number} openedAt
 * @property {boolean} challenged Whether 3-D Secure was required.
 * @property {import('./message.js').Message} answered The final reply to its payment.
 * @property {Lag[]} lags What lookups do not show yet, oldest first.
 */

/**
 * What CHECK_STATUS says about an order.
 *
 * @typedef {object} View
 * @property {string} code Of the operation that was asked for, or the last one.
 * @property {bigint} authorized
 * @property {bigint} captured
 * @property {bigint} refunded
 * @property {string | undefined} authorization_code
 */

/**
 * An operation that lookups do not show until `until`, and what they show until then; `undefined`: no such order.
 *
 * @typedef {{ until: number, before: View | undefined, count: number }} Lag `count`: how many operations precede it.
 */

/**
 * @typedef {object} OrderNames
 * @property {string | undefined} merchant_reference
 * @property {string | undefined} fort_id
 * @property {string | undefined} [maintenance_reference]
 */

/** @typedef {ReturnType<Ledger['snapshot']>[number]} Snapshot An order as `payments()` shows it. */

/** Reasons for refusal: the three digits of the message. */
const REFUSED_STATUS = /(?:013|034|036|042|047|048|662)$/;

export class Ledger {
  /** @type {Map<string, Order>} */
  #byReference = new Map();
  /** @type {Map<string, Order>} */
  #byFortId = new Map();
  /** @type {Map<string, Order>} */
  #byMaintenanceReference = new Map();
  /** Maintenance references of operations that were carried out. @type {Set<string>} */
  #carriedOut = new Set();
  /** The last operation by order and maintenance reference. @type {Map<string, number>} */
  #places = new Map();
  #window;

  /** @param {number} window How long an authorization holds, in milliseconds. */
  constructor(window) {
    this.#window = window;
  }

  clear() {
    this.#byReference.clear();
    this.#byFortId.clear();
    this.#byMaintenanceReference.clear();
    this.#carriedOut.clear();
    this.#places.clear();
  }

  /** @param {string} reference */
  has(reference) {
    return this.#byReference.has(reference);
  }

  /**
   * @param {Pick<Order, 'merchant_reference' | 'access_code' | 'command' | 'currency' | 'amount' | 'payment_option' | 'card_outcome'>} given
   * @param {number} at
   * @returns {Order}
   */
  open(given, at) {
    // Ten digits of time and eight of a counter: 18 digits as at APS, beyond what a JavaScript number holds.
    const time = 1_000_000_000 + (Math.abs(Math.floor(at / 1000)) % 9_000_000_000);
    const fort_id = String(time) + String(84_000 + this.#byFortId.size).padStart(8, '0');
    /** @type {Order} */
    const order = {
      ...given,
      fort_id,
      phase: 'pending',
      authorized: 0n,
      captured: 0n,
      refunded: 0n,
      authorizedAt: at,
      authorization_code: undefined,
      last: '20064',
      operations: [],
      openedAt: at,
      challenged: false,
      answered: new Map(),
      lags: [],
    };
    this.#byReference.set(order.merchant_reference, order);
    this.#byFortId.set(fort_id, order);
    return order;
  }

  /**
   * Restores the ledger of an earlier sandbox by replaying the operations of each order. Orders that were waiting for their
   * customer would wait forever, so they are dropped.
   *
   * @param {readonly Snapshot[]} books
   * @param {string} access_code
   */
  restore(books, access_code) {
    for (const { merchant_reference, fort_id, command, currency, payment_option, operations } of books) {
      const [first] = operations;
      if (!first) continue;
      const amount = BigInt(first.amount ?? 0);
      const own = { merchant_reference, access_code, currency, amount, payment_option, card_outcome: undefined };
      const order = this.open({ ...own, command }, first.at);
      this.#byFortId.delete(order.fort_id);
      this.#byFortId.set(fort_id, order);
      order.fort_id = fort_id;
      for (const { amount, maintenance_reference, ...done } of operations) {
        const sum = amount === undefined ? undefined : BigInt(amount);
        this.record(order, { ...done, amount: sum, maintenance_reference });
      }
    }
  }

  /**
   * All orders placed with an access code, in order of arrival.
   *
   * @param {string} access_code
   */
  orders(access_code) {
    return [...this.#byReference.values()].filter((order) => order.access_code === access_code);
  }

  /**
   * The order that all given references agree on.
   *
   * @param {OrderNames} names
   * @param {string} access_code
   * @returns {Order | undefined}
   */
  find({ merchant_reference, fort_id, maintenance_reference }, access_code) {
    const found = [
      merchant_reference === undefined ? null : this.#byReference.get(merchant_reference),
      fort_id === undefined ? null : this.#byFortId.get(fort_id),
      maintenance_reference === undefined ? null : this.#byMaintenanceReference.get(maintenance_reference),
    ].filter((order) => order !== null);
    const [order] = found;
    return order?.access_code === access_code && found.every((other) => other === order) ? order : undefined;
  }

  /**
   * Why an operation cannot be carried out: the message's three digits; `undefined` if it can.
   *
   * @param {Order} order
   * @param {string} command
   * @param {{ amount?: bigint, currency?: string | undefined, maintenance_reference?: string | undefined }} asked
   * @param {number} at
   * @returns {string | undefined}
   */
  findRefusal(order, command, { amount = 0n, currency, maintenance_reference }, at) {
    if (order.phase === 'pending') return '662';
    if (order.phase === 'failed') return '034';
    if (currency !== undefined && currency !== order.currency) return '013';
    switch (command) {
      case 'CAPTURE':
        if (order.phase === 'voided') return '047';
        if (order.command === 'PURCHASE' || this.#isOver(order, at)) return '034';
        return order.captured + amount > order.authorized ? '042' : undefined;
      case 'VOID_AUTHORIZATION':
        if (order.command === 'PURCHASE') return '034';
        if (order.phase === 'voided' || order.captured > 0n) return '047';
        return this.#isOver(order, at) ? '034' : undefined;
      default:
        if (maintenance_reference !== undefined && this.#carriedOut.has(maintenance_reference)) return '047';
        if (order.captured === 0n) return '034';
        return order.refunded + amount > order.captured ? '048' : undefined;
    }
  }

  /**
   * Records an operation, and updates the totals if it was carried out.
   *
   * @param {Order} order
   * @param {Operation} operation
   * @param {number} [lag] Milliseconds for which lookups do not show it.
   */
  record(order, operation, lag = 0) {
    const { command, carriedOut, amount = 0n, maintenance_reference } = operation;
    if (lag > 0) {
      const isNew = order.phase === 'pending' && !order.challenged;
      const before = isNew ? undefined : viewOf(order, order.last);
      order.lags.push({ until: operation.at + lag, before, count: order.operations.length });
    }
    order.operations.push(operation);
    if (maintenance_reference !== undefined) {
      if (!this.#carriedOut.has(maintenance_reference)) this.#byMaintenanceReference.set(maintenance_reference, order);
      if (carriedOut) this.#carriedOut.add(maintenance_reference);
      this.#places.set(`${order.fort_id} ${maintenance_reference}`, order.operations.length - 1);
    }
    // "The last operation performed": one that was refused was not performed.
    if (carriedOut || !REFUSED_STATUS.test(operation.response_code)) order.last = operation.response_code;
    if (order.phase === 'pending' && !carriedOut) order.phase = 'failed';
    if (!carriedOut) return;
    switch (command) {
      case 'CAPTURE':
        order.captured += amount;
        break;
      case 'VOID_AUTHORIZATION':
        order.phase = 'voided';
        break;
      case 'REFUND':
        order.refunded += amount;
        break;
      default:
        order.phase = 'open';
        order.authorized = order.amount;
        order.authorizedAt = operation.at;
        if (command === 'PURCHASE') order.captured = order.amount;
    }
  }

  /**
   * What CHECK_STATUS shows: the current state, or the state before the first operation that it does not show yet.
   *
   * @param {Order} order
   * @param {string | undefined} maintenance_reference Whose operation is asked for.
   * @param {number} at
   * @returns {View | undefined} `undefined` when there is nothing yet.
   */
  look(order, maintenance_reference, at) {
    order.lags = order.lags.filter(({ until }) => until > at);
    const [hidden] = order.lags;
    const view = hidden ? hidden.before : viewOf(order, order.last);
    if (!view || maintenance_reference === undefined) return view;
    const place = this.#places.get(`${order.fort_id} ${maintenance_reference}`) ?? 0;
    if (hidden && place >= hidden.count) return undefined;
    return { ...view, code: order.operations[place]?.response_code ?? view.code };
  }

  /**
   * The ledger, safe to show.
   *
   * @param {number} at
   */
  snapshot(at) {
    return [...this.#byReference.values()].map((order) => ({
      merchant_reference: order.merchant_reference,
      fort_id: order.fort_id,
      command: order.command,
      currency: order.currency,
      payment_option: order.payment_option,
      authorized: String(order.authorized),
      captured: String(order.captured),
      refunded: String(order.refunded),
      voided: order.phase === 'voided',
      state: this.#state(order, at),
      operations: order.operations.map((operation) => ({
        command: operation.command,
        amount: operation.amount === undefined ? undefined : String(operation.amount),
        maintenance_reference: operation.maintenance_reference,
        response_code: operation.response_code,
        carriedOut: operation.carriedOut,
        at: operation.at,
      })),
    }));
  }

  /**
   * @param {Order} order
   * @param {number} at
   */
  #isOver(order, at) {
    return at >= order.authorizedAt + this.#window;
  }

  /**
   * @param {Order} order
   * @param {number} at
   */
  #state(order, at) {
    if (order.phase !== 'open') return order.phase;
    if (order.refunded > 0n) return order.refunded === order.captured ? 'refunded' : 'partially_refunded';
    if (order.captured > 0n) return order.captured === order.authorized ? 'captured' : 'partially_captured';
    return this.#isOver(order, at) ? 'lapsed' : 'authorized';
  }
}

/**
 * @param {Order} order
 * @param {string} code
 * @returns {View}
 */
const viewOf = ({ authorized, captured, refunded, authorization_code }, code) => ({
  code,
  authorized,
  captured,
  refunded,
  authorization_code,
});
