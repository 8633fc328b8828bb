// The desk: lists payments, carries out operations on them, and settles uncertain ones. No HTML here.
import { Payment } from 'aps-payops';
import { readOperation } from '../rules.js';
import { createListing } from './listing.js';
import { amountOf, isDoubtful, OPEN, OPERATIONS, standingOf } from './records.js';
import { Refusal } from './refusal.js';

/** @typedef {'en' | 'ar'} Language */
/** @typedef {{ command: string, amount: string, by?: string, why?: string }} Typed what came from a form */

/** The most payments that one press asks the gateway about. */
const MOST = 200;

/**
 * @param {object} options
 * @param {ReturnType<typeof import('./records.js').createRecords>} options.records
 * @param {import('./store.js').Store} options.store
 * @param {() => number} options.clock milliseconds since 1970
 */
export function createDesk({ records, store, clock }) {
  const { pay, send, begun, check, change, takeFromJournal, ofOrder } = records;

  /**
   * The effect of an operation, by the life cycle.
   *
   * @param {any} record
   * @param {Typed} typed
   * @param {Language} language
   */
  function plan(record, typed, language) {
    if (!OPERATIONS.has(typed.command)) throw new Refusal('unknown_command', 422);
    if (!record.payment) throw new Refusal('not_paid', 409);
    const command = /** @type {'CAPTURE' | 'VOID_AUTHORIZATION' | 'REFUND'} */ (typed.command);
    const payment = Payment.fromJSON(record.payment);
    const { reference } = record;
    const { amount, issues } = readOperation(payment, { ...typed, reference }, clock(), language);
    if (issues.some(({ severity }) => severity === 'error')) {
      throw new Refusal('invalid', amount || command === 'VOID_AUTHORIZATION' ? 409 : 422, issues);
    }
    return { command, payment, amount };
  }

  const desk = {
    list: createListing(store, clock),

    /**
     * What the confirmation page shows before anything is sent.
     *
     * @param {string} reference
     * @param {Typed} typed
     * @param {Language} language
     */
    async prepare(reference, typed, language) {
      const entry = await desk.payment(reference);
      const { command, payment, amount } = plan(entry.record, typed, language);
      if (entry.doubts.length > 0) throw new Refusal('busy', 409);
      const next = payment.after(command, amount ?? undefined, clock());
      return { entry, command, next, amount: amount ?? payment.authorized };
    },

    /** Whether an operation was asked for already. @param {string} reference @param {string} operation */
    async isDone(reference, operation) {
      const record = await store.payment(reference);
      return record?.steps.some((/** @type {any} */ step) => step.operation === operation) ?? false;
    },

    /**
     * Captures, voids or refunds once per operation key. Nothing is sent that the life cycle forbids.
     *
     * @param {string} reference
     * @param {Typed} typed
     * @param {{ operation: string, language: Language }} how
     */
    operate(reference, typed, { operation, language }) {
      return change(reference, async (record) => {
        // The same form again, after a restart.
        if (record.steps.some((step) => step.operation === operation)) return;
        const { command, payment, amount } = plan(record, typed, language);
        const params = { merchant_reference: record.reference, ...(amount && { amount }) };
        if (command === 'REFUND') Object.assign(params, declinedRefund(record, amount));
        const { by, why } = typed;
        const reply = await send(record, command, params, { operation, language, payment, by, why }).catch((error) => {
          throw error.code === 'busy' ? new Refusal('busy', 409) : error;
        });
        if (reply?.outcome === 'succeeded') await takeFromJournal(record);
      });
    },

    /** @param {string} reference @param {Language} language */
    refresh: (reference, language) => change(reference, (record) => check(record, language)),

    /** What the journal has of a payment. @param {string} reference */
    journal: (reference) => pay.history(reference),

    /**
     * Settles an operation by hand.
     *
     * @param {string} reference
     * @param {{ operation: string, outcome: string, by: string, why: string }} typed
     */
    settle(reference, { operation, outcome, by, why }) {
      return change(reference, async (record) => {
        if (outcome !== 'succeeded' && outcome !== 'failed') throw new Refusal('settle_choose', 422);
        const found = (await pay.history(reference))?.operations.find((one) => one.operation === operation);
        if (!found) throw new Refusal('settle_gone', 409);
        await pay.settle(operation, outcome, { by, why }).catch((error) => {
          if (error.code === 'busy') throw new Refusal('settle_busy', 409);
          throw error.name === 'OperationError' ? new Refusal('settle_gone', 409) : error;
        });
        await takeFromJournal(record);
        settled(record, found, outcome);
      });
    },

    /**
     * Says who looked at a notification that belongs to no operation, so that it is no longer listed as uncertain.
     *
     * @param {string} reference of its payment
     * @param {{ notification: string, by: string, why: string }} decision
     */
    async dismiss(reference, { notification, by, why }) {
      const { notifications = [] } = (await pay.history(reference)) ?? {};
      if (!notifications.some(({ id }) => id === notification)) throw new Refusal('dismiss_gone', 409);
      await pay.dismiss(notification, { by, why }).catch((error) => {
        if (error.code === 'busy') throw new Refusal('dismiss_busy', 409);
        throw error.code === 'validation' ? new Refusal('dismiss_gone', 409) : error;
      });
    },

    /** Operations that need attention, and those that wait for their customer. */
    async uncertain() {
      const [doubts, waiting] = [[], []];
      for await (const one of pay.uncertain()) {
        (one.kind === 'open' && one.status === 'action_required' ? waiting : doubts).push(one);
      }
      return { doubts, waiting };
    },

    /**
     * Asks the gateway about open payments, those first that were not asked about for longest.
     *
     * @param {Language} language
     * @returns {Promise<{ settled: number, open: number }>} `open`: all that are left, whether asked about or not
     */
    async recover(language) {
      const { doubts, waiting } = await desk.uncertain();
      const { settled: ended } = await pay.recover({ olderThan: 0, lease: 0, limit: MOST });
      const keys = new Set(ended.map(({ operation }) => operation));
      const references = [...doubts, ...waiting].filter(({ operation }) => operation && keys.has(operation));
      for (const reference of new Set(references.map((one) => one.merchant_reference))) {
        if (await store.payment(reference)) await desk.refresh(reference, language);
      }
      const left = await desk.uncertain();
      const open = [...left.doubts, ...left.waiting].filter(({ kind }) => kind === 'open' || kind === 'lapsed');
      return { settled: ended.length, open: open.length };
    },

    /** An order with its payments, oldest first. @param {string} id */
    async order(id) {
      const order = await store.order(id);
      if (!order) throw new Refusal('not_found', 404);
      const all = await ofOrder(id);
      const payments = all.map((record) => look(record, order));
      const paid = payments.filter(({ view }) => view && !['voided', 'lapsed'].includes(view.state));
      // An order counts as paid even after a full refund, but such a payment holds no money.
      const holding = paid.filter(({ view }) => view.refundable.minor > 0n || view.capturable.minor > 0n);
      const standing = standingOf(all, clock());
      return { order, amount: amountOf(order), payments, paid, holding, standing, now: clock() };
    },

    /** @param {string} reference */
    async payment(reference) {
      const record = await store.payment(reference);
      if (!record) throw new Refusal('not_found', 404);
      const { order, payments, holding } = await desk.order(record.order);
      const others = payments.filter((one) => one.record.reference !== reference).map((one) => one.record.reference);
      return { ...look(record, order), others, twice: holding.length > 1 };
    },
  };
  return desk;

  /** A record after one of its operations was settled by hand. */
  function settled(record, { command, amount, currency }, outcome) {
    if (command === 'AUTHORIZATION' || command === 'PURCHASE') {
      if (record.payment || !OPEN.has(record.outcome)) return;
      if (outcome === 'succeeded') record.payment = begun(record, null).toJSON();
      record.outcome = outcome;
    } else if (outcome === 'succeeded' && record.payment) {
      const payment = Payment.fromJSON(record.payment);
      const sum = command === 'VOID_AUTHORIZATION' ? undefined : amountOf({ amount: { amount, currency } });
      if (payment.issues(command, sum, clock()).length === 0) {
        record.payment = payment.after(command, sum, clock()).toJSON();
      }
    }
  }

  /** A record with its amounts and its present state. */
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
