// Stored cards: tokens with their brand and last digits. A cookie identifies the customer, since the shop has no accounts.

/** @typedef {{ key: string, token_name: string, brand: string | null, tail: string }} StoredCard */

const DAY = 86_400_000;
/** How long a form may stay open before it is submitted. */
const FORM_LASTS = DAY;
/** As long as the customer's cookie. */
const CARD_LASTS = 365 * DAY;

/** @param {Pick<import('./store.js').Store, 'note' | 'notesOf' | 'saveNote' | 'addNote'>} store */
export function createStoredCards(store) {
  /** The note outlives a removed card, so that an old payment does not restore it. */
  const all = async (/** @type {string} */ customer) => {
    const found = await store.notesOf('card', customer);
    return found.flatMap(([token_name, card]) => (card.removed ? [] : { ...card, token_name }));
  };

  /** @param {string} customer @param {any} card */
  const hide = (customer, { token_name, ...card }) =>
    store.saveNote('card', token_name, { ...card, removed: true }, { owner: customer, until: Date.now() + CARD_LASTS });

  return {
    /** Keeps whose browser the form of a payment was shown to. @param {string} reference @param {string} customer */
    formShown: (reference, customer) =>
      store.saveNote('card-form', reference, customer, { until: Date.now() + FORM_LASTS }),

    /**
     * The customer's consent for a card, kept with the payment until it succeeds.
     *
     * @param {Record<string, string>} params of the reply to TOKENIZATION
     * @returns {Promise<{ customer: string, token_name: string } | null>} null without consent
     */
    async wishOf({ merchant_reference, remember_me, token_name }) {
      if (!token_name || remember_me !== 'YES') return null;
      const customer = await store.note('card-form', merchant_reference ?? '');
      return customer ? { customer, token_name } : null;
    },

    /**
     * Stores the card of a successful payment if the customer consented. Idempotent.
     *
     * @param {any} record
     */
    async learn({ payment, wish, card }) {
      if (!payment || !wish || !card || (await store.note('card', wish.token_name))) return;
      const { customer, token_name } = wish;
      const { brand, tail } = card;
      const key = crypto.randomUUID();
      const more = { owner: customer, until: Date.now() + CARD_LASTS };
      const kept = await store.addNote('card', token_name, { key, brand, tail }, more);
      if (kept?.key !== key) return;
      // A card gets a new token each time it is entered.
      for (const one of await all(customer)) {
        if (one.key !== key && one.brand === brand && one.tail === tail) await hide(customer, one);
      }
    },

    /** @param {string} customer @returns {Promise<StoredCard[]>} */
    of: all,

    /** @param {string} customer @param {string} key */
    async remove(customer, key) {
      const card = (await all(customer)).find((one) => one.key === key);
      if (card) await hide(customer, card);
    },
  };
}
