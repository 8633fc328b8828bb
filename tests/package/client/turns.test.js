// Operations on one payment take turns, by whichever of its references they name it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Amount, Payment, PaymentServices, SignatureError } from 'aps-payops/server';
import { account, answerTo, neverAnswer, scriptedFetch, totals } from './scripted-gateway.js';

const aed = (text) => Amount.parse(text, 'AED');
const capture = (more) => ({ merchant_reference: 'o-1', amount: aed('30'), ...more });
const client = (fetch, options) => new PaymentServices(account, { fetch, timeout: 100, retries: 2, ...options });

test('operations on one order take turns, those on others do not', async () => {
  let busy = 0;
  let most = 0;
  const { fetch, sent } = scriptedFetch(async (request) => {
    busy += 1;
    most = Math.max(most, busy);
    await sleep(10);
    busy -= 1;
    return answerTo(request);
  });
  const aps = client(fetch, { timeout: 1000 });
  await Promise.all([1, 2, 3].map((amount) => aps.capture(capture({ amount: Amount.fromMinor(amount, 'AED') }))));
  assert.equal(most, 1);
  assert.deepEqual(
    sent.map(({ amount }) => amount),
    ['1', '2', '3'],
  );
  await Promise.all(['a', 'b', 'c'].map((merchant_reference) => aps.capture(capture({ merchant_reference }))));
  assert.equal(most, 3);
});

test('a call aborted while it waits for its turn sends nothing, and the others keep their order', async () => {
  const { fetch, sent } = scriptedFetch(async (request) => {
    await sleep(200);
    return answerTo(request);
  });
  const aps = client(fetch, { timeout: 1000 });
  const amounts = [1, 2, 3].map((amount) => capture({ amount: Amount.fromMinor(amount, 'AED') }));
  const first = aps.capture(amounts[0]);
  const start = Date.now();
  const second = aps.capture(amounts[1], { signal: AbortSignal.timeout(20) });
  const third = aps.capture(amounts[2]);
  await assert.rejects(second, { code: 'aborted', sent: 'no' });
  assert.ok(Date.now() - start < 180);
  assert.equal(sent.length, 1);
  await Promise.all([first, third]);
  assert.deepEqual(
    sent.map(({ amount }) => amount),
    ['1', '3'],
  );
});

test('an order has one queue under its reference and its fort_id, once an answer has named both', async () => {
  const fort_id = '149295435400084008';
  let busy = 0;
  let most = 0;
  const { fetch } = scriptedFetch(async (request, init) => {
    busy += 1;
    most = Math.max(most, busy);
    await sleep(5);
    busy -= 1;
    const { query_command, amount } = request;
    // Answers to requests by fort_id are lost; only the first capture took place.
    if (query_command) return answerTo(request, { ...totals(10_000, 3000, 0, '04'), merchant_reference: 'o-1' });
    return amount === '3000' && request.fort_id ? neverAnswer(request, init) : answerTo(request);
  });
  const aps = client(fetch, { timeout: 150 });
  const payment = Payment.authorized(aed('100'));
  assert.equal((await aps.capture(capture(), { payment })).outcome, 'succeeded');
  // By a payment that was read before the first capture.
  const lost = await aps.capture({ fort_id, amount: aed('30') }, { payment });
  assert.equal(lost.outcome, 'uncertain');
  most = 0;
  await Promise.all([aps.capture(capture({ amount: aed('1') })), aps.capture({ fort_id, amount: aed('2') })]);
  assert.equal(most, 1);
});

test('an order is not blocked by an operation that failed', async () => {
  const { fetch } = scriptedFetch((request, _, count) => (count === 1 ? { error: 'x' } : answerTo(request)));
  const aps = client(fetch);
  const [first, second] = await Promise.allSettled([aps.capture(capture()), aps.capture(capture())]);
  assert.ok(first.reason instanceof SignatureError);
  assert.equal(second.value.outcome, 'succeeded');
});
