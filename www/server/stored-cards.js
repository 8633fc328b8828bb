// Cards that customers asked the shop to remember: tokens, with what may be shown of them. A customer is known by a cookie
// of the browser, as this shop has no accounts; they are in the memory of this process, and gone when it stops.

/** @typedef {{ key: string, token_name: string, brand: string | null, tail: string }} StoredCard */

/** How many are remembered: forms that were shown, and customers. The oldest go first. */
const MOST = 10_000;

/** @template V @param {Map<string, V>} map @param {string} key @param {V} value */
function put(map, key, value) {
  map.delete(key);
  map.set(key, value);
  if (map.size > MOST) map.delete(/** @type {string} */ (map.keys().next().value));
}

export function createStoredCards() {
  /** @type {Map<string, string>} whose browser the form of a payment was shown to, by its merchant_reference */
  const shown = new Map();
  /** @type {Map<string, StoredCard[]>} by customer */
  const kept = new Map();
  /** @type {Map<string, true>} tokens that were kept once: what was removed does not come back */
  const learnt = new Map();

  return {
    /** @param {string} reference @param {string} customer */
    formShown: (reference, customer) => put(shown, reference, customer),

    /**
     * What a customer wished when giving a card, to be kept with the payment until it has succeeded.
     *
     * @param {Record<string, string>} params of the reply to TOKENIZATION
     * @returns {{ customer: string, token_name: string } | null} null without consent
     */
    wishOf({ merchant_reference, remember_me, token_name }) {
      const customer = shown.get(merchant_reference ?? '');
      return customer && token_name && remember_me === 'YES' ? { customer, token_name } : null;
    },

    /**
     * Keeps the card of a payment that succeeded, if that was wished; again changes nothing.
     *
     * @param {any} record
     */
    learn({ payment, wish, card }) {
      if (!payment || !wish || !card || learnt.has(wish.token_name)) return;
      put(learnt, wish.token_name, true);
      const { brand, tail } = card;
      // The same card gets a new token each time it is typed.
      const rest = (kept.get(wish.customer) ?? []).filter((one) => one.brand !== brand || one.tail !== tail);
      put(kept, wish.customer, [...rest, { key: crypto.randomUUID(), token_name: wish.token_name, brand, tail }]);
    },

    /** @param {string} customer @returns {StoredCard[]} */
    of: (customer) => kept.get(customer) ?? [],

    /** @param {string} customer @param {string} key */
    remove(customer, key) {
      const rest = (kept.get(customer) ?? []).filter((one) => one.key !== key);
      put(kept, customer, rest);
    },
  };
}
