// What one operation costs does not grow with how many are under way, nor with how many there were on its order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Amount, PaymentServices } from 'aps-payops/server';
import { account, answerTo } from './scripted-gateway.js';

const amount = Amount.parse('1', 'AED');
const capture = (index) => ({ merchant_reference: `o-${index}`, amount });

/** The processor's time of some work, in microseconds an operation: of the clock's, others on the machine take their part. */
async function costOf(count, work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

/** The least of several runs: other work can only add to it. */
async function measureLeast(runs, work) {
  const costs = [];
  for (let run = 0; run < runs; run += 1) costs.push(await work());
  return Math.min(...costs);
}

/** One answer for every request, made once: only the client is measured. */
const answers = new Map();
const respondTo = (reference) => {
  if (!answers.has(reference)) {
    answers.set(reference, JSON.stringify(answerTo({ ...request, merchant_reference: reference })));
  }
  return new Response(answers.get(reference));
};
const request = {
  command: 'CAPTURE',
  access_code: account.access_code,
  merchant_identifier: account.merchant_identifier,
  language: 'en',
  amount: '100',
  currency: 'AED',
};

/** Starts `count` captures, one on each of as many orders, and resolves when all have been sent. */
function inFlight(count) {
  let release = () => {};
  const gate = new Promise((resolve) => {
    release = () => resolve(undefined);
  });
  let sent = 0;
  const fetch = async (_url, { body }) => {
    sent += 1;
    await gate;
    // Parsed as text: the client must not wait for the test.
    const [, reference] = /"merchant_reference":"([^"]+)"/.exec(body) ?? [];
    return respondTo(reference);
  };
  const aps = new PaymentServices(account, { fetch });
  for (let index = 0; index < count; index += 1) respondTo(`o-${index}`);
  return costOf(count, async () => {
    const all = Promise.all(Array.from({ length: count }, (_, index) => aps.capture(capture(index))));
    await new Promise(setImmediate);
    assert.equal(sent, count, 'all are in flight');
    release();
    assert.ok((await all).every(({ outcome }) => outcome === 'succeeded'));
  });
}

/** Carries out `count` captures, one after another, on one order. */
function onOneOrder(count, order, aps) {
  return costOf(count, async () => {
    for (let done = 0; done < count; done += 1) {
      assert.equal((await aps.capture(capture(order))).outcome, 'succeeded');
    }
  });
}

test('an operation costs the same beside 1,000 others in flight and beside 50,000', async (t) => {
  await inFlight(1000);
  const few = await measureLeast(3, () => inFlight(1000));
  const many = await inFlight(50_000);
  t.diagnostic(`${few.toFixed(0)} and ${many.toFixed(0)} µs an operation`);
  // A quadratic client takes 50 times as long; memory that grows takes some more.
  assert.ok(many < few * 3, `${few} µs, then ${many} µs`);
});

test('an operation costs the same after 10 others on its order and after 10,000', async (t) => {
  const fetch = async (_url, { body }) => respondTo(/"merchant_reference":"([^"]+)"/.exec(body)?.[1]);
  const aps = new PaymentServices(account, { fetch });
  await onOneOrder(1000, 'warm', aps);
  const few = await measureLeast(10, () => onOneOrder(10, `few-${Math.random()}`, aps));
  await onOneOrder(10_000, 'many', aps);
  const many = await measureLeast(20, () => onOneOrder(10, 'many', aps));
  t.diagnostic(`${few.toFixed(0)} and ${many.toFixed(0)} µs an operation`);
  assert.ok(many < few * 3, `${few} µs, then ${many} µs`);
});

test('5,000 operations on one order at once take turns at the same cost as 500', async (t) => {
  const run = async (count) => {
    const fetch = async (_url, { body }) => respondTo(/"merchant_reference":"([^"]+)"/.exec(body)?.[1]);
    const aps = new PaymentServices(account, { fetch });
    respondTo('o-one');
    return costOf(count, () => Promise.all(Array.from({ length: count }, () => aps.capture(capture('one')))));
  };
  const few = await measureLeast(3, () => run(500));
  const many = await run(5000);
  t.diagnostic(`${few.toFixed(0)} and ${many.toFixed(0)} µs an operation`);
  assert.ok(many < few * 3, `${few} µs, then ${many} µs`);
});
