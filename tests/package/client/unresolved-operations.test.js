// Operations with an unknown outcome, and later operations on the same order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSandbox, testCards } from 'aps-payops/sandbox';
import { Amount, Payment, PaymentServices } from 'aps-payops/server';
import { account, answerTo, failed, scriptedFetch, totals } from './scripted-gateway.js';

const RESET = failed('ECONNRESET');
const aed = (text) => Amount.parse(text, 'AED');
const authorized = () => Payment.authorized(aed('100'), { at: Date.now() });
const client = (answer) => {
  const gateway = scriptedFetch(answer);
  const aps = new PaymentServices(account, { fetch: gateway.fetch, timeout: 100, retries: 0 });
  return { aps, commands: gateway.commands };
};

test('an answer that was not trusted may have been true: totals are read before the next operation', async () => {
  for (const takesPlace of [false, true]) {
    let captured = 0;
    let count = 0;
    const { aps, commands } = client((request) => {
      if (request.query_command) return answerTo(request, totals(10000, captured, 0, captured ? '04' : '02'));
      count += 1;
      if (count === 1 || takesPlace) captured += 3000;
      return count === 1 ? { ...answerTo(request), response_message: 'other' } : RESET;
    });
    const payment = authorized();
    const params = { merchant_reference: 'X', amount: aed('30') };
    await assert.rejects(aps.capture(params, { payment }), { code: 'signature_mismatch' });
    const reply = await aps.capture(params, { payment });
    assert.equal(reply.outcome, takesPlace ? 'succeeded' : 'uncertain');
    assert.deepEqual(commands().slice(0, 3), ['CAPTURE', 'CHECK_STATUS', 'CAPTURE']);
    // The payment that was given is behind.
    assert.equal(reply.payment, undefined);
  }
});

test('where totals cannot be read before the next operation, what was given has to do', async () => {
  let captured = 0;
  let sent = 0;
  let checks = 0;
  const { aps, commands } = client((request) => {
    if (request.query_command) {
      checks += 1;
      return checks === 1 ? RESET : answerTo(request, totals(10000, captured, 0, '04'));
    }
    sent += 1;
    if (sent === 2) captured = 3000;
    return RESET;
  });
  const params = { merchant_reference: 'X', amount: aed('30') };
  assert.equal((await aps.capture(params)).outcome, 'uncertain');
  assert.equal((await aps.capture(params, { payment: authorized() })).outcome, 'succeeded');
  assert.deepEqual(commands(), ['CAPTURE', 'CHECK_STATUS', 'CAPTURE', 'CHECK_STATUS']);
});

test('a refund beside one that may yet come is asked for by its own reference', async () => {
  for (const takesPlace of [false, true]) {
    const sandbox = createSandbox();
    /** @type {(() => void)[]} */
    const late = [];
    const fetch = (url, init) => {
      const { command, maintenance_reference } = JSON.parse(init.body);
      const deliver = () => sandbox.fetch(url, { ...init, signal: undefined });
      if (command !== 'REFUND') return deliver();
      if (maintenance_reference === 'A') {
        late.push(deliver);
        return new Promise(() => {});
      }
      if (takesPlace) deliver();
      else setTimeout(() => late.shift()?.(), 30);
      return Promise.reject(failed('ECONNRESET'));
    };
    const aps = new PaymentServices(sandbox.account, { fetch, timeout: 300 });
    const [{ number, expiry, securityCode }] = testCards;
    const card = {
      card_number: number,
      expiry_date: expiry,
      card_security_code: securityCode,
      card_holder_name: 'A B',
    };
    const order = { merchant_reference: 'S1', amount: aed('100') };
    const { payment } = await aps.purchase({ ...order, ...card, customer_email: 'a@example.com' });
    const part = { merchant_reference: 'S1', amount: aed('30') };
    const first = await aps.refund({ ...part, maintenance_reference: 'A' }, { payment });
    assert.equal(first.outcome, 'uncertain');
    // The totals grow by 30.00 either way, once by the first refund and once by this one.
    const second = await aps.refund({ ...part, maintenance_reference: 'B' }, { baseline: true });
    assert.equal(second.outcome, takesPlace ? 'succeeded' : 'uncertain');
    assert.equal(second.request?.maintenance_reference, 'B');
    await sandbox.close();
  }
});

test('a lost answer leaves the names that the operation was sent under', async () => {
  const { aps } = client(() => RESET);
  const reply = await aps.refund({ merchant_reference: 'X', amount: aed('30') });
  assert.equal(reply.outcome, 'uncertain');
  assert.match(reply.request?.maintenance_reference ?? '', /^[0-9a-f-]{36}$/);
  assert.equal(reply.request?.merchant_reference, 'X');
  assert.equal(JSON.parse(JSON.stringify(reply)).request.maintenance_reference, reply.request?.maintenance_reference);
});

test('an inherited member is not the reference of a refund', async () => {
  const references = [];
  const { aps } = client((request) => {
    references.push(Object.hasOwn(request, 'maintenance_reference') && request.maintenance_reference.length);
    return answerTo(request);
  });
  Object.defineProperty(Object.prototype, 'maintenance_reference', {
    value: 'stray',
    configurable: true,
    writable: true,
  });
  try {
    await aps.refund({ merchant_reference: 'X', amount: aed('30') });
  } finally {
    delete Object.prototype.maintenance_reference;
  }
  assert.deepEqual(references, [36]);
});

test('totals that are behind do not end the asking', async () => {
  let checks = 0;
  const { aps } = client((request) => {
    if (!request.query_command) return RESET;
    checks += 1;
    return answerTo(request, checks === 1 ? totals(10000, 0, 0, '02') : totals(10000, 4000, 0, '04'));
  });
  const payment = authorized().after('CAPTURE', aed('10'));
  const reply = await aps.capture({ merchant_reference: 'X', amount: aed('30') }, { payment });
  assert.equal(reply.outcome, 'succeeded');
});

test('totals that were read while an operation was under way may hold it already', async () => {
  let captured = 0;
  let release = () => {};
  const gate = new Promise((resolve) => {
    release = () => resolve(undefined);
  });
  const { aps } = client(async (request) => {
    if (request.query_command) return answerTo(request, totals(10000, captured, 0, '04'));
    captured += Number(request.amount);
    if (captured === 3000) await gate;
    return answerTo(request);
  });
  const order = { merchant_reference: 'X' };
  const first = aps.capture({ ...order, amount: aed('30') });
  await sleep(20);
  const known = { currency: 'AED', command: 'AUTHORIZATION', authorizedAt: Date.now() };
  const { payment } = await aps.checkStatus(order, known);
  release();
  assert.equal((await first).outcome, 'succeeded');
  const second = await aps.capture({ ...order, amount: aed('10') }, { payment });
  assert.equal(String(second.payment?.captured), '40.00');
});

test('however much is under way, operations on one order take turns', async () => {
  let captured = 0;
  let atWork = 0;
  let most = 0;
  let release = () => {};
  const gate = new Promise((resolve) => {
    release = () => resolve(undefined);
  });
  const gateway = scriptedFetch(async (request) => {
    if (request.query_command) return answerTo(request, totals(10000, captured, 0, captured ? '04' : '02'));
    if (request.merchant_reference !== 'X') {
      await gate;
      return answerTo(request);
    }
    atWork += 1;
    most = Math.max(most, atWork);
    await sleep(20);
    // The first takes place, the second never arrives; both answers are lost.
    captured ||= 3000;
    atWork -= 1;
    throw RESET;
  });
  const aps = new PaymentServices(account, { fetch: gateway.fetch, retries: 0 });
  const others = Array.from({ length: 21_000 }, (_, i) =>
    aps.capture({ merchant_reference: `o${i}`, amount: aed('1') }),
  );
  const payment = authorized();
  const params = { merchant_reference: 'X', amount: aed('30') };
  const both = [1, 2].map(() => aps.capture(params, { payment, timeout: 200 }));
  const replies = await Promise.all(both);
  assert.deepEqual(
    replies.map(({ outcome }) => outcome),
    ['succeeded', 'uncertain'],
  );
  assert.equal(most, 1);
  release();
  await Promise.all(others);
});

test('a reference that was used before proves no other refund', async () => {
  let isLost = false;
  const { aps } = client((request) => {
    if (request.query_command) return answerTo(request, totals(10000, 10000, 3000, '06'));
    return isLost ? RESET : answerTo(request);
  });
  const refund = (maintenance_reference) =>
    aps.refund({ merchant_reference: 'X', amount: aed('30'), maintenance_reference });
  assert.equal((await refund('A')).outcome, 'succeeded');
  isLost = true;
  assert.equal((await refund('A')).outcome, 'uncertain');
  // Asked for by its own reference, it needs no totals.
  assert.equal((await refund('B')).outcome, 'succeeded');
});
