// The store of a client without a journal: it keeps payments in this process, and forgets the least recently used.

import { decide } from '../operation/decide.js';

/** @typedef {import('../message/reply.js').Reply} Reply */
/** @typedef {import('../operation/store.js').Filter} Filter */
/** @typedef {import('../operation/store.js').Found} Found */
/** @typedef {import('../operation/store.js').Loaded} Loaded */
/** @typedef {import('../operation/store.js').Store} Store */
/**
 * @typedef {{ state: string | null, version: number, isOpen: boolean, names: Set<string>,
 *   references: Set<string>, users: number, twin: Known | null }} Known
 * `users`: operations that wait for it or work on it; `twin`: the same payment under another name, while both have an
 * operation under way
 */

/** The most payments remembered, besides those in use. */
const MOST = 20_000;

/** @implements {Store} */
export class Memory {
  /** @type {Map<string, Known>} by name */
  #payments = new Map();
  /** Those not in use, least recently used first. @type {Set<Known>} */
  #idle = new Set();
  /** Stands before the first of them: a new iterator would pass over everything that was ever deleted before it. */
  #oldest = this.#idle.values();
  /** The operations under way, by key. @type {Map<string, { operation: string, reply?: Reply }>} */
  #rows = new Map();

  /**
   * Keeps what is known about a payment while it is in use.
   * @param {readonly string[]} names of the payment, such as its reference and its `fort_id`
   * @returns {() => void} releases it
   */
  hold(names) {
    this.learn(names);
    const [name = ''] = names;
    const known = this.#recall(name);
    known.users += 1;
    this.#idle.delete(known);
    return () => {
      // It may have been joined with another meanwhile.
      const now = this.#recall(name);
      now.users -= 1;
      this.#settle(now);
    };
  }

  /**
   * Records that several names belong to one payment.
   * @param {readonly string[]} names
   */
  learn(names) {
    const [first, ...others] = names;
    if (first === undefined || others.length === 0) return;
    for (const name of others) {
      const one = this.#recall(first);
      const two = this.#payments.get(name);
      if (two === undefined) this.#name(one, name);
      else if (one !== two) this.#join(one, two);
    }
  }

  /** Whether a `maintenance_reference`, which identifies one refund, is used for the first time on a payment. */
  isFirst(/** @type {string} */ name, /** @type {string} */ reference) {
    const { references } = this.#recall(name);
    return references.size < references.add(reference).size;
  }

  /** Forgets an operation that is no longer under way. @param {string} key */
  drop(key) {
    this.#rows.delete(key);
  }

  isPrivate = true;

  /** @type {Store['nameOf'] & {}} */
  nameOf = (name) => this.#payments.get(name)?.names.values().next().value ?? name;

  /** @type {(payment: string) => Loaded} */
  load = (payment) => this.#payments.get(payment) ?? { state: null, version: 0 };

  /** @type {(...given: Parameters<Store['swap']>) => boolean} */
  swap = (payment, version, next, operations) => {
    const known = this.#recall(payment);
    if (known.version !== version) return false;
    known.state = next.state;
    known.version = next.version;
    known.isOpen = next.open;
    for (const change of operations) {
      if (change.change === 'remove') this.#rows.delete(change.key);
      else if (change.change === 'insert' || this.#rows.has(change.key)) this.#rows.set(change.key, change);
    }
    this.#settle(known);
    return true;
  };

  /** @type {(filter: Filter) => Found[]} */
  list = ({ payment, key = '' }) => {
    const row = this.#rows.get(key);
    return row === undefined ? [] : [{ ...row, payment }];
  };

  /** @param {string} name */
  #recall(name) {
    const known = this.#payments.get(name);
    if (known !== undefined) return known;
    /** @type {Known} */
    const fresh = {
      state: null,
      version: 0,
      isOpen: false,
      names: new Set(),
      references: new Set(),
      users: 0,
      twin: null,
    };
    this.#name(fresh, name);
    this.#settle(fresh);
    return fresh;
  }

  /** @param {Known} known @param {string} name */
  #name(known, name) {
    known.names.add(name);
    this.#payments.set(name, known);
  }

  /**
   * @param {Known} one
   * @param {Known} two the same payment
   */
  #join(one, two) {
    const [own, other] = two.isOpen ? [two, one] : [one, two];
    if (own.isOpen && other.isOpen && own.twin === other) return;
    this.#merge(own, other);
    if (own.isOpen && other.isOpen) {
      this.#merge(other, own);
      own.twin = other;
      other.twin = own;
      return;
    }
    own.twin = null;
    own.users += other.users;
    for (const reference of other.references) own.references.add(reference);
    for (const name of other.names) this.#name(own, name);
    this.#idle.delete(other);
    this.#settle(own);
  }

  /** @param {Known} own @param {Known} other */
  #merge(own, other) {
    if (other.state === null) return;
    const decision = decide(own.state, { event: 'same', state: other.state });
    own.state = decision.state;
    own.version = decision.revision;
    own.isOpen = decision.open === true;
  }

  /** @param {Known} known becomes the last to be forgotten */
  #settle(known) {
    const { twin } = known;
    if (twin !== null && !(known.isOpen && twin.isOpen)) return this.#join(known, twin);
    this.#idle.delete(known);
    if (known.users > 0) return;
    this.#idle.add(known);
    if (this.#idle.size <= MOST) return;
    const { value: oldest } = this.#oldest.next();
    if (oldest === undefined) return;
    this.#idle.delete(oldest);
    for (const name of oldest.names) this.#payments.delete(name);
  }
}
