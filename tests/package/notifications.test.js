// createNotificationHandler: what APS is answered, and when the shop's own code is called.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Amount,
  allowPart,
  ConfigurationError,
  createNotificationHandler,
  OrderNotFoundError,
  openNotification,
  ReplyMismatchError,
  SignatureError,
  testNotification,
  ValidationError,
} from 'aps-payops/server';
import { account } from './client/scripted-gateway.js';

const amount = Amount.parse('49.99', 'AED');
const paid = (more) =>
  testNotification(
    {
      command: 'PURCHASE',
      merchant_reference: 'order-1',
      fort_id: '169996200000123456',
      amount,
      response_code: '14000',
      response_message: 'Success',
      ...more,
    },
    account,
  );
const post = (body, more) => new Request('https://shop.example/aps', { method: 'POST', body, ...more });

function handlerOf(more) {
  const calls = [];
  const errors = [];
  const note = (name) => (reply) => calls.push([name, reply.code]);
  const handler = createNotificationHandler({
    account,
    order: ({ merchant_reference }) => (merchant_reference === 'order-1' ? { merchant_reference, amount } : null),
    on: { PURCHASE: note('PURCHASE'), succeeded: note('succeeded'), failed: note('failed') },
    onError: (error) => errors.push(error),
    ...more,
  });
  return { handler, calls, errors };
}

test('a genuine message is handled before it is answered', async () => {
  const { handler, calls, errors } = handlerOf();
  const response = await handler(post(paid()));
  assert.equal(response.status, 200);
  assert.deepEqual(calls, [
    ['PURCHASE', '14000'],
    ['succeeded', '14000'],
  ]);
  assert.deepEqual(errors, []);
  assert.equal((await handler(post(paid({ response_code: '13666' })))).status, 200);
  assert.deepEqual(calls.at(-1), ['failed', '13666']);
});

test('a form-encoded message is read as well', async () => {
  const { handler, calls } = handlerOf();
  const body = new URLSearchParams(JSON.parse(paid())).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  assert.equal((await handler(post(body, { headers }))).status, 200);
  assert.equal(calls.length, 2);
});

test('a message that is not genuine is answered with 400 and not handled', async () => {
  const { handler, calls, errors } = handlerOf();
  const good = paid();
  const { signature, ...unsigned } = JSON.parse(good);
  for (const body of [
    good.replace('4999', '1'),
    JSON.stringify(unsigned),
    'nonsense',
    '{',
    '[]',
    ' ',
    new Uint8Array([0xff, 0xfe, 0x7b]),
    good.slice(0, -1),
  ]) {
    const response = await handler(post(body));
    assert.equal(response.status, 400, String(body));
    assert.doesNotMatch(await response.text(), new RegExp(signature));
  }
  assert.equal((await handler(new Request('https://shop.example/aps', { method: 'POST' }))).status, 400);
  assert.deepEqual(calls, []);
  assert.ok(errors.every((error) => error instanceof SignatureError));
});

test('another amount than that of the order is answered with 400', async () => {
  const { handler, calls, errors } = handlerOf();
  assert.equal((await handler(post(paid({ amount: Amount.parse('0.01', 'AED') })))).status, 400);
  assert.ok(errors[0] instanceof ReplyMismatchError);
  assert.deepEqual(calls, []);
});

test('the amount of an order is that of its payment: parts of it have amounts of their own, in its currency', async () => {
  const { handler, errors } = handlerOf({ on: () => {} });
  const part = Amount.parse('10', 'AED');
  const statusOf = async (more) => (await handler(post(paid(more)))).status;
  assert.equal(await statusOf({ command: 'CAPTURE', amount: part, response_code: '04000' }), 200);
  assert.equal(await statusOf({ command: 'REFUND', amount: part, response_code: '06000' }), 200);
  const void_ = { command: 'VOID_AUTHORIZATION', amount: undefined, response_code: '08000' };
  assert.equal(await statusOf(void_), 200);
  assert.deepEqual(errors, []);
  for (const more of [
    { amount: part },
    { command: 'AUTHORIZATION', amount: part, response_code: '02000' },
    { amount: undefined },
    { command: undefined, amount: part },
    { command: 'PAY_SOMEHOW', amount: part },
    // A customer's browser brings this one, signed, before anything is paid.
    { command: undefined, service_command: 'TOKENIZATION', amount: undefined, response_code: '18000' },
    { command: 'CAPTURE', amount: Amount.parse('9999', 'AED'), response_code: '04000' },
    { command: 'REFUND', amount: '100', response_code: '06000' },
    { command: 'CAPTURE', amount: Amount.parse('10', 'USD'), response_code: '04000' },
    { command: 'CAPTURE', amount: undefined, currency: 'USD', response_code: '04000' },
    { command: 'CAPTURE', amount: undefined, response_code: '04000' },
    { command: 'REFUND', amount: undefined, response_code: '06000' },
  ]) {
    assert.equal(await statusOf(more), 400, JSON.stringify(more));
  }
  assert.ok(errors.every((error) => error instanceof ReplyMismatchError));
  // An invalid amount is found by any message.
  const bad = handlerOf({ on: () => {}, order: () => ({ amount: 49.99 }) });
  assert.equal((await bad.handler(post(paid({ command: 'CAPTURE', response_code: '04000' })))).status, 500);
});

test('allowPart does the same for openNotification, and leaves the order as it is', () => {
  const order = Object.freeze({ merchant_reference: 'order-1', amount });
  const open = (more) =>
    openNotification(paid(more), account, { expect: (params) => allowPart(order, params) }).outcome;
  const part = Amount.parse('10', 'AED');
  assert.equal(open({}), 'succeeded');
  assert.equal(open({ command: 'CAPTURE', amount: part, response_code: '04000' }), 'succeeded');
  assert.equal(open({ command: 'VOID_AUTHORIZATION', amount: undefined, response_code: '08000' }), 'succeeded');
  for (const more of [
    { amount: part },
    { command: 'REFUND', amount: Amount.parse('50', 'AED'), response_code: '06000' },
  ])
    assert.throws(() => open(more), ReplyMismatchError);
  assert.throws(() => allowPart({ amount: 'much' }, { command: 'REFUND' }), ValidationError);
  assert.equal(allowPart(null, { command: 'REFUND' }), null);
});

test('an order that is not stored yet is answered with 503', async () => {
  const { handler, calls, errors } = handlerOf();
  assert.equal((await handler(post(paid({ merchant_reference: 'order-2' })))).status, 503);
  assert.ok(errors[0] instanceof OrderNotFoundError);
  assert.deepEqual(calls, []);
});

test('a look-up or a listener that fails is answered with 500, so that APS sends it again', async () => {
  for (const more of [
    {
      on: () => {
        throw new Error('disk full');
      },
    },
    { on: { succeeded: () => Promise.reject(new Error('disk full')) } },
    { order: () => Promise.reject(new Error('no database')) },
    { order: () => ({ merchant_reference: 'order-1', amout: amount }) },
    { order: () => ({ merchant_reference: 'order-1' }) },
  ]) {
    const { handler, errors } = handlerOf(more);
    const response = await handler(post(paid()));
    assert.equal(response.status, 500);
    assert.equal(await response.text(), 'failed\n');
    assert.equal(errors.length, 1);
  }
});

test('what the shop itself throws is never taken for a forgery, and is printed', async (t) => {
  const printed = t.mock.method(console, 'error', () => {});
  const throwing = (error) => () => Promise.reject(error);
  const journal = {
    async notification(message, { expect, handle }) {
      await handle(await openNotification(message, account, { expect }));
      return { handled: 'now' };
    },
  };
  for (const error of [new SignatureError('unsigned'), new ReplyMismatchError(['amount'])]) {
    for (const more of [
      { on: throwing(error) },
      { order: throwing(error) },
      { on: throwing(error), journal },
      { order: throwing(error), journal },
    ]) {
      printed.mock.resetCalls();
      const { handler } = handlerOf({ onError: undefined, ...more });
      const response = await handler(post(paid()));
      assert.equal(response.status, 500);
      assert.equal(await response.text(), 'failed\n');
      assert.equal(printed.mock.callCount(), 1);
    }
  }
  // An order that a listener did not find is not the one of the message; one that the look-up did not find is.
  const missing = new OrderNotFoundError();
  assert.equal((await handlerOf({ on: throwing(missing) }).handler(post(paid()))).status, 500);
  assert.equal((await handlerOf({ order: throwing(missing) }).handler(post(paid()))).status, 503);
});

test('what is no Request is answered with 500, and the error says what to do instead', async () => {
  const { handler, errors } = handlerOf();
  for (const given of [undefined, null, 5, {}, { method: 'POST', headers: {} }]) {
    assert.equal((await handler(given)).status, 500);
  }
  assert.deepEqual(new Set(errors.map(({ code }) => code)), new Set(['not_a_request']));
});

test('only POST is taken, and no more than 1 MiB', async () => {
  const { handler, calls } = handlerOf();
  const get = await handler(new Request(`https://shop.example/aps?x=${'y'.repeat(99)}`));
  assert.equal(get.status, 405);
  assert.equal(get.headers.get('allow'), 'POST');
  assert.equal((await handler(post('x'.repeat((1 << 20) + 1)))).status, 413);
  let pulled = 0;
  const endless = new ReadableStream({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(65_536).fill(0x20));
    },
  });
  assert.equal((await handler(post(endless, { duplex: 'half' }))).status, 413);
  assert.ok(pulled < 30, `${pulled} chunks read`);
  assert.deepEqual(calls, []);
});

test('a body that was already read is reported as such, not as a signature mismatch', async () => {
  const { handler, errors } = handlerOf();
  const [read, locked] = [post(paid()), post(paid())];
  await read.text();
  locked.body?.getReader();
  for (const request of [read, locked]) {
    assert.equal((await handler(request)).status, 500);
    const error = errors.pop();
    assert.ok(error instanceof ConfigurationError);
    assert.equal(error.code, 'body_used');
  }
});

test('a listener of errors that throws changes no answer', async () => {
  const { handler } = handlerOf({
    onError() {
      throw new Error('x');
    },
  });
  assert.equal((await handler(post('nonsense'))).status, 400);
});

test('a listener of errors that rejects leaves no promise to reject', async (t) => {
  const rejections = [];
  const note = (error) => rejections.push(error);
  process.on('unhandledRejection', note);
  t.after(() => process.off('unhandledRejection', note));
  const { handler } = handlerOf({ onError: async () => Promise.reject(new Error('late')) });
  assert.equal((await handler(post(paid({ amount: '1' })))).status, 400);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(rejections, []);
});

test('a listener by a name that is no command of APS would never be called, so it is rejected', () => {
  const listen = (/** @type {string} */ name) =>
    createNotificationHandler({ account, order: () => null, on: { [name]: () => {} } });
  for (const name of ['SUCCEEDED', 'CAPTURED', 'PAYMENT', 'purchase', '*']) {
    assert.throws(
      () => listen(name),
      ({ issues: [only, ...more] }) => only.parameter === `on.${name}` && only.code === 'unknown' && more.length === 0,
      name,
    );
  }
  for (const name of ['PURCHASE', 'VOID_AUTHORIZATION', 'PAYMENT_LINK', 'succeeded']) assert.ok(listen(name));
});

test('a journal decides whether a message is handled', async () => {
  for (const [handled, status, times] of [
    ['now', 200, 1],
    ['before', 200, 0],
    ['elsewhere', 503, 0],
  ]) {
    const { handler, calls } = handlerOf({
      on: () => calls.push('on'),
      journal: {
        async notification(message, { expect, handle }) {
          const reply = await openNotification(message, account, { expect });
          if (handled === 'now') await handle(reply);
          return { handled };
        },
      },
    });
    assert.equal((await handler(post(paid()))).status, status);
    assert.equal(calls.length, times);
  }
});

test('options that cannot work are refused at once, all of them', () => {
  assert.throws(
    () => createNotificationHandler({ account, orders: () => null, on: { suceeded() {}, failed: 1 }, onError: 1 }),
    (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.deepEqual(
        error.issues.map(({ parameter }) => parameter),
        ['orders', 'order', 'on.suceeded', 'on.failed', 'onError'],
      );
      return true;
    },
  );
  assert.throws(() => createNotificationHandler({ order: () => null, on() {} }), ConfigurationError);
  // Without a listener every message would be answered with 200, and forgotten.
  for (const on of [{}, { succeeded: undefined }, []]) {
    assert.throws(() => createNotificationHandler({ account, order: () => null, on }), /at least one function/);
  }
  for (const options of ['text', 5, () => {}, []]) {
    assert.throws(() => createNotificationHandler(options), /options must be an object/);
  }
});

test('testNotification signs as APS would', () => {
  const reply = openNotification(paid(), account, { expect: { merchant_reference: 'order-1', amount } });
  assert.equal(reply.outcome, 'succeeded');
  assert.equal(reply.params.status, '14');
  assert.equal(reply.params.merchant_identifier, account.merchant_identifier);
  for (const bad of [{}, { response_code: '14' }, { response_code: '1400x' }]) {
    assert.throws(() => testNotification(bad, account), ValidationError);
  }
});
