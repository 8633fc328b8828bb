// What one client knows of the orders it works on: whose turn it is, and the totals it has seen.

import { whenAborted } from '../net/abort.js';

/** @typedef {{ captured: number, refunded: number, voided: boolean }} Totals minor units */
/** @typedef {{ captured: number, refunded: number }} Credit what one operation has moved, in minor units */
/**
 * @typedef {{
 *   tail: Promise<void>,
 *   waiting: number,
 *   totals: Totals,
 *   others: Set<string>,
 *   credits: Set<Credit>,
 *   open: Set<Credit>,
 *   isUnread: boolean
 * }} Order
 * `others`: its other names; `credits`: the operations of this client that are known to have taken place; `open`: those of
 * which nobody knows; `isUnread`: whether totals were not read since there was one
 */

/** Names remembered at most, two for an order that has a `fort_id`; the longest untouched go first. */
const MOST = 20_000;

export class Orders {
  /** @type {Map<string, Order>} by what names the order */
  #orders = new Map();

  /**
   * Runs operations on the same order one after another: each must see the totals that the one before it left.
   * @template T
   * @param {readonly string[]} names of the order, such as its reference and its fort_id
   * @param {AbortSignal | undefined} signal does not wait any longer: `work` sees to the rest
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async inTurn(names, signal, work) {
    const orders = this.#all(names).map((name) => this.#order(name));
    const before = Promise.all(orders.map(({ tail }) => tail));
    /** @type {() => void} */
    let done = () => {};
    /** @type {Promise<void>} */
    const own = new Promise((resolve) => {
      done = resolve;
    });
    for (const order of orders) {
      order.tail = Promise.all([order.tail, own]).then(() => {});
      order.waiting += 1;
    }
    let takeBack = () => {};
    const gaveUp = new Promise((resolve) => {
      takeBack = whenAborted(signal, () => resolve(undefined));
    });
    try {
      await Promise.race([before, gaveUp]);
      takeBack();
      return await work();
    } finally {
      done();
      for (const order of orders) order.waiting -= 1;
      this.#trim();
    }
  }

  /**
   * The least that was captured and refunded, as far as this client has seen. Totals never fall, so a payment that the
   * caller read earlier cannot be right where it says less.
   * @param {readonly string[]} names
   * @returns {Totals}
   */
  totals(names) {
    const all = this.#all(names).flatMap((name) => this.#orders.get(name)?.totals ?? []);
    return {
      captured: Math.max(0, ...all.map(({ captured }) => captured)),
      refunded: Math.max(0, ...all.map(({ refunded }) => refunded)),
      voided: all.some(({ voided }) => voided),
    };
  }

  /**
   * Remembers totals that are known to have been reached.
   * @param {readonly string[]} names
   * @param {Partial<Totals>} reached
   */
  reached(names, { captured = 0, refunded = 0, voided = false }) {
    for (const name of this.#all(names)) {
      const { totals } = this.#order(name);
      totals.captured = Math.max(totals.captured, captured);
      totals.refunded = Math.max(totals.refunded, refunded);
      totals.voided ||= voided;
    }
    this.#trim();
  }

  /**
   * Remembers an operation that may have taken place, or may yet.
   * @param {readonly string[]} names
   * @param {Credit} credit
   */
  left(names, credit) {
    for (const name of this.#all(names)) {
      const order = this.#order(name);
      order.open.add(credit);
      order.isUnread = true;
    }
  }

  /**
   * Whether an operation was left of which nobody knows, and no totals were read since.
   * @param {readonly string[]} names
   */
  isUnread(names) {
    return this.#all(names).some((name) => this.#orders.get(name)?.isUnread);
  }

  /**
   * Learns that totals were read with nothing else at work.
   * @param {readonly string[]} names
   */
  read(names) {
    for (const name of this.#all(names)) this.#order(name).isUnread = false;
  }

  /**
   * Whether another refund may yet come, or may have come unseen.
   * @param {readonly string[]} names
   * @param {Credit} own
   */
  hasOpenRefund(names, own) {
    const open = this.#all(names).flatMap((name) => [...(this.#orders.get(name)?.open ?? [])]);
    return open.some((credit) => credit !== own && credit.refunded > 0);
  }

  /**
   * Remembers that an operation took place.
   * @param {readonly string[]} names
   * @param {Credit} credit
   */
  credit(names, credit) {
    for (const name of this.#all(names)) this.#order(name).credits.add(credit);
  }

  /**
   * The operations that are known to have taken place.
   * @param {readonly string[]} names
   * @returns {Set<Credit>}
   */
  credits(names) {
    return new Set(this.#all(names).flatMap((name) => [...(this.#orders.get(name)?.credits ?? [])]));
  }

  /**
   * Learns that names are of one order.
   * @param {readonly string[]} names
   */
  same(names) {
    if (names.length < 2) return;
    for (const name of names) {
      const { others } = this.#order(name);
      for (const other of names) others.add(other);
    }
    this.#trim();
  }

  /**
   * @param {readonly string[]} names
   * @returns {string[]} and the other names of the same order
   */
  #all(names) {
    return [...new Set(names.flatMap((name) => [name, ...(this.#orders.get(name)?.others ?? [])]))];
  }

  /** @param {string} name */
  #order(name) {
    const order = this.#orders.get(name) ?? {
      tail: Promise.resolve(),
      waiting: 0,
      totals: { captured: 0, refunded: 0, voided: false },
      others: new Set(),
      credits: new Set(),
      open: new Set(),
      isUnread: false,
    };
    this.#orders.delete(name);
    this.#orders.set(name, order);
    return order;
  }

  /** Drops the names that were untouched the longest. Those of an order at work stay, however many that are. */
  #trim() {
    for (const [name, { waiting, others }] of this.#orders) {
      if (this.#orders.size <= MOST) return;
      const isAtWork = waiting > 0 || [...others].some((other) => this.#orders.get(other)?.waiting);
      if (!isAtWork) this.#orders.delete(name);
    }
  }
}
