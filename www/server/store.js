// Orders and payments as plain JSON records, in the memory of one process: they are gone when it stops. A deployment
// of several processes gives `createShop` an object with the same methods over a database.

/** How many form tokens are remembered; the oldest go first. */
const TOKENS = 10_000;

export function createMemoryStore() {
  /** @type {Map<string, object>} */
  const orders = new Map();
  /** @type {Map<string, object>} */
  const payments = new Map();
  /** @type {Map<string, Promise<unknown>>} the last of those who wait for a key */
  const queues = new Map();
  /** @type {Map<string, Promise<unknown>>} */
  const done = new Map();

  return {
    order: async (/** @type {string} */ id) => copy(orders.get(id)),
    orders: async () => [...orders.values()].map(copy),
    saveOrder: async (/** @type {{ id: string }} */ order) => void orders.set(order.id, copy(order)),
    payment: async (/** @type {string} */ reference) => copy(payments.get(reference)),
    payments: async () => [...payments.values()].map(copy),
    savePayment: async (/** @type {{ reference: string }} */ record) =>
      void payments.set(record.reference, copy(record)),

    /**
     * Runs `work` when nobody else works under `key`: two operations on one payment never overlap.
     *
     * @template T
     * @param {string} key
     * @param {() => Promise<T>} work
     * @returns {Promise<T>}
     */
    exclusive(key, work) {
      const turn = (queues.get(key) ?? Promise.resolve()).then(work);
      const settled = turn.then(
        () => {},
        () => {},
      );
      queues.set(key, settled);
      settled.then(() => queues.get(key) === settled && queues.delete(key));
      return turn;
    },

    /**
     * Runs `work` once for a form token. Whoever comes later with the same token (a double click, the back button)
     * gets the answer of the first.
     *
     * @template T
     * @param {string} token
     * @param {() => Promise<T>} work
     * @returns {Promise<T>}
     */
    once(token, work) {
      const known = done.get(token);
      if (known) return /** @type {Promise<T>} */ (known);
      const answer = work();
      done.set(token, answer);
      if (done.size > TOKENS) done.delete(/** @type {string} */ (done.keys().next().value));
      return answer;
    },
  };
}

/** @template T @param {T} record @returns {T} */
function copy(record) {
  return record === undefined ? record : structuredClone(record);
}
