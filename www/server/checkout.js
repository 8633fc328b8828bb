// The customer's side: orders, payments by card or on the gateway's page, and the gateway's messages. Card data never
// reaches the shop: the browser posts it to the gateway, which returns a token. No HTML here.
import { cardBrand } from 'aps-payops';
import { allowPart, openNotification } from 'aps-payops/server';
import { readOrder } from '../rules.js';
import { createForms } from './forms.js';
import { amountOf, cardOf, isDoubtful, OPEN, OPERATIONS, plain, standingOf } from './records.js';
import { Refusal } from './refusal.js';
import { readParams, show } from './steps.js';
import { createStoredCards } from './stored-cards.js';

/** @typedef {'en' | 'ar'} Language */

/** What an order is called, as the source of a regular expression. */
export const ORDER = 'order-[0-9a-f]{8}';
/** `order-1a2b3c4d-2-9f3e`: the order, the number of the attempt, and a suffix that distinguishes two pages of the same attempt. */
const REFERENCE = new RegExp(`^(${ORDER})-([1-9]\\d{0,3})-[0-9a-f]{4}$`);

const DAY = 86_400_000;

/** Brands that are charged at once and cannot be authorized. */
const PURCHASE_ONLY = new Set(['MADA', 'MEEZA']);
/** APS's answer to an authorization of these; nothing was attempted. */
const NOT_FOR_THIS_CARD = '00049';

/**
 * @param {object} options
 * @param {import('aps-payops/server').Account} options.account
 * @param {ReturnType<typeof import('./records.js').createRecords>} options.records
 * @param {import('./store.js').Store} options.store
 * @param {() => number} options.clock milliseconds since 1970
 * @param {string} options.origin where the customer's browser returns to
 * @param {ReturnType<typeof createStoredCards>} [options.stored] the cards that customers asked to remember
 */
export function createCheckout({ account, records, store, clock, origin, stored = createStoredCards(store) }) {
  const forms = createForms({ account, origin });
  const { pay, send, makeLink, settle, check, change, takeFromJournal, ofOrder } = records;

  async function orderOf(/** @type {string} */ id) {
    const order = await store.order(id);
    if (!order) throw new Refusal('not_found', 404);
    return order;
  }

  /** A new reference for an order. @param {string} id @param {any[]} attempts */
  const nextReference = (id, attempts) => `${id}-${attempts.length + 1}-${crypto.randomUUID().slice(0, 4)}`;

  /**
   * What the next payment of an order needs, if there may be one.
   *
   * @param {string} id
   * @param {boolean} again whether the customer was warned that an open payment may yet succeed
   */
  async function prepareNext(id, again) {
    const [order, earlier] = [await orderOf(id), await ofOrder(id)];
    const standing = standingOf(earlier, clock());
    if (standing === 'paid' || (standing === 'open' && !again)) throw new Refusal(`order_${standing}`, 409);
    const despite = earlier.map((one) => one.reference);
    return { order, amount: amountOf(order), reference: nextReference(id, earlier), despite };
  }

  /** Stored before anything is sent: a notification may arrive before the reply. */
  const begin = (reference, order, command, fields) =>
    store.savePayment({
      reference,
      order: order.id,
      command,
      amount: order.amount,
      createdAt: clock(),
      outcome: 'uncertain',
      code: null,
      redirectTo: null,
      fort_id: null,
      card: null,
      payment: null,
      steps: [],
      ...fields,
    });

  /** A form posted by the browser, as a request of the timeline. */
  const requestOf = (/** @type {import('aps-payops/server').ApsForm} */ form) => ({
    url: form.action,
    request: show(JSON.stringify(form.fields), account, 'request'),
  });

  const shown = (/** @type {string} */ message) => show(message, account, 'response');

  /** A message as a step of the timeline, with the form that it answers, if known. */
  const stepOf = (message, reply, via, form = null) => {
    const { params } = reply;
    const command = params.command ?? params.service_command;
    return {
      at: clock(),
      via,
      command,
      amount: params.amount ? { amount: params.amount, currency: params.currency } : null,
      outcome: reply.outcome,
      code: reply.code,
      error: null,
      exchanges: [{ command, ...(form ? requestOf(form) : { url: null, request: null }), reply: shown(message) }],
    };
  };

  /**
   * Pays the amount of the order with a token, once.
   *
   * @param {string} message
   * @param {import('aps-payops/server').Reply} reply to TOKENIZATION
   * @param {Language} language
   * @returns {Promise<string | null>} the reference of the payment; null if the card was not used, as another payment of
   *   the order came first
   */
  async function payByToken(message, reply, language) {
    const { merchant_reference: reference, token_name, card_bin, payment_option } = reply.params;
    const [, id = '', attempt = ''] = REFERENCE.exec(reference) ?? [];
    const order = await orderOf(id);
    const plan = await store.note('form-plan', reference ?? '');
    /** @type {string[]} */
    let despite = [];
    const started = await store.exclusive(`order:${id}`, async () => {
      const earlier = await ofOrder(id);
      despite = earlier.map((one) => one.reference);
      if (earlier.some((one) => one.reference === reference)) return 'before';
      const { unused = [], ...known } = await orderOf(id);
      // The customer has read that this card is not charged; that stays true however the other payment ends.
      if (unused.includes(reference)) return 'never';
      const standing = standingOf(earlier, clock());
      // While another payment may succeed, only a page that warned of it continues.
      if (standing === 'paid' || (standing === 'open' && Number(attempt) !== earlier.length + 1)) {
        await store.saveOrder({ ...known, unused: [...unused, reference] });
        return 'never';
      }
      const brand = payment_option ?? cardBrand(card_bin ?? '');
      const command = plan || PURCHASE_ONLY.has(brand ?? '') ? 'PURCHASE' : order.command;
      const card = cardOf({ ...reply.params, payment_option: brand });
      const step = stepOf(message, reply, 'return', forms.card(reference, order, language));
      const wish = await stored.wishOf(reply.params);
      await begin(reference, order, command, { how: 'card', card, steps: [step], wish, ...(plan && { plan }) });
      return 'now';
    });
    if (started === 'never') return null;
    if (started === 'before') {
      // A repeated message shows the result of the first.
      await change(reference, async () => {});
      return reference;
    }
    const { outcome, code } = reply;
    if (outcome !== 'succeeded' || !token_name) {
      await change(reference, async (record) => {
        Object.assign(record, { outcome: outcome === 'rejected' ? outcome : 'failed', code });
      });
      return reference;
    }
    const byPlan = plan && { installments: 'YES', issuer_code: plan.issuer, plan_code: plan.code };
    await charge(reference, order, { token_name, ...byPlan }, despite, language);
    const { command, code: answer, card } = await store.payment(reference);
    if (command !== 'AUTHORIZATION' || answer !== NOT_FOR_THIS_CARD) return reference;
    // The six digits in the reply may be too few to recognize such a brand.
    const again = await store.exclusive(`order:${id}`, async () => {
      const earlier = await ofOrder(id);
      if (standingOf(earlier, clock()) === 'paid' || earlier.at(-1).reference !== reference) return null;
      const next = nextReference(id, earlier);
      await begin(next, order, 'PURCHASE', { how: 'card', card });
      despite = earlier.map((one) => one.reference);
      return next;
    });
    if (again) await charge(again, order, { token_name }, despite, language);
    return again ?? reference;
  }

  /**
   * Sends the payment that was begun, by token or wallet.
   *
   * @param {string} reference
   * @param {any} order
   * @param {Record<string, any>} paidBy the parameters that say what pays
   * @param {readonly string[]} despite the attempts that it was begun in spite of: of any other, the journal knows better
   * @param {Language} language
   */
  function charge(reference, order, paidBy, despite, language) {
    return change(reference, async (record) => {
      const params = {
        merchant_reference: reference,
        amount: amountOf(order),
        customer_email: order.email,
        ...(order.description && { order_description: order.description }),
        ...paidBy,
        // For the bank's page, which may follow.
        language,
        return_url: forms.returnUrl(order.id, language),
      };
      let answer;
      try {
        answer = await send(record, record.command, params, {
          operation: reference,
          order: order.id,
          despite,
          language,
        });
      } catch (error) {
        // Nothing was sent.
        record.outcome = 'rejected';
        throw refusalOf(error);
      }
      if (answer) settle(record, answer);
      else if (record.steps.at(-1).outcome === 'rejected') record.outcome = 'rejected';
    });
  }

  /** What a message must match; null for a message that is not ours. */
  async function expected(params, order) {
    const { merchant_reference = '' } = params;
    const record = await store.payment(merchant_reference);
    const [, id] = REFERENCE.exec(merchant_reference) ?? [];
    // A message about another order, sent to this order's address.
    if (!id || (order && id !== order) || !(await store.order(id))) return null;
    // TOKENIZATION moves no money and has no amount; the order defines it.
    if (params.service_command === 'TOKENIZATION') return { merchant_reference, command: 'TOKENIZATION' };
    if (!record) return null;
    const { command, amount } = record;
    // CHECK_STATUS confirms the amount of an operation on the payment.
    if (OPERATIONS.has(params.command)) return allowPart({ merchant_reference, ...amount }, params);
    return { merchant_reference, command, ...amount };
  }

  return {
    /**
     * @param {{ description: string, amount: string, currency: string, email: string, command: string }} typed
     * @param {Language} language
     */
    async createOrder(typed, language) {
      const { amount, issues } = readOrder(typed, language);
      const errors = issues.filter(({ severity }) => severity === 'error');
      if (!amount || errors.length > 0) throw new Refusal('invalid', 422, issues);
      const { description, email, command } = typed;
      if (command !== 'AUTHORIZATION' && command !== 'PURCHASE') throw new Refusal('unknown_command', 422);
      const id = `order-${crypto.randomUUID().slice(0, 8)}`;
      await store.saveOrder({ id, description, email, command, amount: amount.toJSON(), createdAt: clock() });
      return id;
    },

    /**
     * The signed part of the form by which the browser posts the card to the gateway.
     *
     * @param {string} id
     * @param {Language} language
     */
    async cardForm(id, language) {
      const order = await orderOf(id);
      return forms.card(nextReference(id, await ofOrder(id)), order, language);
    },

    /**
     * Begins a payment on the gateway's own page.
     *
     * @param {string} id
     * @param {{ again: boolean, choose?: (order: any) => Promise<import('./methods.js').Choice> }} choice `choose`: what it is paid
     *   with, if not with a card that is entered there
     * @param {Language} language
     * @returns {Promise<string>} the merchant_reference
     */
    startHosted(id, { again, choose = async (order) => ({ command: order.command, params: {} }) }, language) {
      return store.exclusive(`order:${id}`, async () => {
        const { order, amount, reference, despite } = await prepareNext(id, again);
        const { command, params } = await choose(order);
        const form = forms.hosted(command, reference, order, amount, language, params);
        await pay
          .expect({ operation: reference, merchant_reference: reference, order: id, amount, command }, { despite })
          .catch((error) => {
            throw refusalOf(error);
          });
        const exchanges = [{ command, ...requestOf(form), reply: null }];
        const step = { at: clock(), via: 'form', command, outcome: 'started', code: null, error: null };
        const steps = [plain({ ...step, amount, exchanges })];
        await begin(reference, order, command, { how: 'hosted', outcome: 'started', steps, chosen: params });
        return reference;
      });
    },

    /**
     * Makes a payment link for an order.
     *
     * @param {string} id
     * @param {{ days: number, isMailed: boolean }} link how long it is good, and whether the gateway sends it to the customer
     * @param {Language} language
     * @returns {Promise<string>} the merchant_reference of the payment
     */
    startLink(id, { days, isMailed }, language) {
      return store.exclusive(`order:${id}`, async () => {
        const { order, amount, reference, despite } = await prepareNext(id, false);
        const { command } = order;
        await pay.expect(
          { operation: reference, merchant_reference: reference, order: id, amount, command },
          { despite },
        );
        await begin(reference, order, command, { how: 'link', outcome: 'started' });
        const until = new Date(clock() + days * DAY);
        const params = {
          ...{ language, merchant_reference: reference, amount, customer_email: order.email, link_command: command },
          ...(order.description && { order_description: order.description }),
          request_expiry_date: `${until.toISOString().slice(0, 19)}+00:00`,
          notification_type: /** @type {const} */ (isMailed ? 'EMAIL' : 'NONE'),
          return_url: forms.returnUrl(id, language),
        };
        await change(reference, (record) => makeLink(record, params, language));
        return reference;
      });
    },

    /**
     * Reserves the reference of a payment that is about to begin.
     *
     * @param {string} id
     */
    async reserve(id) {
      const { order, amount, reference } = await prepareNext(id, true);
      return { order, amount, reference };
    },

    /**
     * Pays directly without a card, such as by a wallet and its password.
     *
     * @param {string} id
     * @param {object} payment
     * @param {string} payment.reference from `reserve`
     * @param {boolean} payment.again whether the customer was warned that another payment may yet succeed
     * @param {Record<string, any>} payment.paidBy the parameters that say what pays
     * @param {Record<string, string>} payment.chosen those of them that may be kept
     * @param {boolean} [payment.isAtOnce] whether it is charged at once, whatever the order says
     * @param {Language} language
     */
    async payDirectly(id, { reference, again, paidBy, chosen, isAtOnce = true }, language) {
      const { order, despite } = await store.exclusive(`order:${id}`, async () => {
        const next = await prepareNext(id, again);
        await begin(reference, next.order, isAtOnce ? 'PURCHASE' : next.order.command, { how: 'wallet', chosen });
        return next;
      });
      await charge(reference, order, paidBy, despite, language);
    },

    /** Whether a payment holds or has captured money. @param {string} reference */
    isHeld: async (reference) => (await store.payment(reference))?.payment != null,

    /**
     * The signed form that opens the gateway's page; null once the payment has ended.
     *
     * @param {string} reference
     * @param {Language} language
     */
    async hostedForm(reference, language) {
      const record = await store.payment(reference);
      if (!record) throw new Refusal('not_found', 404);
      const order = await orderOf(record.order);
      // Another attempt may have paid meanwhile.
      const isPaid = standingOf(await ofOrder(record.order), clock()) === 'paid';
      const form =
        record.outcome === 'started' && record.how === 'hosted' && !isPaid
          ? forms.hosted(record.command, reference, order, amountOf(record), language, record.chosen)
          : null;
      return { order, amount: amountOf(record), form };
    },

    /** Asks the gateway about the open payments of an order. @param {string} id @param {Language} language */
    async refresh(id, language) {
      await orderOf(id);
      for (const { reference, payment, outcome } of await ofOrder(id)) {
        if (!payment && OPEN.has(outcome)) await change(reference, (record) => check(record, language));
      }
    },

    /**
     * Handles a message from `return_url` or a notification; repeated and out of order, too.
     *
     * @param {string} message JSON or form-encoded text
     * @param {{ via: 'return' | 'notification', order?: string, language?: Language }} options `order`: the one that
     *   the message must be about
     * @returns {Promise<{ id: string, reference: string | null, handled: 'now' | 'before' | 'elsewhere' }>} of the order, and
     *   of the payment; null for a card that was not used, as another payment of the order came first
     */
    async arrived(message, { via, order, language = 'en' }) {
      const expect = (params) => expected(params, order);
      const idOf = (/** @type {string} */ reference) => REFERENCE.exec(reference)?.[1] ?? '';
      // It moves no money, so the journal ignores it.
      if (readParams(message).service_command === 'TOKENIZATION') {
        const reply = await openNotification(message, account, { expect });
        const { merchant_reference: reference } = reply.params;
        // The browser brings it as well, and is needed if the bank asks for a challenge.
        const used = via === 'return' ? await payByToken(message, reply, language) : reference;
        return { id: idOf(reference), reference: used, handled: 'now' };
      }
      const handle = (reply, { operation }) => take(message, reply, { via, operation });
      const { reply, handled } = await pay.notification(message, { expect, handle });
      const { merchant_reference: reference } = reply.params;
      return { id: idOf(reference), reference, handled };
    },
  };

  /**
   * Applies a verified message about a payment, after the journal.
   *
   * @param {string} message
   * @param {import('aps-payops/server').Reply} reply
   * @param {{ via: 'return' | 'notification', operation: string | null }} how `operation`: the key of the one it is about
   */
  async function take(message, reply, { via, operation }) {
    const { params, outcome } = reply;
    await change(params.merchant_reference, async (record) => {
      const isOfPayment = params.command === record.command;
      const { step, isNew } = stepFor(record, reply, operation);
      if (step) {
        step.notified ||= via === 'notification';
        // Copies are recognized by their signature.
        if (isNew) step.exchanges.push({ command: params.command, url: null, request: null, reply: shown(message) });
        if (isNew && isDoubtful(step)) {
          if (FINAL.has(outcome)) Object.assign(step, { settled: outcome, evidence: 'notification' });
          await check(record, 'en');
        }
      } else if (isNew) {
        record.steps.push(stepOf(message, reply, via));
        if (!isOfPayment) await check(record, 'en');
      }
      await takeFromJournal(record);
      if (!isOfPayment) return;
      // A signed success overrides any earlier state.
      const late = outcome === 'succeeded' && !record.payment;
      if (late || (isNew && OPEN.has(record.outcome))) settle(record, reply);
    });
  }
}

/** The refusal shown to customers when the journal does not begin a payment. @param {any} error */
function refusalOf(error) {
  if (error.code === 'busy') return new Refusal('order_open', 409);
  return error.code === 'paid_already' ? new Refusal('order_paid', 409) : error;
}

const FINAL = new Set(['succeeded', 'failed']);
/** Whether a step is an incoming message. */
const isTold = (/** @type {any} */ { via }) => via === 'return' || via === 'notification';

/**
 * The step that a message is about. Not `isNew`: the message was seen before. No step: nothing matching was sent, or the
 * message is not final.
 *
 * @param {{ steps: any[], reference: string }} record
 * @param {import('aps-payops/server').Reply} reply
 * @param {string | null} operation the key of the operation that the journal found it to be about
 * @returns {{ step?: any, isNew: boolean }}
 */
function stepFor({ steps }, { params, outcome }, operation) {
  const signature = params.signature?.toLowerCase();
  // A tampered message may carry the original's signature; it proves nothing.
  const isCopy = ({ reply }) => reply?.matches && reply.signature.toLowerCase() === signature;
  const before = steps.find(({ exchanges }) => exchanges.some(isCopy));
  if (before) return { step: before, isNew: false };
  if (!FINAL.has(outcome) || operation === null) return { isNew: true };
  const isOfIt = (/** @type {any} */ one) =>
    one.command === params.command &&
    !one.notified &&
    (one.operation === operation ? one.outcome === outcome || isDoubtful(one) : isTold(one) && one.outcome === outcome);
  return { step: steps.find(isOfIt), isNew: true };
}
