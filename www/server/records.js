// Payments as plain records: sends commands, applies replies, checks the status. Commands that move money go through the
// journal, which records them before they are sent and carries each out once.
import { Amount, Payment } from 'aps-payops';
import { journaled } from 'aps-payops/journal';
import { PaymentServices } from 'aps-payops/server';
import { Refusal } from './refusal.js';
import { createRecorder } from './steps.js';
import { isDoubtful } from './store.js';

export { isDoubtful };

/** @typedef {'en' | 'ar'} Language */
/** @typedef {import('./store.js').Store} Store */
/** @typedef {'AUTHORIZATION' | 'PURCHASE' | 'CAPTURE' | 'VOID_AUTHORIZATION' | 'REFUND'} Moving commands that move money */

/**
 * @typedef {object} How
 * @property {string} operation the journal's key
 * @property {Language} language
 * @property {Payment} [payment] as known so far
 * @property {string} [order] what is paid for
 * @property {readonly string[]} [despite] earlier attempts at the order, by their keys
 * @property {string} [by] who asked for it
 * @property {string} [why] and why
 */

export const OPERATIONS = new Set(['CAPTURE', 'VOID_AUTHORIZATION', 'REFUND']);
/** States of a payment that may still succeed. `started`: the customer was sent to the gateway's payment page. */
export const OPEN = new Set(['started', 'action_required', 'pending', 'uncertain']);
/** The journal's final states of an operation. */
const ENDED = new Set(['succeeded', 'failed', 'rejected']);
/** Milliseconds that an operation waits for another of the same payment. */
const WAIT = 500;

/**
 * Why no answer came.
 *
 * @param {any} error
 */
const whyOf = ({ code = 'unexpected', message, status, cause }) => ({ code, message, detail: status ?? cause?.code });

/**
 * @param {object} options
 * @param {import('aps-payops/server').Account} options.account
 * @param {typeof fetch} options.fetch
 * @param {number} options.timeout milliseconds for one answer
 * @param {Store} options.store
 * @param {() => number} options.clock milliseconds since 1970
 */
export function createRecords({ account, fetch, timeout, store, clock }) {
  const recorder = createRecorder(fetch, account);
  const aps = new PaymentServices(account, { fetch: recorder.fetch, timeout });
  const pay = journaled(aps, store.sql);

  /**
   * Sends a command that moves money, once, and keeps its messages. Throws only if nothing was sent.
   *
   * @param {any} record
   * @param {Moving} command
   * @param {Record<string, unknown>} params
   * @param {How} how
   * @returns {Promise<import('aps-payops/server').Reply | null>} null: no answer that can be believed
   */
  async function send(record, command, params, { operation, language, payment, order, despite, by, why }) {
    const at = clock();
    /** @type {any} */
    const step = {
      ...{ at, via: 'api', command, operation, amount: params.amount ?? null, outcome: 'uncertain', code: null },
      ...{ error: null, by: by ?? null, why: why ?? null, exchanges: [] },
    };
    const { steps } = record;
    // Who and why are stored before sending: this process may not live to see the answer.
    record.steps = [...steps, plain(step)];
    await store.savePayment(record);
    const exchanges = recorder.watch(record.reference);
    let reply = null;
    let thrown;
    try {
      const options = { language, payment, at, despite, wait: WAIT };
      reply = await pay.send(command, { ...params, operation, ...(order && { order }) }, options);
      Object.assign(step, { outcome: reply.outcome, code: reply.code || null, evidence: reply.evidence });
      if (reply.cause) step.error = whyOf(reply.cause);
    } catch (error) {
      thrown = error;
      step.error = whyOf(error);
    }
    step.exchanges = await exchanges();
    const isRefused = thrown?.name === 'OperationError';
    if (thrown && (isRefused || step.exchanges.length === 0)) {
      record.steps = steps;
      throw thrown;
    }
    // It was certainly not sent to the gateway.
    if (thrown?.sent === 'no') step.outcome = 'rejected';
    record.steps = [...steps, plain(step)];
    return reply;
  }

  /**
   * Sends CHECK_STATUS and keeps its messages.
   *
   * @param {any} record
   * @param {Record<string, unknown>} known
   */
  async function ask(record, known) {
    const exchanges = recorder.watch(record.reference);
    const at = clock();
    /** @type {any} */
    const step = {
      at,
      via: 'api',
      command: 'CHECK_STATUS',
      amount: null,
      outcome: 'uncertain',
      code: null,
      error: null,
    };
    let reply = null;
    try {
      reply = await aps.checkStatus({ merchant_reference: record.reference }, { ...known, at });
      Object.assign(step, { outcome: reply.outcome, code: reply.code || null });
      step.told = reply.params.transaction_code ?? null;
      // For an open operation the journal checks by itself, with that operation's own references.
      await pay.recover({ merchant_reference: record.reference, olderThan: 0, lease: 0 });
    } catch (error) {
      step.error = whyOf(error);
      if (error.sent === 'no') step.outcome = 'rejected';
    }
    step.exchanges = await exchanges();
    record.steps.push(plain(step));
    return reply;
  }

  /**
   * Requests a payment link and keeps the messages. Without a link nothing can be paid, unless the reply was lost.
   *
   * @param {any} record of a payment that the journal expects
   * @param {Parameters<typeof aps.links.create>[0]} params
   * @param {Language} language
   */
  async function makeLink(record, params, language) {
    const exchanges = recorder.watch(record.reference);
    let thrown;
    const command = 'PAYMENT_LINK';
    /** @type {any} */
    const step = {
      at: clock(),
      via: 'link',
      command,
      amount: params.amount,
      outcome: 'uncertain',
      code: null,
      error: null,
    };
    try {
      const reply = await aps.links.create(params, { language });
      Object.assign(step, { outcome: reply.outcome, code: reply.code || null });
      const { payment_link: url, payment_link_id: number } = /** @type {Record<string, string>} */ (reply.params);
      const isMade = reply.outcome === 'succeeded' && /^https?:/.test(url ?? '');
      if (isMade) record.link = { url, number, until: Date.parse(String(params.request_expiry_date)) };
      else Object.assign(record, { outcome: ENDED.has(reply.outcome) ? 'rejected' : 'uncertain', code: reply.code });
    } catch (error) {
      thrown = error;
      step.error = whyOf(error);
    }
    step.exchanges = await exchanges();
    // Without a verified reply the link may exist, and may have been mailed.
    if (thrown) {
      const isUnsent = thrown.sent === 'no' || step.exchanges.length === 0;
      record.outcome = step.outcome = isUnsent ? 'rejected' : 'uncertain';
    }
    record.steps.push(plain(step));
    if (record.outcome !== 'rejected') return;
    const why = 'No payment link was made, so nothing can be paid.';
    await pay.settle(record.reference, 'failed', { by: 'shop', why });
  }

  /** @param {any} record @param {import('aps-payops/server').Reply} reply */
  function settle(record, reply) {
    // First what may throw: a half-settled record would look like an unpaid order.
    const payment = reply.outcome === 'succeeded' ? (reply.payment ?? begun(record, reply)) : null;
    record.outcome = reply.outcome;
    record.code = reply.code;
    record.redirectTo = reply.redirectTo ?? null;
    record.fort_id = reply.params.fort_id ?? record.fort_id;
    record.card = cardOf(reply.params) ?? record.card;
    if (payment) record.payment = payment.toJSON();
  }

  /**
   * The start of the authorization's window, as far as known. An uncertain one may have been authorized when it was sent;
   * one that waited for the customer, perhaps for days, is authorized only now.
   *
   * @param {any} record
   */
  const beganAt = ({ outcome, createdAt }) => (outcome === 'uncertain' ? createdAt : clock());

  /** The payment of a successful reply; `payment_option` is dropped if it is invalid, since nothing depends on it. */
  function begun(/** @type {any} */ record, /** @type {import('aps-payops/server').Reply | null} */ reply) {
    const begin = record.command === 'PURCHASE' ? Payment.purchased : Payment.authorized;
    const at = beganAt(record);
    try {
      return begin(amountOf(record), { at, payment_option: reply?.params.payment_option });
    } catch {
      return begin(amountOf(record), { at });
    }
  }

  /**
   * Applies the result of CHECK_STATUS. What it does not show may still arrive.
   *
   * @param {any} record
   * @param {Language} language
   */
  async function check(record, language) {
    const known = record.payment
      ? { payment: Payment.fromJSON(record.payment) }
      : { currency: record.amount.currency, command: record.command, authorizedAt: beganAt(record) };
    const reply = await ask(record, { ...known, language });
    if (reply?.payment) {
      record.payment = reply.payment.toJSON();
      record.outcome = 'succeeded';
      record.fort_id = reply.params.fort_id ?? record.fort_id;
    } else if (reply && !record.payment && reply.outcome === 'failed') {
      record.outcome = 'failed';
      record.code = reply.params.transaction_code ?? reply.code;
    }
    await takeFromJournal(record);
  }

  /**
   * Applies the journal's findings: how operations without a reply ended, their evidence, and the proven sums.
   *
   * @param {any} record
   */
  async function takeFromJournal(record) {
    const known = await pay.history(record.reference);
    if (!known) return;
    for (const step of record.steps.filter(isDoubtful)) {
      const found = known.operations.find(({ operation }) => operation === step.operation);
      if (found && ENDED.has(found.status)) Object.assign(step, { settled: found.status, evidence: found.evidence });
    }
    if (record.payment) record.payment = raised(record.payment, known.totals);
  }

  /**
   * Reads a record, lets `work` change it, and saves it, exclusively.
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

  return { pay, send, makeLink, settle, begun, check, change, takeFromJournal, ofOrder: store.ofOrder };
}

/**
 * A payment with the larger of its own and the journal's proven sums.
 *
 * @param {any} payment as JSON
 * @param {import('aps-payops/journal').History['totals']} totals
 */
function raised(payment, { captured, refunded, voided }) {
  const most = (/** @type {string} */ one, /** @type {string} */ other) => (BigInt(one) > BigInt(other) ? one : other);
  const next = {
    ...payment,
    captured: most(payment.captured, captured),
    refunded: most(payment.refunded, refunded),
    voided: payment.voided || voided,
  };
  return Payment.fromJSON(next).toJSON();
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

/** What may be shown of a card: its brand, if known, and last digits. @param {Record<string, any>} params */
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
