// A thousand operations through a network that loses 30 % of requests and 30 % of replies, and delivers some requests
// after the client gave up. Every definite outcome of the client must agree with the gateway's ledger.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSandbox } from 'aps-payops/sandbox';
import { Amount, PaymentServices, TransportError } from 'aps-payops/server';
import fc from 'fast-check';
import { cards, securityCodes } from '../../secrets.js';

const CARD = { card_number: cards[0], expiry_date: '3005', card_security_code: securityCodes[0] };
const PAYER = { ...CARD, card_holder_name: 'A B', customer_email: 'a@example.com', customer_ip: '192.0.2.1' };
const TIMEOUT = 120;

const money = (minor) => Amount.fromMinor(minor, 'AED');

/**
 * One operation and the facts to check afterwards.
 * @typedef {{ command: string, amount: number, outcome: string, sent: boolean, hasBaseline: boolean, isLost: boolean }} Done
 */

/** One merchant's order: its operations and their answers. */
class Order {
  /** @type {Done[]} */
  done = [];
  /** @type {import('aps-payops/server').Payment | undefined} */
  payment;
  #next = { CAPTURE: 1, REFUND: 1 };

  constructor(aps, reference, amountOf) {
    this.aps = aps;
    this.merchant_reference = reference;
    this.amountOf = amountOf;
  }

  /** Runs one operation; never throws for faults of the network. */
  async run(command, params, options) {
    const { merchant_reference } = this;
    const hasBaseline = options.payment !== undefined || options.baseline === true;
    const amount = Number(params.amount?.minor ?? 0);
    try {
      const reply = await this.aps.send(command, { merchant_reference, ...params }, options);
      const isRecovered = reply.outcome === 'succeeded' && reply.params.query_command === 'CHECK_STATUS';
      const isLost = isRecovered || reply.cause instanceof TransportError;
      this.done.push({ command, amount, outcome: reply.outcome, sent: true, hasBaseline, isLost });
      if (reply.payment) this.payment = reply.payment;
      else if (reply.outcome === 'uncertain') await this.refresh();
    } catch (error) {
      // Only a baseline that could not be read may end so: everything that was sent has an outcome.
      assert.ok(error instanceof TransportError && error.sent === 'no' && error.code === 'no_baseline', error);
      this.done.push({ command, amount, outcome: 'not_sent', sent: false, hasBaseline, isLost: false });
    }
  }

  /** What a careful merchant does after an uncertain operation. */
  async refresh() {
    const { merchant_reference, payment } = this;
    const known = payment ? { payment } : { currency: 'AED', command: this.done[0].command, authorizedAt: Date.now() };
    try {
      const reply = await this.aps.checkStatus({ merchant_reference }, known);
      this.payment = reply.payment ?? payment;
    } catch (error) {
      assert.ok(error instanceof TransportError, error);
    }
  }

  /** The next amount of a command. */
  amount(command) {
    const count = this.#next[command];
    this.#next[command] += 1;
    return money(this.amountOf(count));
  }
}

/**
 * What one merchant does with one order.
 * @param {fc.Arbitrary<'payment' | 'read' | 'none'>} baseline where the totals before an operation come from
 */
const plans = (baseline) =>
  fc.array(
    fc.record({
      first: fc.constantFrom('AUTHORIZATION', 'AUTHORIZATION', 'PURCHASE'),
      baseline,
      steps: fc.array(
        fc.record({
          command: fc.constantFrom('CAPTURE', 'CAPTURE', 'REFUND', 'REFUND', 'VOID_AUTHORIZATION'),
          baseline,
        }),
        { minLength: 3, maxLength: 7 },
      ),
    }),
    { minLength: 40, maxLength: 50 },
  );

async function play(order, { first, baseline, steps }) {
  await order.run(first, { ...PAYER, amount: money(10_000) }, { baseline: baseline !== 'none' });
  for (const { command, baseline: how } of steps) {
    const known = how === 'payment' && order.payment ? { payment: order.payment } : { baseline: how !== 'none' };
    const params = command === 'VOID_AUTHORIZATION' ? {} : { amount: order.amount(command) };
    const { payment } = known;
    // What the life cycle forbids is not sent; that is another test's business.
    if (payment?.issues(command, params.amount).length > 0) continue;
    await order.run(command, params, known);
  }
}

/** Plays plans, several orders at a time, and hands them back with the gateway's books. */
async function playAll(many, seed, amountOf) {
  const faults = { dropRequest: 0.3, dropReply: 0.3, delay: 0.1, seed };
  const sandbox = createSandbox({ faults });
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch, timeout: TIMEOUT, retries: 5 });
  const orders = many.map((_, index) => new Order(aps, `order-${index}`, amountOf));
  const settled = await Promise.allSettled(many.map((one, index) => play(orders[index], one)));
  for (const { reason } of settled) if (reason) throw reason;
  // Delayed requests are carried out soon after the client gave up.
  await sleep(200);
  const books = new Map(sandbox.payments().map((payment) => [payment.merchant_reference, payment]));
  const log = sandbox.log().filter(({ kind }) => kind === 'exchange');
  await sandbox.close();
  return { orders, books, log };
}

const sum = (done, command, ...outcomes) =>
  done
    .filter((one) => one.command === command && outcomes.includes(one.outcome))
    .reduce((total, { amount }) => total + amount, 0);

/** Says what went wrong instead of printing hundreds of plans; the seed plays them again. */
const asyncReporter = async ({ failed, seed, errorInstance }) => {
  if (failed) throw new Error(`with seed ${seed}: ${errorInstance?.message}`, { cause: errorInstance });
};

/**
 * Compares the client's outcome of every operation with the ledger.
 * @returns {{ operations: number, lost: number, tookPlace: number, stayedUncertain: number }} the last two count lost
 *   answers of operations with a baseline alone
 */
function compare({ orders, books, log }) {
  const count = { operations: 0, lost: 0, tookPlace: 0, stayedUncertain: 0 };
  for (const { merchant_reference, done } of orders) {
    const carriedOut = (books.get(merchant_reference)?.operations ?? []).filter((operation) => operation.carriedOut);
    const voids = done.filter(({ command }) => command === 'VOID_AUTHORIZATION').length;
    for (const one of done) {
      const { command, amount, outcome } = one;
      // Amounts are powers of two, each once in an order: the books tell which operations took place. Not so of voids.
      const times = carriedOut.filter((each) => each.command === command && Number(each.amount ?? 0) === amount).length;
      const isUnique = command !== 'VOID_AUTHORIZATION' || voids === 1;
      const where = JSON.stringify({ merchant_reference, one, done, carriedOut });
      assert.ok(times <= 1, where);
      if (outcome === 'succeeded') assert.equal(times, 1, where);
      else if (outcome !== 'uncertain' && isUnique) assert.equal(times, 0, where);
      count.operations += 1;
      if (!one.isLost) continue;
      count.lost += 1;
      if (!one.hasBaseline || times === 0 || !isUnique) continue;
      count.tookPlace += 1;
      if (outcome === 'uncertain') count.stayedUncertain += 1;
    }
  }
  const sent = log
    .filter(({ request }) => request.command === 'CAPTURE' || request.command === 'REFUND')
    .map(({ request }) => `${request.merchant_reference} ${request.command} ${request.amount}`);
  assert.equal(new Set(sent).size, sent.length, 'nothing that moves money is sent twice');
  return count;
}

/**
 * Plays plans until there were enough operations.
 * @param {Parameters<typeof plans>[0]} baseline
 * @param {number} numRuns
 */
async function compareAll(baseline, numRuns) {
  const all = { operations: 0, lost: 0, tookPlace: 0, stayedUncertain: 0 };
  await fc.assert(
    fc.asyncProperty(plans(baseline), fc.integer({ min: 1, max: 1e9 }), async (many, seed) => {
      const count = compare(await playAll(many, seed, (number) => 2 ** number));
      for (const [name, more] of Object.entries(count)) all[name] += more;
    }),
    { numRuns, endOnFailure: true, asyncReporter },
  );
  return all;
}

test('with baselines, every definite outcome equals the books, and hardly a lost answer stays uncertain', async () => {
  const count = await compareAll(fc.constantFrom('payment', 'read'), 5);
  const text = JSON.stringify(count);
  assert.ok(count.operations >= 800 && count.tookPlace >= 100, text);
  assert.ok(count.stayedUncertain <= count.tookPlace / 100, text);
});

test('with and without baselines, every definite outcome equals the books', async () => {
  const count = await compareAll(fc.constantFrom('payment', 'read', 'none'), 3);
  assert.ok(count.operations >= 400 && count.lost >= 100, JSON.stringify(count));
});

test('of operations that are all alike, no more are reported to have succeeded than did', async () => {
  await fc.assert(
    fc.asyncProperty(plans(fc.constantFrom('payment', 'read', 'none')), fc.integer({ min: 1 }), async (many, seed) => {
      const { orders, books } = await playAll(many, seed, () => 100);
      for (const { merchant_reference, done } of orders) {
        const operations = books.get(merchant_reference)?.operations ?? [];
        for (const command of ['CAPTURE', 'REFUND']) {
          const carriedOut = operations.filter((operation) => operation.carriedOut && operation.command === command);
          const total = carriedOut.reduce((before, { amount }) => before + Number(amount), 0);
          const where = JSON.stringify({ merchant_reference, command, total, done, operations });
          assert.ok(sum(done, command, 'succeeded') <= total, where);
          assert.ok(total <= sum(done, command, 'succeeded', 'uncertain'), where);
        }
      }
    }),
    { numRuns: 3, endOnFailure: true, asyncReporter },
  );
});
