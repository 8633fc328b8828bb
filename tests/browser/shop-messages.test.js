// Messages of the gateway, held against what the demo shop sent: each is of one step, and none is believed of another.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox, testCards } from 'aps-payops/sandbox';
import { createCheckout } from '../../www/server/checkout.js';
import { createDesk } from '../../www/server/desk.js';
import { createRecords } from '../../www/server/records.js';
import { createMemoryStore } from '../../www/server/store.js';

/** A shop and its gateway, and what becomes of requests and replies between them. */
function shop() {
  const sandbox = createSandbox();
  const store = createMemoryStore();
  const wire = {
    /** @type {((request: { url: string, init: any }) => void) | null} */
    before: null,
    /** @type {((reply: Response) => Promise<Response> | Response) | null} */
    after: null,
  };
  const fetch = async (/** @type {any} */ url, /** @type {any} */ init) => {
    wire.before?.({ url, init });
    const reply = await sandbox.fetch(url, init);
    return wire.after ? wire.after(reply) : reply;
  };
  const clock = () => Date.now();
  const { account } = sandbox;
  const records = createRecords({ account, fetch, timeout: 500, store, clock });
  const checkout = createCheckout({ account, records, store, clock, origin: 'http://127.0.0.1:1' });
  const desk = createDesk({ records, store, clock });

  const order = (command = 'AUTHORIZATION') =>
    checkout.createOrder(
      { description: 'x', amount: '100.00', currency: 'AED', email: 'a@example.com', command },
      'en',
    );
  /** What the gateway tells of a card, by way of the browser. */
  const card = async (/** @type {string} */ id, brand = 'VISA') => {
    const { action, fields } = await checkout.cardForm(id, 'en');
    const { number, expiry, securityCode } =
      testCards.find((one) => one.outcome === 'success' && one.brand === brand) ?? assert.fail('no such card');
    const given = {
      card_number: number,
      expiry_date: expiry,
      card_security_code: securityCode,
      card_holder_name: 'A B',
    };
    const reply = await sandbox.fetch(action, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...fields, ...given }).toString(),
    });
    return new URL(String(reply.headers.get('location'))).search.slice(1);
  };
  const pay = async (command = 'AUTHORIZATION') => {
    const id = await order(command);
    const { reference } = await checkout.arrived(await card(id), { via: 'return', order: id });
    return { id, reference: String(reference) };
  };
  const capture = (/** @type {string} */ reference, /** @type {string} */ amount) =>
    desk.operate(reference, { command: 'CAPTURE', amount }, 'en').catch(() => {});
  /** The gateway's replies to a command, as its notifications tell them. */
  const replies = (/** @type {string} */ command) =>
    sandbox.log().flatMap(({ request, reply }) => (request?.command === command ? [JSON.stringify(reply)] : []));
  const steps = async (/** @type {string} */ reference, command = 'CAPTURE') =>
    (await store.payment(reference)).steps
      .filter((/** @type {any} */ step) => step.command === command)
      .map(({ outcome, settled, notified }) => [settled ?? outcome, notified === true]);
  return { sandbox, store, wire, checkout, desk, order, card, pay, capture, replies, steps };
}

const lost = () => {
  throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
};

test('the notification of a capture is not believed of an earlier one that was lost', async () => {
  const { wire, pay, capture, replies, steps, checkout, desk } = shop();
  const { reference } = await pay();
  wire.before = lost;
  await capture(reference, '30.00');
  wire.before = null;
  await capture(reference, '30.00');
  const [message = ''] = replies('CAPTURE');
  await checkout.arrived(message, { via: 'notification' });
  assert.deepEqual(await steps(reference), [
    ['uncertain', false],
    ['succeeded', true],
  ]);
  assert.equal((await desk.payment(reference)).doubts.length, 1);
});

test('the refusal of a second capture is not believed of the first, whose answer was lost', async () => {
  const { wire, pay, capture, replies, steps, checkout } = shop();
  const { reference } = await pay();
  wire.after = lost;
  await capture(reference, '100.00');
  wire.after = null;
  await capture(reference, '100.00');
  const [first = '', second = ''] = replies('CAPTURE');
  await checkout.arrived(second, { via: 'notification' });
  assert.deepEqual((await steps(reference))[1], ['failed', true]);
  assert.notEqual((await steps(reference))[0]?.[0], 'failed');
  await checkout.arrived(first, { via: 'notification' });
  assert.deepEqual(await steps(reference), [
    ['succeeded', true],
    ['failed', true],
  ]);
});

test('of two captures whose answers were lost, only totals tell which took place', async () => {
  const { wire, pay, capture, replies, steps, checkout, desk } = shop();
  const { reference } = await pay();
  wire.before = lost;
  await capture(reference, '30.00');
  wire.before = null;
  wire.after = lost;
  await capture(reference, '30.00');
  wire.after = null;
  const [message = ''] = replies('CAPTURE');
  await checkout.arrived(message, { via: 'notification' });
  assert.deepEqual(await steps(reference), [
    ['uncertain', false],
    ['uncertain', false],
  ]);
  assert.equal(String((await desk.payment(reference)).payment.captured), '30.00');
});

test('copies of the notification of a lost answer are no operations of their own', async () => {
  const { wire, pay, capture, replies, steps, checkout } = shop();
  const { reference } = await pay();
  wire.after = lost;
  await capture(reference, '30.00');
  wire.after = null;
  const [message = ''] = replies('CAPTURE');
  for (let time = 0; time < 3; time++) await checkout.arrived(message, { via: 'notification' });
  assert.deepEqual(await steps(reference), [['succeeded', true]]);
});

test('a success is believed though its first copy was altered on the way and nobody answers CHECK_STATUS', async () => {
  const { wire, order, card, replies, checkout, desk } = shop();
  const id = await order('PURCHASE');
  wire.after = async (reply) => new Response((await reply.text()).replace('"amount":"10000"', '"amount":"10001"'));
  const { reference } = await checkout.arrived(await card(id), { via: 'return', order: id });
  const message = String(replies('PURCHASE').at(-1));
  wire.after = lost;
  for (const via of /** @type {const} */ (['notification', 'return', 'notification'])) {
    await checkout.arrived(message, { via, order: id });
  }
  assert.equal((await desk.order(id)).standing, 'paid');
  assert.equal(String((await desk.payment(String(reference))).payment.captured), '100.00');
});

test('a card that was told to be unused is not charged later', async () => {
  const { order, card, checkout, desk } = shop();
  const id = await order();
  const [first, second] = [await card(id), await card(id, 'MASTERCARD')];
  const { reference } = await checkout.arrived(first, { via: 'return', order: id });
  assert.deepEqual(await checkout.arrived(second, { via: 'return', order: id }), { id, reference: null });
  await desk.operate(String(reference), { command: 'VOID_AUTHORIZATION', amount: '' }, 'en');
  assert.equal((await desk.order(id)).standing, 'new');
  assert.deepEqual(await checkout.arrived(second, { via: 'return', order: id }), { id, reference: null });
  assert.equal((await desk.order(id)).standing, 'new');
  // A new wish is another matter.
  assert.ok((await checkout.arrived(await card(id), { via: 'return', order: id })).reference);
  assert.equal((await desk.order(id)).standing, 'paid');
});
