// Payments as plain records: sending a command for one, settling it by what was answered, asking what became of it.
import { Amount, Payment } from 'aps-payops';
import { PaymentServices } from 'aps-payops/server';
import { Refusal } from './refusal.js';
import { createRecorder } from './steps.js';

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
export const OPERATIONS = new Set(['CAPTURE', 'VOID_AUTHORIZATION', 'REFUND']);
/** Not known yet whether the money is held. `started`: the customer was sent to the gateway's payment page. */
export const OPEN = new Set(['started', 'action_required', 'pending', 'uncertain']);

/**
 * @param {object} options
 * @param {import('aps-payops/server').Account} options.account
 * @param {typeof fetch} options.fetch
 * @param {number} options.timeout milliseconds for one answer
 * @param {ReturnType<typeof import('./store.js').createMemoryStore>} options.store
 * @param {() => number} options.clock milliseconds since 1970
 */
export function createRecords({ account, fetch, timeout, store, clock }) {
  const recorder = createRecorder(fetch, account);
  // One client for all: it remembers what it has seen of each order.
  const aps = new PaymentServices(account, { fetch: recorder.fetch, timeout });
  // What the customer sees of a payment, such as the bank's page, is in the customer's language.
  const inArabic = new PaymentServices({ ...account, language: 'ar' }, { fetch: recorder.fetch, timeout });
  const PAYS = new Set(['AUTHORIZATION', 'PURCHASE']);

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
      const client = PAYS.has(command) && options.language === 'ar' ? inArabic : aps;
      reply = await client[METHODS[command]](params, { ...options, at });
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

  /** @param {any} record @param {import('aps-payops/server').Reply} reply */
  function settle(record, reply) {
    // First what may fail: a record half settled would look like an order that nobody paid.
    const payment = reply.outcome === 'succeeded' ? (reply.payment ?? begun(record, reply)) : null;
    record.outcome = reply.outcome;
    record.code = reply.code;
    record.redirectTo = reply.redirectTo ?? null;
    record.fort_id = reply.params.fort_id ?? record.fort_id;
    record.card = cardOf(reply.params) ?? record.card;
    if (payment) record.payment = payment.toJSON();
  }

  /**
   * When the window of an authorization began, as far as can be told. What is uncertain may have been carried out when it
   * was sent; what waited for the customer, who may take days over a challenge, was not until now.
   *
   * @param {any} record
   */
  const beganAt = ({ outcome, createdAt }) => (outcome === 'uncertain' ? createdAt : clock());

  /** The payment that a success begins. What it is said to be paid by decides nothing, so it may be left out. */
  function begun(/** @type {any} */ record, /** @type {import('aps-payops/server').Reply} */ reply) {
    const begin = record.command === 'PURCHASE' ? Payment.purchased : Payment.authorized;
    const at = beganAt(record);
    try {
      return begin(amountOf(record), { at, payment_option: reply.params.payment_option });
    } catch {
      return begin(amountOf(record), { at });
    }
  }

  /**
   * Asks CHECK_STATUS and believes what it shows; what it does not show may still come.
   *
   * @param {any} record
   * @param {Language} language
   */
  async function check(record, language) {
    const known = record.payment
      ? { payment: Payment.fromJSON(record.payment) }
      : { currency: record.amount.currency, command: record.command, authorizedAt: beganAt(record) };
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

  /**
   * Reads the record anew, lets `work` change it, and keeps it, with nobody else in between.
   *
   * @template T
   * @param {string} reference
   * @param {(record: any) => Promise<T>} work
   * @returns {Promise<T>}
   */
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

  const ofOrder = async (/** @type {string} */ id) => (await store.payments()).filter(({ order }) => order === id);

  return { send, settle, check, change, ofOrder };
}

/**
 * Whether an order can be paid: `new`, `open` (something may yet succeed), `paid`.
 *
 * @param {any[]} records
 * @param {number} now
 */
export function standingOf(records, now) {
  const holds = ({ payment }) => payment && !['voided', 'lapsed'].includes(Payment.fromJSON(payment).at(now).state);
  if (records.some(holds)) return 'paid';
  const mayHold = ({ outcome, payment }) => !payment && (OPEN.has(outcome) || outcome === 'succeeded');
  return records.some(mayHold) ? 'open' : 'new';
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
    const done = steps.filter((step) => (step.settled ?? step.outcome) === 'succeeded');
    const sum = [...open, ...done].reduce((minor, { amount }) => minor + BigInt(amount.amount), 0n);
    if (sum === total) for (const step of open) step.settled = 'succeeded';
  }
  if (voided) {
    for (const step of record.steps.filter(isDoubtful))
      if (step.command === 'VOID_AUTHORIZATION') step.settled = 'succeeded';
  }
}

/** @param {any} step */
export function isDoubtful({ via, outcome, settled }) {
  return via === 'api' && outcome === 'uncertain' && !settled;
}

/** What may be shown of a card: its brand, if told, and last digits. @param {Record<string, any>} params */
export function cardOf({ payment_option, card_number }) {
  const tail = /[0-9]{4}$/.exec(card_number ?? '')?.[0];
  return tail ? { brand: payment_option ?? null, tail } : null;
}

/** @param {{ amount: { amount: string, currency: string } }} record */
export function amountOf({ amount }) {
  return Amount.fromMinor(amount.amount, amount.currency);
}

/** Records are plain JSON, so that any store can keep them. @param {unknown} value */
export function plain(value) {
  return JSON.parse(JSON.stringify(value));
}
