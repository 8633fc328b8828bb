// Faults that were found by trying to break the package: each stays mended.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { createSandbox } from 'aps-payops/sandbox';
import {
  Amount,
  buildRequest,
  explainSignature,
  openNotification,
  openReply,
  Payment,
  PaymentServices,
  sign,
  ValidationError,
  validate,
  verify,
} from 'aps-payops/server';
import { cards, phrases, securityCodes } from '../secrets.js';

const account = {
  environment: 'sandbox',
  merchant_identifier: 'CycHZxVj',
  access_code: 'zx0IPmPy5jp1vAz8Kpg7',
  sha_request_phrase: phrases.request,
  sha_response_phrase: phrases.response,
};
const options = { phrase: phrases.response, digest: 'SHA-256' };
const base = {
  command: 'CAPTURE',
  access_code: account.access_code,
  merchant_identifier: account.merchant_identifier,
  merchant_reference: 'order-1',
  amount: '1000',
  currency: 'AED',
  language: 'en',
  response_code: '04000',
  status: '04',
};
const signed = (params) => JSON.stringify({ ...params, signature: sign(params, options) });
const capture = { merchant_reference: 'order-1', amount: '1000', currency: 'AED' };
const many = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, 'x']));

test('whatever looks an order up is awaited, native promise or not', async () => {
  // biome-ignore lint/suspicious/noThenProperty: what query builders are
  const lazy = (order) => ({ then: (resolve) => resolve(order) });
  await assert.rejects(async () => openNotification(signed(base), account, { expect: () => lazy(null) }), {
    name: 'ReplyMismatchError',
  });
  const found = await openNotification(signed(base), account, {
    expect: () => lazy({ merchant_reference: 'order-1' }),
  });
  assert.equal(found.outcome, 'succeeded');
});

test('an expectation that expects nothing is refused', () => {
  for (const expect of [
    {},
    [],
    { orderId: 'x' },
    { merchant_reference: undefined },
    { amount: '1000', currency: 'AED' },
  ]) {
    assert.throws(() => openNotification(signed(base), account, { expect }), ValidationError, inspect(expect));
  }
  for (const order of [{}, [], { orderId: 'x' }, 7, { merchant_reference: '\ud800' }]) {
    assert.throws(
      () => openNotification(signed(base), account, { expect: () => order }),
      ValidationError,
      inspect(order),
    );
  }
});

test('an Amount in the request counts, and a request of nothing is none', () => {
  const request = {
    params: { ...capture, command: 'CAPTURE', amount: Amount.parse('99', 'USD'), currency: undefined },
  };
  assert.throws(() => openReply(signed(base), account, { request }), { name: 'ReplyMismatchError' });
  const cycle = {};
  cycle.cycle = cycle;
  for (const params of [{}, undefined, cycle, { command: '\ud800' }]) {
    assert.throws(() => openReply(signed(base), account, { request: { params } }), { name: 'ConfigurationError' });
  }
});

test('a reply about another refund of the same order and amount is another reply', () => {
  const asked = { ...capture, command: 'REFUND', maintenance_reference: 'm1', fort_id: '1' };
  const refund = { ...base, command: 'REFUND', response_code: '06000', status: '06', fort_id: '1' };
  const open = (params) => openReply(signed(params), account, { request: { params: asked } });
  assert.equal(open({ ...refund, maintenance_reference: 'm1' }).outcome, 'succeeded');
  assert.equal(open(refund).outcome, 'succeeded');
  for (const other of [{ maintenance_reference: 'm2' }, { fort_id: '2' }]) {
    assert.throws(() => open({ ...refund, ...other }), { name: 'ReplyMismatchError' });
  }
});

test('what is too much is refused, never cut', () => {
  const big = { ...capture, airline_data: { x: ['a'], ...many(70_000) } };
  assert.throws(() => buildRequest('CAPTURE', big, account), ValidationError);
  assert.throws(() => sign({ x: ['a'], ...many(70_000) }, options), ValidationError);
  const message = { ...base, signature: sign(base, options) };
  for (let nulls = 16_370; nulls < 16_390; nulls++) {
    const padded = {
      ...message,
      ...Object.fromEntries(Array.from({ length: nulls }, (_, i) => [`z${i}`, null])),
      zz: 'y',
    };
    assert.equal(verify(padded, options), false);
  }
  assert.throws(() => sign({ a: Array(400).fill('x'.repeat(1 << 20)) }, options), ValidationError);
  assert.throws(() => sign({ a: 'x'.repeat(3 << 20) }, options), ValidationError);
  assert.equal(verify(message, options), true, 'and the next call works');
});

test('a body of repeated names is refused at once', () => {
  const started = performance.now();
  for (const count of [100_000, 500_000]) {
    assert.throws(() => openNotification(new URLSearchParams('a&'.repeat(count)), account), { code: 'unreadable' });
  }
  // Not a measurement: it took seconds, quadratically.
  assert.ok(performance.now() - started < 20_000);
});

test('errors are ours, whatever comes in', async () => {
  for (const message of ['<html>', '', '{"a":"b', '{"a":"1","a":"2"}', '{"a":'.repeat(1000), 'x'.repeat(11 << 20)]) {
    assert.throws(() => explainSignature(message, options), ValidationError);
  }
  assert.throws(() => sign(base, { ...options, ignore: ['\ud800'] }), { name: 'ConfigurationError' });
  assert.throws(() => openNotification(signed(base), account, { ignore: ['\ud800'] }), ValidationError);
  const aps = new PaymentServices({ ...account, helper() {} }, { fetch: async () => undefined, retries: 0 });
  const reply = await aps.capture(capture);
  assert.equal(reply.outcome, 'uncertain');
  const payment = Payment.authorized(Amount.parse('10', 'AED'), { at: Date.now() });
  assert.deepEqual(validate('CAPTURE', capture, { payment: payment.toJSON() }), []);
  assert.ok(validate('CAPTURE', capture, { payment: {} }).length > 0);
  assert.deepEqual(validate('CAPTURE', capture, null), []);
});

test('what would come back ambiguous is not sent', () => {
  for (const name of ['x_amount', 'xstatus', 'a=b']) {
    const issues = validate('CAPTURE', { ...capture, [name]: 'x' }, { allow: [name] });
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['reserved_text'],
      name,
    );
  }
  for (const airline_data of [{ a: 'b=c' }, { 'b=': 'c' }, { a: ['status=14'] }, { status: '14' }]) {
    const codes = validate('CAPTURE', { ...capture, airline_data }).map(({ code }) => code);
    assert.ok(codes.includes('reserved_text'), inspect(airline_data));
  }
  assert.deepEqual(validate('CAPTURE', { ...capture, airline_data: { base64: 'YWI=' } }), []);
});

test('after two operations at once, no reply tells a payment that is behind', async () => {
  const sandbox = createSandbox();
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  const card = {
    card_number: cards[0],
    expiry_date: '3005',
    card_security_code: securityCodes[0],
    card_holder_name: 'A B',
  };
  const order = { merchant_reference: 'order-1', amount: Amount.parse('10', 'AED'), customer_email: 'a@example.com' };
  const { payment } = await aps.authorize({ ...order, ...card });
  const part = { merchant_reference: 'order-1', amount: Amount.parse('4', 'AED') };
  const both = await Promise.all([aps.capture(part, { payment }), aps.capture(part, { payment })]);
  assert.deepEqual(
    both.map(({ outcome }) => outcome),
    ['succeeded', 'succeeded'],
  );
  assert.deepEqual(
    both.map((reply) => reply.payment && String(reply.payment.captured)),
    ['4.00', undefined],
  );
});

test('card data is not printed, however deep and whatever it is called', async () => {
  const [number] = cards;
  const [code] = securityCodes;
  const secret = { card_number: number, card_security_code: code };
  const request = buildRequest(
    'PURCHASE',
    { ...capture, customer_email: 'a@example.com', ...secret, expiry_date: '3005', card_holder_name: 'A B' },
    account,
  );
  assert.equal(request.params.card_number, number);
  const reply = openNotification(signed({ ...base, extra: { deep: [secret] } }), account);
  const sandbox = createSandbox();
  const body = JSON.stringify({ command: 'PURCHASE', nested: secret, card: number.replace(/(\d{4})/g, '$1 ') });
  await sandbox.fetch(sandbox.account.environment.paymentApi, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const card = { card_number: number, card_security_code: code };
  const newer = buildRequest('NEW_COMMAND', { card, cards: [card] }, account, { selector: 'command' });
  const issues = [];
  try {
    buildRequest('CAPTURE', { ...capture, [number]: 'x', [number.replace(/(\d{4})/g, '$1 ')]: 'x' }, account);
  } catch (error) {
    issues.push(error, error.issues);
  }
  assert.equal(issues.length, 2);
  for (const thing of [newer, newer.params, request, request.params, reply, reply.params, sandbox.log(), ...issues]) {
    for (const text of [inspect(thing, { depth: null }), JSON.stringify(thing), String(thing)]) {
      assert.ok(!text.replace(/[ -]/g, '').includes(number), text.slice(0, 300).replaceAll(number, '…'));
      assert.ok(!new RegExp(`security_code\\W+${code}`).test(text));
    }
  }
});
