// The desk: all payments, and what may still be done with each. No HTML here.
import { Payment } from 'aps-payops';
import { readOperation } from '../rules.js';
import { amountOf, isDoubtful, OPERATIONS, standingOf } from './records.js';
import { Refusal } from './refusal.js';

/** @typedef {'en' | 'ar'} Language */

/**
 * @param {object} options
 * @param {ReturnType<typeof import('./records.js').createRecords>} options.records
 * @param {import('./store.js').Store} options.store
 * @param {() => number} options.clock milliseconds since 1970
 */
export function createDesk({ records, store, clock }) {
  const { send, check, change, takeFromJournal, ofOrder } = records;

  return {
    /**
     * Captures, voids or refunds, once for an operation's key. What the life cycle forbids never leaves the house.
     *
     * @param {string} reference
     * @param {{ command: string, amount: string, by?: string, why?: string }} typed
     * @param {{ operation: string, language: Language }} how
     */
    operate(reference, typed, { operation, language }) {
      return change(reference, async (record) => {
        if (!OPERATIONS.has(typed.command)) throw new Refusal('unknown_command', 422);
        if (!record.payment) throw new Refusal('not_paid', 409);
        // The same form again, after the process was started anew.
        if (record.steps.some((step) => step.operation === operation)) return;
        const command = /** @type {'CAPTURE' | 'VOID_AUTHORIZATION' | 'REFUND'} */ (typed.command);
        const payment = Payment.fromJSON(record.payment);
        const { amount, issues } = readOperation(payment, { ...typed, reference }, clock(), language);
        if (issues.some(({ severity }) => severity === 'error')) {
          throw new Refusal('invalid', amount || command === 'VOID_AUTHORIZATION' ? 409 : 422, issues);
        }
        const params = { merchant_reference: record.reference, ...(amount && { amount }) };
        if (command === 'REFUND') Object.assign(params, declinedRefund(record, amount));
        const { by, why } = typed;
        const reply = await send(record, command, params, { operation, language, payment, by, why }).catch((error) => {
          throw error.code === 'busy' ? new Refusal('busy', 409) : error;
        });
        if (reply?.outcome === 'succeeded') await takeFromJournal(record);
      });
    },

    journal: (reference) => records.pay.history(reference),

    /** @param {string} reference @param {Language} language */
    refresh: (reference, language) => change(reference, (record) => check(record, language)),

    /** Everything on the desk, newest first. */
    async all() {
      const payments = (await store.payments()).map(({ record, order }) => look(record, order));
      return { payments, unpaid: await store.waiting(), now: clock() };
    },

    /** An order with its payments, oldest first. @param {string} id */
    async order(id) {
      const order = await store.order(id);
      if (!order) throw new Refusal('not_found', 404);
      const all = await ofOrder(id);
      const payments = all.map((record) => look(record, order));
      const paid = payments.filter(({ view }) => view && !['voided', 'lapsed'].includes(view.state));
      // What was given back entirely was paid, but pays nothing any more.
      const holding = paid.filter(({ view }) => view.refundable.minor > 0n || view.capturable.minor > 0n);
      const standing = standingOf(all, clock());
      return { order, amount: amountOf(order), payments, paid, holding, standing, now: clock() };
    },

    /** @param {string} reference */
    async payment(reference) {
      const record = await store.payment(reference);
      if (!record) throw new Refusal('not_found', 404);
      const { order, payments, holding } = await this.order(record.order);
      const others = payments.filter((one) => one.record.reference !== reference).map((one) => one.record.reference);
      return { ...look(record, order), others, twice: holding.length > 1 };
    },
  };

  /** A record with its amounts and its life cycle as of now. */
  function look(record, order) {
    const payment = record.payment && Payment.fromJSON(record.payment);
    const now = clock();
    const view = payment?.at(now) ?? null;
    const doubts = record.steps.filter((step) => OPERATIONS.has(step.command) && isDoubtful(step));
    const state = view?.state ?? record.outcome;
    return { record, order, amount: amountOf(record), payment, view, state, doubts, now };
  }
}

/**
 * A refund that was declined is sent again by the same reference: under a new one it would be another refund (DOC).
 *
 * @param {any} record
 * @param {import('aps-payops').Amount | null} amount
 * @returns {{ maintenance_reference?: string }}
 */
function declinedRefund(record, amount) {
  const last = record.steps.findLast((step) => step.via === 'api' && step.command === 'REFUND');
  const isSame = last?.outcome === 'failed' && last.amount.amount === String(amount?.minor);
  const sent = isSame && last.exchanges.find((exchange) => exchange.command === 'REFUND');
  const { maintenance_reference } = sent ? sent.request.params : {};
  return maintenance_reference ? { maintenance_reference } : {};
}
