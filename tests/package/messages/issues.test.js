// Every problem is reported once, under its own name, and no value is shown.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Amount, LifecycleError, Payment, ValidationError, validate } from 'aps-payops';
import { cards, securityCodes } from '../../secrets.js';

const payer = { merchant_reference: 'order-1', amount: '1000', currency: 'AED', customer_email: 'a@example.com' };

test('too much input is rejected, and no other problem is reported for it', () => {
  const order = { merchant_reference: 'o', amount: '1000', currency: 'AED' };
  const issuesOf = (/** @type {object} */ params) =>
    validate('CAPTURE', { ...params, ...order }).map(({ parameter, code }) => `${parameter}:${code}`);
  assert.deepEqual(issuesOf({ order_description: 'x'.repeat(1 << 20) }), ['order_description:too_long']);
  assert.deepEqual(issuesOf({ order_description: 'x'.repeat(600_000), airline_data: { a: 'x'.repeat(600_000) } }), [
    'airline_data.a:too_long',
    'order_description:too_long',
  ]);
  assert.deepEqual(issuesOf({ airline_data: { a: Array(20_000).fill('x') } }), ['airline_data.a[16380]:too_long']);
  const long = 'x'.repeat(10 << 20);
  const payment = Payment.authorized(Amount.parse('10', 'AED'), { at: 0 });
  for (const [parameter, act] of Object.entries({
    amount: () => Amount.fromMinor('9'.repeat(10 << 20), 'AED'),
    currency: () => Amount.fromMinor('1', long),
    payment_option: () => Payment.authorized(Amount.parse('10', 'AED'), { payment_option: long }),
    response_code: () => Payment.fromStatus({ response_code: long }, { currency: 'AED', command: 'PURCHASE' }),
    command: () => payment.after(long, Amount.parse('10', 'AED'), 0),
  })) {
    assert.throws(act, (error) => {
      assert.ok(error instanceof ValidationError || error instanceof LifecycleError);
      assert.ok(
        error.issues.some((one) => one.parameter === parameter),
        `${parameter}: ${error.message}`,
      );
      return error.issues.every((one) => one.parameter !== 'message');
    });
  }
});

test('a Proxy of an Amount or a Payment is rejected', () => {
  const amount = Amount.parse('10', 'AED');
  const payment = Payment.authorized(amount, { at: 0 });
  const proxy = (/** @type {any} */ value) => new Proxy(value, {});
  for (const act of [
    () => amount.plus(proxy(amount)),
    () => payment.issues('CAPTURE', proxy(amount), 0),
    () => payment.issues('CAPTURE', Object.create(Amount.prototype), 0),
    () => Payment.fromStatus({ response_code: '12000' }),
  ]) {
    assert.throws(act, ValidationError);
  }
  const capture = { merchant_reference: 'o', amount: '1000', currency: 'AED' };
  assert.deepEqual(validate('CAPTURE', capture, { at: 0, payment }), []);
  assert.notEqual(validate('CAPTURE', capture, { at: 0, payment: proxy(payment) }).length, 0);
  const [issue] = validate('CAPTURE', { merchant_reference: 'o', currency: 'AED', amount: proxy(amount) });
  assert.deepEqual([issue.parameter, issue.code], ['amount', 'bad_format']);
});

test('all problems of a value are reported at once, each of them once', () => {
  const codes = (/** @type {string} */ command, /** @type {object} */ params, /** @type {object} */ options) =>
    validate(command, params, options).map(({ parameter, code }) => `${parameter}:${code}`);
  const reference = { merchant_reference: 'a b='.repeat(20) };
  assert.deepEqual(codes('VOID_AUTHORIZATION', reference), [
    'merchant_reference:too_long',
    'merchant_reference:bad_character',
    'merchant_reference:reserved_text',
  ]);
  const payment = Payment.authorized(Amount.parse('10', 'AED'), { at: 0 });
  const order = { merchant_reference: 'o' };
  assert.deepEqual(codes('CAPTURE', { ...order, amount: '0', currency: 'AED' }, { at: 0, payment }), [
    'amount:zero_amount',
  ]);
  assert.deepEqual(codes('CAPTURE', { ...order, amount: 'x', currency: 'KWD' }, { at: 0, payment }), [
    'amount:not_an_amount',
    'currency:currency_mismatch',
  ]);
  assert.deepEqual(codes('AUTHORIZATION', { ...payer, installments: 'x' }), ['installments:not_allowed']);
});

test('a card is held against the brand that it is paid with', () => {
  const card = { expiry_date: '3005', card_security_code: securityCodes[0], card_holder_name: 'A B' };
  const issuesOf = (/** @type {string} */ command, /** @type {object} */ params) =>
    validate(command, { ...payer, ...card, ...params }).map((one) => `${one.parameter}:${one.code}:${one.severity}`);
  const unknown = '6062826786276634';
  assert.deepEqual(issuesOf('PURCHASE', { card_number: unknown, payment_option: 'VISA' }), []);
  assert.deepEqual(issuesOf('PURCHASE', { card_number: `${unknown}128`, payment_option: 'VISA' }), [
    'card_number:bad_format:error',
  ]);
  const mada = '5297412542005689';
  assert.deepEqual(issuesOf('AUTHORIZATION', { card_number: mada }), ['card_number:purchase_only:warning']);
  assert.deepEqual(issuesOf('PURCHASE', { card_number: mada }), []);
  assert.deepEqual(issuesOf('PURCHASE', { card_number: mada, token_name: 't' }), ['card_number:not_allowed:warning']);
  assert.deepEqual(issuesOf('PURCHASE', { payment_option: 'MADA', card_number: mada }), [
    'currency:not_allowed:warning',
  ]);
  // What goes for a way to pay goes for its cards, as far as their numbers tell.
  assert.deepEqual(issuesOf('PURCHASE', { card_number: mada, check_3ds: 'NO' }), ['check_3ds:not_allowed:warning']);
  assert.deepEqual(issuesOf('PURCHASE', { card_number: mada, eci: 'MOTO' }), ['eci:not_allowed:warning']);
  assert.deepEqual(issuesOf('PURCHASE', { card_number: mada, payment_option: 'VISA', check_3ds: 'NO' }), []);
  const verify = { merchant_reference: 'v', currency: 'AED', expiry_date: '3005' };
  assert.deepEqual(issuesOf('VERIFY_CARD', { ...verify, card_number: cards[0] }).filter(of('card_number')), []);
  assert.deepEqual(issuesOf('VERIFY_CARD', { ...verify, card_number: mada }).filter(of('card_number')), [
    'card_number:not_allowed:warning',
  ]);
});

const of = (/** @type {string} */ name) => (/** @type {string} */ one) => one.startsWith(`${name}:`);

test('any detail of the customer asks for its type, once', () => {
  const issuesOf = (/** @type {object} */ params) =>
    validate('PURCHASE', { ...payer, token_name: 't', ...params })
      .filter(({ parameter }) => parameter === 'customer_type')
      .map(({ code, severity, with: reason }) => [code, severity, reason]);
  assert.deepEqual(issuesOf({}), []);
  assert.deepEqual(issuesOf({ customer_zip_code: '11183' }), [['missing', 'warning', 'customer_zip_code']]);
  assert.deepEqual(issuesOf({ customer_id: '1', customer_first_name: 'A', customer_last_name: 'B' }), [
    ['missing', 'warning', 'customer_first_name'],
  ]);
  assert.deepEqual(issuesOf({ customer_id: '1', customer_type: 'B' }), []);
});

test('no issue shows a card number, even in place of a name', () => {
  for (const params of [
    { [cards[0]]: 'x' },
    { card_number: { [cards[0]]: 1.5 } },
    { airline_data: { [cards[0]]: 'b=c' } },
  ]) {
    const shown = JSON.stringify(validate('AUTHORIZATION', { ...payer, ...params }));
    assert.ok(!shown.includes(cards[0]), shown);
  }
});
