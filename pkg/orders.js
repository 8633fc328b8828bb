// What one client knows of the orders it works on: whose turn it is, and the totals it has seen.

/** @typedef {{ captured: number, refunded: number, voided: boolean }} Totals minor units */
/** @typedef {{ tail: Promise<void>, waiting: number, totals: Totals }} Order */

/** Orders remembered at most; the longest untouched go first. */
const MOST = 10_000;

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
    const orders = names.map((name) => this.#order(name));
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
    const turn = new AbortController();
    const gaveUp = new Promise((resolve) => {
      signal?.addEventListener('abort', resolve, { once: true, signal: turn.signal });
    });
    try {
      await Promise.race([before, gaveUp]);
      turn.abort();
      return await work();
    } finally {
      done();
      for (const order of orders) order.waiting -= 1;
    }
  }

  /**
   * The least that was captured and refunded, as far as this client has seen. Totals never fall, so a payment that the
   * caller read earlier cannot be right where it says less.
   * @param {readonly string[]} names
   * @returns {Totals}
   */
  totals(names) {
    const all = names.flatMap((name) => this.#orders.get(name)?.totals ?? []);
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
    for (const name of names) {
      const { totals } = this.#order(name);
      totals.captured = Math.max(totals.captured, captured);
      totals.refunded = Math.max(totals.refunded, refunded);
      totals.voided ||= voided;
    }
  }

  /** @param {string} name */
  #order(name) {
    const order = this.#orders.get(name) ?? {
      tail: Promise.resolve(),
      waiting: 0,
      totals: { captured: 0, refunded: 0, voided: false },
    };
    this.#orders.delete(name);
    this.#orders.set(name, order);
    if (this.#orders.size > MOST) this.#forget();
    return order;
  }

  /** Drops the order that was untouched the longest, unless it is at work. */
  #forget() {
    for (const [name, { waiting }] of this.#orders) {
      if (waiting > 0) continue;
      this.#orders.delete(name);
      return;
    }
  }
}
