// Options of calls: unknown ones are rejected, all problems at once, and null means not set.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'aps-payops/sandbox';
import {
  Amount,
  buildForm,
  buildRequest,
  buildUpload,
  describe,
  explainSignature,
  openBatchResults,
  openNotification,
  openReply,
  Payment,
  PaymentServices,
  readBatchResults,
  reportRows,
  schema,
  ValidationError,
  validate,
  verify,
  waitForBatch,
  writeBatch,
} from 'aps-payops/server';
import { account, base, capture, options, signed } from './signed-capture.js';

test('a misspelled option is rejected', async () => {
  const sandbox = createSandbox();
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  const unknown = (name) => (error) => {
    assert.ok(error instanceof ValidationError, String(error));
    assert.deepEqual(
      error.issues.map(({ parameter, code }) => [parameter, code]),
      [[name, 'unknown']],
    );
    return true;
  };
  const order = { merchant_reference: 'order-1' };
  assert.throws(() => openNotification(signed(base), account, { expected: order }), unknown('expected'));
  assert.throws(() => openNotification(signed(base), account, { expected: undefined }), unknown('expected'));
  const request = buildRequest('CAPTURE', capture, account);
  assert.throws(() => openReply(signed(base), account, { request, ignore: [] }), unknown('ignore'));
  assert.throws(() => buildRequest('CAPTURE', capture, account, { paymnet: null }), unknown('paymnet'));
  assert.throws(() => buildForm('PURCHASE', capture, account, { accepts: [] }), unknown('accepts'));
  assert.throws(() => buildForm('PURCHASE', capture, account, { accepts: [] }), /The options are .*\baccept\b/);
  assert.throws(() => buildUpload({}, { name: 'a.csv', content: '' }, account, { sign: [] }), unknown('sign'));
  assert.throws(() => writeBatch([], { column: [] }), unknown('column'));
  await assert.rejects(readBatchResults('', { onprogress() {} }).next(), unknown('onprogress'));
  await assert.rejects(reportRows('', { onprogress() {} }).next(), unknown('onprogress'));
  await assert.rejects(
    waitForBatch(() => {}, { intervall: 1 }),
    unknown('intervall'),
  );
  for (const refused of [
    aps.capture(capture, { baseLine: true }),
    aps.send('CAPTURE', capture, { baseLine: true }),
    aps.batches.process({}, { baseLine: true }),
    aps.batches.results({}, { baseLine: true }),
    aps.batches.upload({}, {}, { baseLine: true }),
    aps.reports.get({}, { baseLine: true }),
    aps.reports.download({}, { baseLine: true }),
  ]) {
    await assert.rejects(refused, unknown('baseLine'));
  }
  assert.throws(() => aps.paymentPage.purchase({}, { baseLine: true }), unknown('baseLine'));
  assert.throws(
    () => new PaymentServices(account, { timeoutMs: 5 }),
    ({ name, code, issues }) =>
      name === 'ConfigurationError' && code === 'bad_option' && issues[0].parameter === 'timeoutMs',
  );
  const amount = Amount.parse('10.00', 'AED');
  const payment = Payment.authorized(amount);
  assert.throws(() => validate('CAPTURE', capture, { paymnet: payment }), unknown('paymnet'));
  assert.throws(() => schema('CAPTURE', { paymnet: payment }), unknown('paymnet'));
  assert.throws(() => Payment.authorized(amount, { windowdays: 3 }), unknown('windowdays'));
  assert.throws(() => Payment.purchased(amount, { paymentOption: 'VISA' }), unknown('paymentOption'));
  assert.throws(() => Payment.fromStatus({}, { authorized_at: 0 }), unknown('authorized_at'));
  assert.throws(() => payment.issues('CAPTURE', amount, 0, { lang: 'ar' }), unknown('lang'));
  assert.throws(() => buildRequest('CAPTURE', capture, account, 'payment'), ValidationError);
  assert.equal(sandbox.log().length, 0);
});

test('the options of one call may be given to all', async () => {
  const all = {
    payment: Payment.authorized(Amount.parse('100', 'AED')),
    at: Date.now(),
    language: 'en',
    allow: ['x'],
    accept: [],
    credentials: 'main',
    signal: new AbortController().signal,
    timeout: 1000,
    baseline: false,
  };
  const sandbox = createSandbox();
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  const request = buildRequest('CAPTURE', capture, account, all);
  const page = { ...capture, customer_email: 'a@example.com', return_url: 'https://shop.example/' };
  assert.ok(buildForm('PURCHASE', page, account, { ...all, payment: null }).html(all));
  assert.ok(buildUpload({ batch_reference: 'b1' }, { name: 'a.csv', content: 'x' }, account, all));
  assert.equal(openReply(signed(base), account, { ...all, request }).outcome, 'succeeded');
  assert.equal(openNotification(signed(base), account, { ...all, expect: capture }).outcome, 'succeeded');
  assert.ok(writeBatch([], all));
  assert.equal((await readBatchResults('response_code\n14000\n', all).next()).value.code, '14000');
  assert.ok(await waitForBatch(async () => ({ reply: null }), all));
  assert.equal((await aps.capture(capture, all)).outcome, 'failed');
  assert.equal((await aps.checkStatus({ merchant_reference: 'x' }, all)).authentic, true);
  assert.ok(await aps.batches.results({ batch_reference: 'b1' }, { ...all, payment: null }));
});

test('a language that no sentence is in is rejected, not answered in English', async () => {
  const amount = Amount.parse('10.00', 'AED');
  const aps = new PaymentServices(account, { fetch: async () => assert.fail('nothing is sent') });
  for (const language of ['fr', 'EN', 'en-GB', '', 7, {}, ['ar'], true]) {
    const options = /** @type {any} */ ({ language });
    const refused = (error) => {
      assert.ok(error instanceof ValidationError, String(error));
      assert.deepEqual(
        error.issues.map(({ parameter, code, message }) => [parameter, code, message]),
        [['language', 'not_allowed', 'language must be en or ar.']],
      );
      return true;
    };
    for (const call of [
      () => validate('CAPTURE', {}, options),
      () => schema('CAPTURE', options),
      () => buildRequest('CAPTURE', capture, account, options),
      () => buildForm('PURCHASE', capture, account, options),
      () => openNotification(signed(base), account, options),
      () => Payment.authorized(amount).issues('CAPTURE', amount, 0, options),
      () => Amount.parse('10.00', 'AED', options),
      () => describe('14000', /** @type {any} */ (language)),
      () => writeBatch([], options),
    ]) {
      assert.throws(call, refused, String(call));
    }
    await assert.rejects(aps.capture(capture, options), refused);
    await assert.rejects(aps.checkStatus({ merchant_reference: 'x' }, options), refused);
  }
  for (const language of [null, undefined]) {
    assert.deepEqual(validate('CAPTURE', capture, { language }), []);
    assert.equal(String(Amount.parse('10.00', 'AED', { language })), '10.00');
    assert.match(describe('14000', language).text, /succeeded|success/i);
  }
  assert.throws(() => Amount.parse('x', 'AED', /** @type {any} */ ({ lang: 'ar' })), { code: 'validation' });
  // APS's own parameter of that name is another thing.
  assert.deepEqual(
    validate('CAPTURE', { ...capture, language: 'fr' }).map(({ parameter, code }) => `${parameter} ${code}`),
    ['language not_allowed'],
  );
});

test('all problems of the options of a call are reported at once', async () => {
  const aps = new PaymentServices(account, { fetch: async () => assert.fail('nothing is sent') });
  const wrong = { payment: 'x', signal: 7, timeout: 3e9, baseLine: true };
  await assert.rejects(aps.capture(capture, wrong), (error) => {
    assert.deepEqual(error.issues.map(({ parameter }) => parameter).sort(), Object.keys(wrong).sort());
    assert.match(error.message, /2147483647/);
    return true;
  });
});

test('options that are null are not set', async () => {
  const amount = Amount.parse('10', 'AED');
  assert.equal(String(Payment.authorized(amount, null).authorized), '10.00');
  assert.equal(String(Payment.purchased(amount, null).captured), '10.00');
  assert.throws(() => Payment.fromStatus({}, null), ValidationError);
  assert.deepEqual(validate('CAPTURE', capture, null), []);
  const none = { payment: null, at: null, language: null, allow: null, accept: null };
  assert.deepEqual(validate('CAPTURE', capture, none), []);
  assert.deepEqual(Payment.authorized(amount).issues('CAPTURE', amount, Date.now(), null), []);
  assert.equal(openNotification(signed(base), account, null).outcome, 'succeeded');
  assert.equal(buildRequest('CAPTURE', capture, account, null).params.amount, capture.amount);
  assert.ok(new PaymentServices(account, null));
  const sandbox = createSandbox();
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  assert.equal((await aps.capture(capture, null)).outcome, 'failed');
  const form = buildForm('TOKENIZATION', { merchant_reference: 'o', return_url: 'https://a.example/' }, account, null);
  assert.match(form.html(null), /Continue/);
  assert.match(form.html({ button: null }), /Continue/);
  assert.throws(() => form.html({ button: 7 }), ValidationError);
  assert.ok(buildUpload({ batch_reference: 'b1' }, { name: 'a.csv', content: 'x' }, account, null));
  assert.ok(writeBatch([], null));
  assert.equal((await readBatchResults('response_code\n14000\n', null).next()).value.code, '14000');
  assert.ok(await waitForBatch(async () => ({ reply: null }), null));
  const batch = { batch_reference: 'b1' };
  for (const options of [null, { signal: null, payment: null, timeout: null, at: null, allow: null, accept: null }]) {
    assert.equal((await aps.capture(capture, options)).outcome, 'failed');
    assert.ok((await aps.batches.results(batch, options)).reply);
    await assert.rejects(aps.batches.upload(batch, null, options), ValidationError);
    assert.ok((await aps.reports.get({}, options)).reply);
    assert.ok((await aps.reports.download({ merchant_reference: 'r1' }, options)).reply);
  }
  assert.throws(() => openReply(signed(base), account, null), { code: 'no_request' });
  assert.throws(() => PaymentServices.fromEnv(null, null), { code: 'invalid_account' });
  await assert.rejects(openBatchResults(new Response('{}'), account, null), { code: 'no_request' });
  assert.equal(verify(signed(base), { ...options, ignore: null }), true);
  assert.ok(explainSignature(signed(base), { ...options, ignore: null, otherPhrase: null }).matches);
});
