// A call ends before its deadline, and soon after its caller gives up, in each of its phases; what it says is certain.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { journaled, openStore } from 'aps-payops/journal';
import { openMemory } from '../../memory.js';
import { aed, card, open } from './shop.js';

const store = await openMemory();
after(() => store.close());
let count = 0;
const name = () => {
  count += 1;
  return `late-${count}`;
};
const never = () => new Promise(() => {});

const BEAT = 20;

/** How a call ended, and after how many milliseconds, without those that a busy machine kept this process from running. */
async function timed(call) {
  const start = performance.now();
  let [last, idle] = [start, 0];
  const beat = setInterval(() => {
    const now = performance.now();
    idle += Math.max(0, now - last - 2 * BEAT);
    last = now;
  }, BEAT);
  const [end] = await Promise.allSettled([call()]);
  clearInterval(beat);
  const now = performance.now();
  idle += Math.max(0, now - last - 2 * BEAT);
  return { took: now - start - idle, reply: end.value, error: end.reason };
}

/** A journal whose store stops answering when a statement comes that `isLast` recognises. */
async function hanging(shop, isLast) {
  let hasStopped = false;
  /** @type {(() => void)[]} */
  const waiting = [];
  const own = await openStore({
    query: async (text, values) => {
      hasStopped ||= isLast(text, values);
      if (hasStopped) await new Promise((resolve) => waiting.push(resolve));
      return store.query(text, values);
    },
  });
  const resume = () => {
    isLast = () => false;
    hasStopped = false;
    for (const go of waiting.splice(0)) go();
  };
  return { pay: journaled(shop.aps, own), resume };
}

test('a payment known by its fort_id alone is looked up within the deadline, or until its caller gives up', async () => {
  let isDark = false;
  const change = (answer, { fort_id }) => (isDark && fort_id !== undefined ? never() : answer());
  const shop = await open({ store, change, client: { timeout: 20_000, retries: 2 } });
  const order = name();
  await shop.authorize(order, aed('100'));
  await shop.aps.authorize({ merchant_reference: `other-${order}`, amount: aed('100'), ...card });
  const { fort_id } = shop.books(`other-${order}`);
  isDark = true;
  const ship = (options) => () => shop.pay.capture({ operation: `ship ${order}`, fort_id, amount: aed('10') }, options);
  const late = await timed(ship({ deadline: 2500 }));
  assert.deepEqual([late.error?.name, late.error?.code], ['OperationError', 'deadline']);
  assert.ok(late.took < 2500, `${late.took}`);
  const left = performance.now() + 2500;
  const byClock = await timed(ship({ deadline: () => left - performance.now() }));
  assert.ok(byClock.error?.code === 'deadline' && byClock.took < 2500, `${byClock.took}`);
  const shorter = await timed(ship({ timeout: 100 }));
  assert.deepEqual([shorter.error?.code, shorter.error?.sent], ['no_baseline', 'no']);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 100);
  const aborted = await timed(ship({ signal: controller.signal }));
  assert.deepEqual([aborted.error?.code, aborted.error?.sent], ['aborted', 'no']);
  assert.ok(aborted.took < 1000, `${aborted.took}`);
  isDark = false;
  assert.equal((await ship({ deadline: 10_000 })()).outcome, 'succeeded');
  await shop.close();
});

test('the deadline counts from the call, whatever comes before its turn', async () => {
  const shop = await open({ store, client: { timeout: 20_000 } });
  const order = name();
  await shop.authorize(order, aed('100'));
  let isSlow = true;
  const slow = await openStore({
    query: async (text, values) => {
      if (isSlow && text.includes('WHERE fort_id =')) await sleep(2000);
      return store.query(text, values);
    },
  });
  const pay = journaled(shop.aps, slow);
  const { fort_id } = shop.books(order);
  const ship = () => pay.capture({ operation: `ship ${order}`, fort_id, amount: aed('10') }, { deadline: 2500 });
  await assert.rejects(ship(), { code: 'deadline' });
  assert.equal(shop.books(order).captured, '0');
  isSlow = false;
  assert.equal((await ship()).outcome, 'succeeded');
  await shop.close();
});

test('waiting for one’s turn in the process leaves time to answer, as waiting between processes does', async () => {
  const change = (answer, { command }) => (command === 'CAPTURE' ? never() : answer());
  const shop = await open({ store, change, client: { timeout: 4000, retries: 0 } });
  const other = await open({ store, sandbox: shop.sandbox, client: { timeout: 4000 } });
  const order = name();
  await shop.authorize(order, aed('100'));
  const gone = new AbortController();
  const first = shop.capture(`one ${order}`, order, aed('10'), { signal: gone.signal });
  await sleep(200);
  for (const where of [shop, other]) {
    const options = { wait: 60_000, deadline: 2500 };
    const { took, error } = await timed(() => where.capture(`two ${order}`, order, aed('10'), options));
    assert.equal(error?.code, 'busy');
    assert.ok(took < 1900, `${took}`);
  }
  const none = await timed(() => shop.capture(`two ${order}`, order, aed('10'), { wait: 60_000, deadline: 500 }));
  assert.ok(none.error?.code === 'busy' && none.took < 400, `${none.took}`);
  gone.abort();
  await assert.rejects(first, { code: 'aborted', sent: 'unknown' });
  await shop.close();
});

test('attempts at a gateway that cannot be reached end before the deadline', async (t) => {
  // Pauses of 1, 2, 4 … seconds.
  t.mock.method(Math, 'random', () => 0.999);
  let isDark = false;
  const change = (answer, { command }) => {
    if (!isDark || command === undefined) return answer();
    throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
  };
  const shop = await open({ store, change, client: { timeout: 60_000, retries: 20 } });
  const order = name();
  await shop.authorize(order, aed('100'));
  isDark = true;
  const { took, error } = await timed(() => shop.capture(`ship ${order}`, order, aed('10'), { deadline: 6000 }));
  assert.ok(took < 6000, `${took}`);
  assert.equal(error.code === 'deadline' || error.sent === 'no', true, String(error));
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 1000);
  const options = { signal: controller.signal };
  const aborted = await timed(() => shop.capture(`ship ${order}`, order, aed('10'), options));
  assert.deepEqual([aborted.error.code, aborted.error.sent], ['aborted', 'no']);
  assert.ok(aborted.took < 2500, `${aborted.took}`);
  isDark = false;
  assert.equal((await shop.capture(`ship ${order}`, order, aed('10'))).outcome, 'succeeded');
  await shop.close();
});

test('a store that does not answer before anything is sent ends the call, and nothing is sent later', async () => {
  const shop = await open({ store, client: { timeout: 5000 } });
  const order = name();
  await shop.authorize(order, aed('100'));
  const phases = [
    (text) => text.includes('LEFT JOIN aps_journal_operation'),
    (text) => text.includes('json_to_recordset'),
  ];
  for (const isLast of phases) {
    const key = `ship ${order}`;
    const params = { operation: key, merchant_reference: order, amount: aed('10') };
    const late = await hanging(shop, isLast);
    const { took, error } = await timed(() => late.pay.capture(params, { deadline: 2500 }));
    assert.deepEqual([error?.name, error?.code], ['OperationError', 'deadline']);
    assert.ok(took < 2500, `${took}`);
    const gone = await hanging(shop, isLast);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const aborted = await timed(() => gone.pay.capture(params, { signal: controller.signal }));
    assert.deepEqual([aborted.error?.code, aborted.error?.sent], ['aborted', 'no']);
    assert.ok(aborted.took < 1600, `${aborted.took}`);
    late.resume();
    gone.resume();
    await sleep(300);
    assert.deepEqual(
      (await shop.pay.history(order)).operations.map(({ operation }) => operation),
      [`authorize ${order}`],
    );
  }
  assert.deepEqual(shop.moved(), ['AUTHORIZATION']);
  await shop.close();
});

test('a deadline that never counts down is given once', async () => {
  const shop = await open({ store, client: { timeout: 5000 } });
  const order = name();
  const { params } = await shop.authorize(order, aed('100'));
  const slow = await openStore({
    query: async (text, values) => {
      if (text.includes('WHERE fort_id')) await sleep(1500);
      else if (text.includes('LEFT JOIN aps_journal_operation')) await never();
      return store.query(text, values);
    },
  });
  const capture = { operation: `ship ${order}`, fort_id: params.fort_id, amount: aed('10') };
  const { took, error } = await timed(() => journaled(shop.aps, slow).capture(capture, { deadline: () => 2500 }));
  assert.equal(error?.code, 'deadline');
  assert.ok(took < 2500, `${took}`);
  await shop.close();
});

test('what was not sent before the call ended is not sent later, whatever its clock says', async () => {
  let isDark = false;
  const change = (answer, { command }) => {
    if (!isDark || command !== 'CAPTURE') return answer();
    isDark = false;
    throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
  };
  const shop = await open({ store, change, client: { timeout: 5000, retries: 3 } });
  const order = name();
  await shop.authorize(order, aed('100'));
  // The database hangs before anything is sent, or between two attempts.
  for (const isRepeated of [false, true]) {
    const before = shop.moved().length;
    const isLast = (text) => (isRepeated ? shop.moved().length > before : text.includes('json_to_recordset'));
    const { pay, resume } = await hanging(shop, isLast);
    isDark = isRepeated;
    const params = { operation: `ship ${order}`, merchant_reference: order, amount: aed('10') };
    const late = await timed(() => pay.capture(params, { deadline: () => 2500 }));
    assert.equal(late.error?.code, 'deadline');
    const sent = shop.moved().length;
    resume();
    await sleep(500);
    assert.equal(shop.moved().length, sent);
    assert.deepEqual(
      (await shop.pay.history(order)).operations.map(({ operation }) => operation),
      [`authorize ${order}`],
    );
  }
  assert.equal(shop.books(order).captured, '0');
  await shop.close();
});

test('what is left is counted once the store has answered', async () => {
  let hasFailed = false;
  const change = (answer, { command }) => {
    if (hasFailed || command !== 'CAPTURE') return answer();
    hasFailed = true;
    throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
  };
  const shop = await open({ store, change, client: { timeout: 1000, retries: 3 } });
  const order = name();
  await shop.authorize(order, aed('100'));
  const slow = await openStore({
    query: async (text, values) => {
      if (hasFailed) await sleep(1500);
      return store.query(text, values);
    },
  });
  const pay = journaled(shop.aps, slow);
  const params = { operation: `ship ${order}`, merchant_reference: order, amount: aed('10') };
  await assert.rejects(pay.capture(params, { deadline: 3200 }), { code: 'deadline' });
  await sleep(2000);
  assert.equal(shop.books(order).captured, '0');
  await shop.close();
});

test('a store that does not answer after sending leaves the outcome unknown, and records it when it answers', async () => {
  let hasMoved = false;
  const change = async (answer, { command }) => {
    const reply = await answer();
    hasMoved ||= command === 'CAPTURE';
    return reply;
  };
  const shop = await open({ store, change, client: { timeout: 5000 } });
  const order = name();
  await shop.authorize(order, aed('100'));
  const { pay, resume } = await hanging(shop, () => hasMoved);
  const params = { operation: `ship ${order}`, merchant_reference: order, amount: aed('10') };
  const { took, error } = await timed(() => pay.capture(params, { deadline: 3000 }));
  assert.deepEqual([error?.name, error?.code, error?.sent], ['TransportError', 'timeout', 'unknown']);
  assert.ok(took < 3000, `${took}`);
  resume();
  await sleep(300);
  const again = await shop.pay.capture(params);
  assert.deepEqual([again.outcome, again.recorded, again.evidence], ['succeeded', true, 'reply']);
  assert.equal(shop.books(order).captured, '1000');
  await shop.close();
});

test('a review of the order that cannot be finished does not hide the answer', async () => {
  const shop = await open({ store, client: { timeout: 5000 } });
  const [order, merchant_reference] = [name(), name()];
  const { pay, resume } = await hanging(shop, (text) => text.includes('order_name = CAST($2'));
  const params = { operation: `pay ${order}`, order, merchant_reference, amount: aed('10'), ...card };
  const { took, reply, error } = await timed(() => pay.purchase(params, { deadline: 3000 }));
  assert.equal(error, undefined);
  assert.equal(reply.outcome, 'succeeded');
  assert.ok(took < 3000, `${took}`);
  resume();
  await shop.close();
});

test('what is prepared, and what is announced, keep the deadline as well', async () => {
  const change = (answer, { query_command }) => (query_command ? never() : answer());
  const shop = await open({ store, change, client: { timeout: 20_000 } });
  const order = name();
  await shop.authorize(order, aed('100'));
  const params = { operation: `ship ${order}`, merchant_reference: order, amount: aed('10') };
  await store.query('BEGIN', []);
  await shop.pay.prepare('CAPTURE', params, { query: store.query });
  await store.query('COMMIT', []);
  const late = await timed(() => shop.pay.carryOut(params.operation, { deadline: 2500 }));
  assert.equal(late.error?.code, 'deadline');
  assert.ok(late.took < 2500, `${late.took}`);
  const { pay, resume } = await hanging(shop, (text) => text.includes('json_to_recordset'));
  const page = { operation: `page ${order}`, merchant_reference: `page-${order}`, amount: aed('10') };
  const announced = await timed(() => pay.expect(page, { deadline: 500 }));
  assert.equal(announced.error?.code, 'deadline');
  assert.ok(announced.took < 500, `${announced.took}`);
  resume();
  const controller = new AbortController();
  controller.abort();
  await assert.rejects(shop.pay.expect(page, { signal: controller.signal }), { code: 'aborted', sent: 'no' });
  await shop.close();
});
