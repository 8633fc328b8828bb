// The page of an unfinished payment polls the shop with back-off, and the shop polls the gateway at that rate, however many
// pages are open. It is a fallback for lost notifications.

/** Milliseconds between the first two looks, and at the most. */
const FIRST = 2000;
const LONGEST = 60_000;
/** The most orders that are polled at once; beyond that, the oldest rely on notifications. */
const MOST = 1000;

/**
 * @param {object} options
 * @param {() => number} options.clock milliseconds
 * @param {(order: string) => Promise<unknown>} options.ask asks the gateway about whatever of an order is not settled
 */
export function createWatch({ clock, ask }) {
  /** @type {Map<string, { wait: number, at: number }>} by order */
  const watched = new Map();

  return {
    /**
     * Checks a waiting order; the next poll sees the result.
     *
     * @param {string} order
     * @returns {number} milliseconds until the next look is of use
     */
    look(order) {
      const now = clock();
      const known = watched.get(order);
      if (!known) {
        watched.set(order, { wait: FIRST, at: now + FIRST });
        if (watched.size > MOST) watched.delete(/** @type {string} */ (watched.keys().next().value));
        return FIRST;
      }
      if (now < known.at) return known.at - now;
      known.wait = Math.min(Math.round(known.wait * 1.6), LONGEST);
      known.at = now + known.wait;
      // An unreachable gateway is ignored: the next poll asks again.
      ask(order).catch(() => {});
      // Shortly after the gateway was asked, not only when it is asked again.
      return Math.min(known.wait, FIRST);
    },

    /** @param {string} order that waits for nothing any more */
    forget: (order) => watched.delete(order),
  };
}

/**
 * A tag that changes whenever the page of an order would.
 *
 * @param {any} found an order with its payments
 */
export function tagOf({ standing, payments }) {
  const seen = payments.map((/** @type {any} */ { record, state, payment }) => [
    record.reference,
    record.outcome,
    record.code,
    state,
    payment?.captured.minor.toString(),
  ]);
  return hash(JSON.stringify([standing, seen]));
}

/** FNV-1a: distinguishes two states of one order; not for secrets. @param {string} text */
function hash(text) {
  let sum = 0x811c9dc5;
  for (const character of text) sum = Math.imul(sum ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (sum >>> 0).toString(16);
}
