// The merchant's side: orders, their payments, and what may still be done with each. No HTML here.
import { Amount, Payment } from 'aps-payops';
import { openNotification, PaymentServices } from 'aps-payops/server';
import { readChoice, readOperation, readOrder } from '../rules.js';
import { createRecorder, show } from './steps.js';

/** @typedef {'en' | 'ar'} Language */

/** Which method of `PaymentServices` carries out a command. */
const METHODS = /** @type {const} */ ({
  AUTHORIZATION: 'authorize',
  PURCHASE: 'purchase',
  CAPTURE: 'capture',
  VOID_AUTHORIZATION: 'void',
  REFUND: 'refund',
  CHECK_STATUS: 'checkStatus',
});
const OPERATIONS = new Set(['CAPTURE', 'VOID_AUTHORIZATION', 'REFUND']);
/** Not known yet whether the money is held. */
const OPEN = new Set(['action_required', 'pending', 'uncertain']);

/** What the desk will not do. `status` is the HTTP status, `issues` say why, where the package told. */
export class Refusal extends Error {
  /**
   * @param {string} code
   * @param {number} status
   * @param {import('../rules.js').Issue[]} [issues]
   */
  constructor(code, status, issues = []) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.status = status;
    this.issues = issues;
  }
}

/**
 * @param {object} options
 * @param {import('aps-payops/server').Account} options.account
 * @param {typeof fetch} options.fetch
 * @param {number} options.timeout milliseconds for one answer
 * @param {ReturnType<typeof import('./store.js').createMemoryStore>} options.store
 * @param {() => number} options.clock milliseconds since 1970
 * @param {string} options.origin where the customer's browser returns to
 * @param {import('./cards.js').Card[]} options.cards
 */
export function createDesk({ account, fetch, timeout, store, clock, origin, cards }) {
  const recorder = createRecorder(fetch, account);
  // One client for all: it remembers what it has seen of each order.
  const aps = new PaymentServices(account, { fetch: recorder.fetch, timeout });

  /**
   * Sends one command and keeps what went over the wire. Throws only if nothing was sent.
   *
   * @param {any} record
   * @param {keyof typeof METHODS} command
   * @param {Record<string, unknown>} params
   * @param {Record<string, unknown> & { language: Language }} options
   */
  async function send(record, command, params, options) {
    const exchanges = recorder.watch(record.reference);
    const at = clock();
    /** @type {any} */
    const step = {
      at,
      via: 'api',
      command,
      amount: params.amount ?? null,
      outcome: 'uncertain',
      code: null,
      error: null,
    };
    let reply = null;
    let thrown;
    try {
      reply = await aps[METHODS[command]](params, { ...options, at });
      Object.assign(step, { outcome: reply.outcome, code: reply.code || null });
      if (reply.cause) step.error = { code: reply.cause.code, message: reply.cause.message };
    } catch (error) {
      thrown = error;
      step.error = { code: error.code ?? 'unexpected', message: error.message };
    }
    step.exchanges = await exchanges();
    if (thrown && step.exchanges.length === 0) throw thrown;
    // The gateway was never reached: that much is certain.
    if (thrown?.sent === 'no') step.outcome = 'rejected';
    record.steps.push(plain(step));
    return reply;
  }

  /** @param {any} record @param {any} reply @param {Language} language */
  function settle(record, reply) {
    record.outcome = reply.outcome;
    record.code = reply.code;
    record.redirectTo = reply.redirectTo ?? null;
    record.fort_id = reply.params.fort_id ?? record.fort_id;
    if (reply.outcome !== 'succeeded') return;
    const begin = record.command === 'PURCHASE' ? Payment.purchased : Payment.authorized;
    const payment_option = reply.params.payment_option;
    const payment = reply.payment ?? begin(amountOf(record), { at: record.createdAt, payment_option });
    record.payment = payment.toJSON();
  }

  /**
   * Asks CHECK_STATUS and believes what it shows; what it does not show may still come.
   *
   * @param {any} record
   * @param {Language} language
   */
  async function check(record, language) {
    const { command, createdAt } = record;
    const known = record.payment
      ? { payment: Payment.fromJSON(record.payment) }
      : { currency: record.amount.currency, command, authorizedAt: createdAt };
    const reply = await send(record, 'CHECK_STATUS', { merchant_reference: record.reference }, { ...known, language });
    if (!reply) return;
    record.steps.at(-1).told = reply.params.transaction_code ?? null;
    if (reply.payment) {
      record.payment = reply.payment.toJSON();
      record.outcome = 'succeeded';
      record.fort_id = reply.params.fort_id ?? record.fort_id;
      explain(record);
    } else if (!record.payment && reply.outcome === 'failed') {
      record.outcome = 'failed';
      record.code = reply.params.transaction_code ?? reply.code;
    }
  }

  /** Reads the record anew, lets `work` change it, and keeps it, with nobody else in between. */
  function change(reference, work) {
    return store.exclusive(`payment:${reference}`, async () => {
      const record = await store.payment(reference);
      if (!record) throw new Refusal('not_found', 404);
      try {
        return await work(record);
      } finally {
        await store.savePayment(record);
      }
    });
  }

  const paymentsOf = async (orderId) => (await store.payments()).filter(({ order }) => order === orderId);

  return {
    /** @param {{ description: string, amount: string, currency: string, email: string }} typed @param {Language} language */
    async createOrder(typed, language) {
      const { amount, issues } = readOrder(typed, language);
      const errors = issues.filter(({ severity }) => severity === 'error');
      if (!amount || errors.length > 0) throw new Refusal('invalid', 422, issues);
      const id = `order-${crypto.randomUUID().slice(0, 8)}`;
      const { description, email } = typed;
      await store.saveOrder({ id, description, email, amount: amount.toJSON(), createdAt: clock() });
      return id;
    },

    /**
     * Pays what the order says, whatever the page says.
     *
     * @param {string} orderId
     * @param {{ command: string, card: string, again: boolean }} choice
     * @param {Language} language
     * @returns {Promise<string>} the merchant_reference
     */
    pay(orderId, choice, language) {
      return store.exclusive(`order:${orderId}`, async () => {
        const order = await store.order(orderId);
        if (!order) throw new Refusal('not_found', 404);
        const card = cards.find(({ id }) => id === choice.card);
        if (!card) throw new Refusal('unknown_card', 422);
        if (choice.command !== 'AUTHORIZATION' && choice.command !== 'PURCHASE')
          throw new Refusal('unknown_command', 422);
        const { command } = choice;
        const earlier = await paymentsOf(orderId);
        const standing = standingOf(earlier, clock());
        if (standing === 'paid' || (standing === 'open' && !choice.again)) throw new Refusal(`order_${standing}`, 409);
        const amount = amountOf(order);
        const { payment_option } = card;
        const issues = readChoice({ command, payment_option, amount }, language);
        if (issues.some(({ severity }) => severity === 'error')) throw new Refusal('invalid', 422, issues);

        const reference = `${order.id}-${earlier.length + 1}`;
        // Kept before it is sent: a notification may be faster than the reply.
        await store.savePayment({
          reference,
          order: order.id,
          command,
          card: card.id,
          amount: order.amount,
          createdAt: clock(),
          outcome: 'uncertain',
          code: null,
          redirectTo: null,
          fort_id: null,
          payment: null,
          steps: [],
        });
        await change(reference, async (record) => {
          const params = {
            merchant_reference: reference,
            amount,
            customer_email: order.email,
            ...(order.description && { order_description: order.description }),
            payment_option,
            card_number: card.card_number,
            expiry_date: card.expiry_date,
            card_security_code: card.card_security_code,
            card_holder_name: 'Test Customer',
            return_url: `${origin}/return`,
          };
          try {
            const reply = await send(record, command, params, { language });
            if (reply) settle(record, reply);
            else if (record.steps.at(-1).outcome === 'rejected') record.outcome = 'rejected';
          } catch (error) {
            record.outcome = 'rejected';
            throw error;
          }
        });
        return reference;
      });
    },

    /**
     * Captures, voids or refunds. What the life cycle forbids never leaves the house.
     *
     * @param {string} reference
     * @param {{ command: string, amount: string }} typed
     * @param {Language} language
     */
    operate(reference, typed, language) {
      return change(reference, async (record) => {
        if (!OPERATIONS.has(typed.command)) throw new Refusal('unknown_command', 422);
        if (!record.payment) throw new Refusal('not_paid', 409);
        const command = /** @type {'CAPTURE' | 'VOID_AUTHORIZATION' | 'REFUND'} */ (typed.command);
        const payment = Payment.fromJSON(record.payment);
        const { amount, issues } = readOperation(payment, { ...typed, reference }, clock(), language);
        if (issues.some(({ severity }) => severity === 'error')) {
          throw new Refusal('invalid', amount || command === 'VOID_AUTHORIZATION' ? 409 : 422, issues);
        }
        const params = { merchant_reference: record.reference, ...(amount && { amount }) };
        const reply = await send(record, command, params, { payment, language });
        if (reply?.outcome !== 'succeeded') return;
        if (reply.payment) record.payment = reply.payment.toJSON();
        // The money has moved, but not as we thought the payment stood: the gateway knows.
        else await check(record, language);
      });
    },

    /** @param {string} reference @param {Language} language */
    refresh: (reference, language) => change(reference, (record) => check(record, language)),

    /**
     * A message of the gateway, from `return_url` or as a notification, once, twice or out of order.
     *
     * @param {string} message JSON or form-encoded text
     * @param {'return' | 'notification'} via
     * @returns {Promise<string>} the merchant_reference
     */
    async arrived(message, via) {
      const reply = await openNotification(message, account, {
        expect: async (params) => {
          const record = await store.payment(params.merchant_reference);
          if (!record) return null;
          const { reference: merchant_reference, command, amount } = record;
          // A notification of a capture, void or refund tells its own amount, which CHECK_STATUS confirms.
          if (OPERATIONS.has(params.command)) return { merchant_reference, currency: amount.currency };
          return { merchant_reference, command, ...amount };
        },
      });
      const { params } = reply;
      await change(params.merchant_reference, async (record) => {
        const told = record.steps.find((step) => tells(step, params));
        if (told) {
          told.notified ||= via === 'notification';
          return;
        }
        record.steps.push({
          at: clock(),
          via,
          command: params.command,
          amount: params.amount ? { amount: params.amount, currency: params.currency } : null,
          outcome: reply.outcome,
          code: reply.code,
          error: null,
          exchanges: [{ command: params.command, url: null, request: null, reply: show(message, account, 'response') }],
        });
        if (params.command === record.command) {
          const late = record.outcome === 'failed' && reply.outcome === 'succeeded';
          if (OPEN.has(record.outcome) || late) settle(record, reply);
        } else {
          await check(record, 'en');
        }
      });
      return params.merchant_reference;
    },

    /** Everything on the desk, newest first. */
    async all() {
      const orders = new Map((await store.orders()).map((order) => [order.id, order]));
      const payments = (await store.payments()).map((record) => look(record, orders.get(record.order)));
      const now = clock();
      const unpaid = [...orders.values()].filter(({ id }) => !payments.some(({ order }) => order.id === id));
      return { payments: payments.reverse(), unpaid: unpaid.reverse(), now };
    },

    /** @param {string} id */
    async order(id) {
      const order = await store.order(id);
      if (!order) throw new Refusal('not_found', 404);
      const records = await paymentsOf(id);
      const payments = records.map((record) => look(record, order));
      return { order, amount: amountOf(order), payments, standing: standingOf(records, clock()), now: clock() };
    },

    /** @param {string} reference */
    async payment(reference) {
      const record = await store.payment(reference);
      if (!record) throw new Refusal('not_found', 404);
      return look(record, await store.order(record.order));
    },
  };

  /** A record with its amounts and its life cycle as of now. */
  function look(record, order) {
    const payment = record.payment && Payment.fromJSON(record.payment);
    const now = clock();
    const view = payment?.at(now) ?? null;
    const doubts = record.steps.filter((step) => OPERATIONS.has(step.command) && isDoubtful(step));
    return {
      record,
      order,
      amount: amountOf(record),
      payment,
      view,
      state: view?.state ?? record.outcome,
      doubts,
      now,
    };
  }
}

/** Whether an order can be paid: `new`, `open` (something may yet succeed), `paid`. */
function standingOf(records, now) {
  const holds = ({ payment }) => payment && !['voided', 'lapsed'].includes(Payment.fromJSON(payment).at(now).state);
  if (records.some(holds)) return 'paid';
  return records.some(({ outcome, payment }) => !payment && OPEN.has(outcome)) ? 'open' : 'new';
}

/**
 * Whether the step is what the message tells of: the same message again, or the notification of an operation of ours,
 * which can be told only once.
 *
 * @param {any} step
 * @param {import('aps-payops/server').ReplyParams} params
 */
function tells(step, params) {
  if (step.exchanges.some(({ reply }) => reply?.signature === params.signature)) return true;
  const amount = params.command === 'VOID_AUTHORIZATION' ? undefined : params.amount;
  const { command, outcome, notified } = step;
  return !notified && outcome === 'succeeded' && command === params.command && step.amount?.amount === amount;
}

// What is uncertain took place if the totals are exactly what they would be then; short of that it stays uncertain.
/** @param {any} record */
function explain(record) {
  const { authorized, captured, refunded, voided } = Payment.fromJSON(record.payment);
  const started = record.command === 'PURCHASE' ? captured.minor : authorized.minor;
  const totals = { [record.command]: started, CAPTURE: captured.minor, REFUND: refunded.minor };
  for (const [command, total] of Object.entries(totals)) {
    const steps = record.steps.filter((step) => step.command === command && step.via === 'api');
    const open = steps.filter((step) => OPEN.has(step.outcome) && !step.settled);
    const done = steps.filter((step) => step.outcome === 'succeeded' || step.settled);
    const sum = [...open, ...done].reduce((minor, { amount }) => minor + BigInt(amount.amount), 0n);
    if (sum === total) for (const step of open) step.settled = 'succeeded';
  }
  if (voided) {
    for (const step of record.steps.filter(isDoubtful))
      if (step.command === 'VOID_AUTHORIZATION') step.settled = 'succeeded';
  }
}

/** @param {any} step */
function isDoubtful({ via, outcome, settled }) {
  return via === 'api' && outcome === 'uncertain' && !settled;
}

/** @param {{ amount: { amount: string, currency: string } }} record */
function amountOf({ amount }) {
  return Amount.fromMinor(amount.amount, amount.currency);
}

/** Records are plain JSON, so that any store can keep them. */
function plain(value) {
  return JSON.parse(JSON.stringify(value));
}
