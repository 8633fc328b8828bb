// Messages of the gateway are compared with what the demo shop sent: each is about one step, and accepted for no other.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createSandbox, testCards } from 'aps-payops/sandbox';
import { Amount, ReplyMismatchError, testNotification } from 'aps-payops/server';
import { createCheckout } from '../../www/server/checkout.js';
import { createDesk } from '../../www/server/desk.js';
import { createRecords } from '../../www/server/records.js';
import { createStore } from '../../www/server/store.js';
import { openMemory } from '../memory.js';

const sql = await openMemory();
after(() => sql.close());
let count = 0;

/** A shop and its gateway, and what becomes of requests and replies between them. */
async function shop() {
  const sandbox = createSandbox();
  const store = await createStore(sql, sandbox.account);
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
  const key = () => {
    count += 1;
    return { operation: `press ${count}`, language: /** @type {const} */ ('en') };
  };
  const { account } = sandbox;
  const records = createRecords({ account, fetch, timeout: 500, store, clock });
  const checkout = createCheckout({ account, records, store, clock, origin: 'http://127.0.0.1:1' });
  const desk = createDesk({ records, store, clock });

  const order = (command = 'AUTHORIZATION') =>
    checkout.createOrder(
      { description: 'x', amount: '100.00', currency: 'AED', email: 'a@example.com', command },
      'en',
    );
  /** The gateway's answer about a card, which the browser carries. */
  const card = async (/** @type {string} */ id, brand = 'VISA', outcome = 'success') => {
    const { action, fields } = await checkout.cardForm(id, 'en');
    const { number, expiry, securityCode } =
      testCards.find((one) => one.outcome === outcome && one.brand === brand) ?? assert.fail('no such card');
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
    desk.operate(reference, { command: 'CAPTURE', amount }, key()).catch(() => {});
  /** The gateway's replies to a command, as its notifications tell them. */
  const replies = (/** @type {string} */ command) =>
    sandbox.log().flatMap(({ request, reply }) => (request?.command === command ? [JSON.stringify(reply)] : []));
  const steps = async (/** @type {string} */ reference, command = 'CAPTURE') =>
    (await store.payment(reference)).steps
      .filter((/** @type {any} */ step) => step.command === command)
      .map(({ outcome, settled, notified }) => [settled ?? outcome, notified === true]);
  return { sandbox, store, wire, checkout, desk, order, card, pay, capture, key, replies, steps };
}

const lostError = () => {
  throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
};
const isCapture = (/** @type {any} */ init) => String(init?.body).includes('"CAPTURE"');

/** From the next capture on, its request and what follows is lost. */
const loseRequests = (/** @type {any} */ wire) => {
  let isLost = false;
  wire.before = ({ init }) => {
    isLost ||= isCapture(init);
    if (isLost) lostError();
  };
};

/** From the next capture on, which is carried out, no answer comes. */
const loseReplies = (/** @type {any} */ wire) => {
  wire.before = ({ init }) => {
    if (isCapture(init)) wire.after = lostError;
  };
};

test('while the outcome of a capture is unknown, no other is sent; a lookup settles it', async () => {
  const { wire, pay, capture, steps, desk, sandbox } = await shop();
  const { reference } = await pay();
  loseRequests(wire);
  await capture(reference, '30.00');
  wire.before = null;
  await capture(reference, '40.00');
  // What is not seen may still arrive.
  await desk.refresh(reference, 'en');
  assert.deepEqual(await steps(reference), [['uncertain', false]]);
  assert.equal((await desk.payment(reference)).doubts.length, 1);
  assert.equal(sandbox.payments()[0]?.captured, '0');
});

test('a capture whose answer was lost is settled by what CHECK_STATUS shows', async () => {
  const { wire, pay, capture, steps, desk } = await shop();
  const { reference } = await pay();
  loseReplies(wire);
  await capture(reference, '30.00');
  assert.deepEqual(await steps(reference), [['uncertain', false]]);
  Object.assign(wire, { before: null, after: null });
  await desk.refresh(reference, 'en');
  assert.deepEqual(await steps(reference), [['succeeded', false]]);
  const { payment, record } = await desk.payment(reference);
  assert.equal(String(payment.captured), '30.00');
  assert.equal(record.steps.find((/** @type {any} */ step) => step.command === 'CAPTURE').evidence, 'totals');
});

test('the step says why no answer came, by code and without reading the sentence of an error', async () => {
  const { wire, pay, capture, store } = await shop();
  const { reference } = await pay();
  const causes = async () =>
    (await store.payment(reference)).steps.flatMap((/** @type {any} */ { command, error }) =>
      command === 'CAPTURE' ? [[error?.code, error?.detail]] : [],
    );
  loseReplies(wire);
  await capture(reference, '10.00');
  assert.deepEqual(await causes(), [['network', 'ECONNRESET']]);
  Object.assign(wire, { before: null, after: null });
  const { reference: other } = await pay();
  wire.before = ({ init }) => {
    if (isCapture(init)) wire.after = () => new Response('busy', { status: 503 });
  };
  await capture(other, '10.00');
  const [step] = (await store.payment(other)).steps.filter((/** @type {any} */ one) => one.command === 'CAPTURE');
  assert.deepEqual([step.error.code, step.error.detail], ['http_status', 503]);
});

test('a capture whose answer was lost is settled by its notification, and copies of it are no operations of their own', async () => {
  const { wire, pay, capture, replies, steps, checkout, desk } = await shop();
  const { reference } = await pay();
  loseReplies(wire);
  await capture(reference, '30.00');
  Object.assign(wire, { before: null, after: null });
  const [message = ''] = replies('CAPTURE');
  for (let time = 0; time < 3; time++) await checkout.arrived(message, { via: 'notification' });
  assert.deepEqual(await steps(reference), [['succeeded', true]]);
  assert.equal(String((await desk.payment(reference)).payment.captured), '30.00');
});

test('a capture of a part is accepted from the gateway, one of more than the order is not', async () => {
  const { sandbox, checkout, pay } = await shop();
  const { reference } = await pay();
  const arrive = (/** @type {string} */ amount, currency = 'AED') => {
    const money = { amount: Amount.parse(amount, currency), currency };
    const params = { command: 'CAPTURE', merchant_reference: reference, ...money, response_code: '04000' };
    return checkout.arrived(testNotification(params, sandbox.account), { via: 'notification' });
  };
  assert.equal((await arrive('99.99')).reference, reference);
  await assert.rejects(arrive('100.01'), ReplyMismatchError);
  await assert.rejects(arrive('99.99', 'USD'), ReplyMismatchError);
});

test('one form captures once, however often it is posted', async () => {
  const { pay, desk, sandbox } = await shop();
  const { reference } = await pay();
  const how = { operation: 'the same form', language: /** @type {const} */ ('en') };
  const press = () => desk.operate(reference, { command: 'CAPTURE', amount: '30.00' }, how);
  await Promise.all([press(), press()]);
  await press();
  assert.equal(sandbox.payments()[0]?.captured, '3000');
});

test('a success is accepted after an altered first copy, even if CHECK_STATUS is not answered', async () => {
  const { wire, order, card, replies, checkout, desk } = await shop();
  const id = await order('PURCHASE');
  wire.after = async (reply) => new Response((await reply.text()).replace('"amount":"10000"', '"amount":"10001"'));
  const { reference } = await checkout.arrived(await card(id), { via: 'return', order: id });
  const message = String(replies('PURCHASE').at(-1));
  wire.after = lostError;
  for (const via of /** @type {const} */ (['notification', 'return', 'notification'])) {
    await checkout.arrived(message, { via, order: id });
  }
  assert.equal((await desk.order(id)).standing, 'paid');
  assert.equal(String((await desk.payment(String(reference))).payment.captured), '100.00');
});

test('a card reported as unused is not charged later', async () => {
  const { order, card, key, checkout, desk } = await shop();
  const id = await order();
  const [first, second] = [await card(id), await card(id, 'MASTERCARD')];
  const { reference } = await checkout.arrived(first, { via: 'return', order: id });
  assert.equal((await checkout.arrived(second, { via: 'return', order: id })).reference, null);
  await desk.operate(String(reference), { command: 'VOID_AUTHORIZATION', amount: '' }, key());
  assert.equal((await desk.order(id)).standing, 'new');
  assert.equal((await checkout.arrived(second, { via: 'return', order: id })).reference, null);
  assert.equal((await desk.order(id)).standing, 'new');
  // A new wish is another matter.
  assert.ok((await checkout.arrived(await card(id), { via: 'return', order: id })).reference);
  assert.equal((await desk.order(id)).standing, 'paid');
});
test('a declined refund, sent again under its reference: each message is matched to its own refund', async () => {
  const { desk, order, card, checkout, key, replies } = await shop();
  const id = await order('PURCHASE');
  const { reference } = await checkout.arrived(await card(id, 'VISA', 'refund_declined'), { via: 'return', order: id });
  for (let time = 0; time < 2; time++) {
    await desk.operate(String(reference), { command: 'REFUND', amount: '40.00' }, key());
  }
  const [declined = '', done = ''] = replies('REFUND');
  for (const message of [done, declined]) await checkout.arrived(message, { via: 'notification' });
  const { totals, operations, entries } = await desk.journal(String(reference));
  assert.equal(totals.refunded, '4000');
  assert.deepEqual(
    operations.map(({ command, status }) => [command, status]),
    [
      ['PURCHASE', 'succeeded'],
      ['REFUND', 'failed'],
      ['REFUND', 'succeeded'],
    ],
  );
  assert.ok(entries.every(({ reports }) => reports === undefined));
});
