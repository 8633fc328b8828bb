// One invalid argument does not change how the others are read.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'aps-payops/sandbox';
import { Amount, openNotification, Payment, SignatureError, validate } from 'aps-payops/server';

const order = { merchant_reference: 'r1', amount: '1000', currency: 'AED', customer_email: 'a@b.co' };

test('a payment that cannot be read shows no value of the request, and hides no parameter', () => {
  const state = Payment.authorized(Amount.parse('10.00', 'AED')).toJSON();
  const card = { card_number: '4005550000000001=3005987', expiry_date: '3005', card_security_code: '987' };
  for (const payment of [{ ...state, currency: 'OLD' }, {}, { ...state, payment_option: '', version: 2 }]) {
    const issues = validate('PURCHASE', { ...order, ...card }, { payment: /** @type {any} */ (payment) });
    assert.ok(!JSON.stringify(issues).includes('4005550000000001'));
    assert.ok(
      !issues.some(({ parameter, code }) => parameter in order && parameter !== 'currency' && code === 'missing'),
    );
  }
  assert.deepEqual(validate('CHECK_STATUS', { merchant_reference: 'r1' }, { payment: /** @type {any} */ (null) }), []);
});

test('a name with control characters is only a name', () => {
  const { account } = createSandbox();
  for (const name of ['a\u0001b', 'x\0missing\0warning\0All is well\0aps\u0001y']) {
    const message = new URLSearchParams([
      [name, '1'],
      [name, '2'],
    ]);
    assert.throws(() => openNotification(message, account, { expect: { merchant_reference: 'r' } }), SignatureError);
  }
});

test('a path names no parameter', () => {
  const codes = (/** @type {object} */ more) => validate('PURCHASE', { ...order, ...more }).map(({ code }) => code);
  assert.deepEqual(codes({ 'apple_header.apple_transactionId': 'x' }), ['unknown']);
});
