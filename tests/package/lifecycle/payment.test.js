import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Amount, LifecycleError, Payment, ValidationError } from 'aps-payops';

const AT = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const aed = (text) => Amount.parse(text, 'AED');
const texts = ({ authorized, captured, refunded }) => [authorized, captured, refunded].map(String);

/** The codes of what a call throws. */
const catchError = (call, type) => {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof type, error);
    return error.issues.map(({ code }) => code);
  }
  return assert.fail('nothing was thrown');
};

test('an authorization is captured in parts and refunded', () => {
  const first = Payment.authorized(aed('100'), { at: AT });
  const second = first.after('CAPTURE', aed('30'), AT).after('CAPTURE', aed('50'), AT);
  const third = second.after('REFUND', aed('20'), AT);
  assert.deepEqual(texts(first), ['100.00', '0.00', '0.00'], 'the first is unchanged');
  assert.deepEqual(texts(third), ['100.00', '80.00', '20.00']);
  const view = third.at(AT);
  assert.equal(view.state, 'partially_refunded');
  assert.equal(view.authorization, 'open');
  assert.equal(String(view.capturable), '20.00');
  assert.equal(String(view.refundable), '60.00');
  assert.deepEqual(view.lapsesAt, new Date(AT + 7 * DAY));
  assert.ok(view.commands.includes('CAPTURE') && !view.commands.includes('VOID_AUTHORIZATION'));
  assert.deepEqual(
    catchError(() => third.after('CAPTURE', aed('20.01'), AT), LifecycleError),
    ['exceeds_authorized'],
  );
  assert.deepEqual(
    catchError(() => third.after('VOID_AUTHORIZATION', undefined, AT), LifecycleError),
    ['already_captured'],
  );
  assert.deepEqual(third.issues('REFUND', aed('60'), AT), []);
  assert.deepEqual(
    third.issues('REFUND', aed('60.01'), AT).map(({ code }) => code),
    ['exceeds_captured'],
  );
});

test('it lapses at the end of its window', () => {
  const payment = Payment.authorized(aed('1'), { at: new Date(AT), windowDays: 5 });
  assert.equal(payment.at(AT + 5 * DAY - 1).state, 'authorized');
  assert.equal(payment.at(new Date(AT + 5 * DAY)).state, 'lapsed');
  assert.deepEqual(
    catchError(() => payment.after('CAPTURE', aed('1'), AT + 5 * DAY), LifecycleError),
    ['lapsed'],
  );
  assert.equal(payment.after('VOID_AUTHORIZATION', undefined, AT).at(AT).state, 'voided');
});

test('a purchase is captured at once and never lapses', () => {
  const payment = Payment.purchased(aed('5'), { at: AT, payment_option: 'VISA', digital_wallet: 'APPLE_PAY' });
  assert.deepEqual(texts(payment), ['5.00', '5.00', '0.00']);
  assert.equal(payment.at(AT).lapsesAt, null);
  assert.equal(payment.at(AT).authorization, 'none');
  assert.equal(payment.payment_option, 'VISA');
  assert.equal(payment.digital_wallet, 'APPLE_PAY');
  assert.equal(payment.command, 'PURCHASE');
});

test('without an instant, now is used', () => {
  const payment = Payment.authorized(aed('1'));
  assert.equal(payment.at().state, 'authorized');
  assert.ok(Math.abs(payment.at().lapsesAt - (Date.now() + 7 * DAY)) < 10_000);
});

test('a bad instant or amount is a ValidationError', () => {
  const payment = Payment.authorized(aed('1'), { at: AT });
  for (const at of [new Date(Number.NaN), Number.NaN, '2026-01-01', null, Infinity, 1.5]) {
    assert.deepEqual(
      catchError(() => payment.at(at), ValidationError),
      ['bad_format'],
      inspect(at),
    );
    assert.deepEqual(
      catchError(() => payment.after('CAPTURE', aed('1'), at), ValidationError),
      ['bad_format'],
    );
    assert.deepEqual(
      catchError(() => Payment.authorized(aed('1'), { at }), ValidationError),
      ['bad_format'],
    );
  }
  for (const amount of ['1', 1, 1n, {}]) {
    assert.deepEqual(
      catchError(() => payment.after('CAPTURE', amount, AT), ValidationError),
      ['not_an_amount'],
    );
    assert.deepEqual(
      catchError(() => Payment.purchased(amount), ValidationError),
      ['not_an_amount'],
    );
  }
  catchError(() => Payment.authorized(aed('0'), { at: AT }), ValidationError);
});

test('it survives JSON, as object and as text', () => {
  const payment = Payment.authorized(aed('100'), { at: AT, payment_option: 'VISA' }).after('CAPTURE', aed('30'), AT);
  for (const json of [JSON.stringify(payment), payment.toJSON(), JSON.parse(JSON.stringify(payment)), payment]) {
    assert.deepEqual(Payment.fromJSON(json).toJSON(), payment.toJSON());
  }
  const { captured, ...incomplete } = payment.toJSON();
  for (const json of [
    '',
    'x',
    '{',
    '[]',
    'null',
    null,
    5,
    [],
    {},
    incomplete,
    { ...payment.toJSON(), captured: '20000' },
  ]) {
    catchError(() => Payment.fromJSON(json), ValidationError);
  }
});

test('all problems of a stored payment are reported, of own members of any type', () => {
  const json = Payment.purchased(aed('1'), { at: AT }).toJSON();
  const messageOf = (/** @type {() => unknown} */ call) => {
    try {
      call();
    } catch (error) {
      assert.ok(error instanceof ValidationError, error);
      return error.issues.map(({ parameter, code }) => `${parameter}:${code}`);
    }
    return assert.fail('nothing was thrown');
  };
  const missing = ['version', 'command', 'currency', 'authorized', 'captured', 'refunded', 'voided'];
  assert.deepEqual(
    messageOf(() => Payment.fromJSON(Object.create(json))),
    missing.map((name) => `${name}:missing`),
  );
  assert.deepEqual(
    messageOf(() => Payment.fromJSON({ ...json, more: 1, captured: Symbol('1'), refunded: {} })),
    ['more:unknown', 'captured:not_an_amount', 'refunded:not_an_amount'],
  );
  const context = /** @type {const} */ ({ currency: 'AED', command: 'PURCHASE' });
  assert.deepEqual(
    messageOf(() => Payment.fromStatus(/** @type {any} */ ({ params: null }), context)),
    ['response_code:missing'],
  );
  assert.deepEqual(
    messageOf(() => Payment.purchased(aed('1'), { payment_option: /** @type {any} */ (Symbol('VISA')) })),
    ['payment_option:bad_format'],
  );
  const week = Payment.authorized(aed('1'), { at: AT, windowDays: /** @type {any} */ (null) });
  assert.equal(week.at(AT).lapsesAt?.getTime(), AT + 7 * DAY);
});

test('it cannot be changed or made by hand', () => {
  const payment = Payment.purchased(aed('1'), { at: AT });
  assert.ok(Object.isFrozen(payment));
  payment.toJSON().captured = '0';
  assert.deepEqual(texts(payment), ['1.00', '1.00', '0.00']);
  assert.throws(() => new Payment(undefined, payment.toJSON()), TypeError);
  assert.match(inspect(payment), /^Payment PURCHASE authorized 1\.00, captured 1\.00, refunded 0\.00 AED$/);
});

test('deep equality compares payments', () => {
  const options = { at: AT, payment_option: 'VISA' };
  const payment = Payment.authorized(aed('100'), options);
  assert.deepEqual(payment, Payment.fromJSON(payment.toJSON()));
  for (const other of [
    Payment.authorized(aed('100.01'), options),
    Payment.authorized(Amount.parse('100', 'SAR'), options),
    Payment.authorized(aed('100'), { at: AT + 1, payment_option: 'VISA' }),
    Payment.authorized(aed('100'), { ...options, windowDays: 8 }),
    Payment.authorized(aed('100'), { at: AT }),
    Payment.authorized(aed('100'), { ...options, digital_wallet: 'APPLE_PAY' }),
    Payment.purchased(aed('100'), options),
    payment.after('CAPTURE', aed('1'), AT),
    payment.after('VOID_AUTHORIZATION', undefined, AT),
  ]) {
    assert.notDeepEqual(payment, other);
    assert.notDeepEqual({ payment }, { payment: other });
  }
  const refunded = payment.after('CAPTURE', aed('5'), AT).after('REFUND', aed('1'), AT);
  assert.notDeepEqual(refunded, payment.after('CAPTURE', aed('5'), AT).after('REFUND', aed('2'), AT));
  for (const own of Object.values(Object.getOwnPropertyDescriptors(payment))) {
    assert.deepEqual([own.enumerable, own.writable, own.configurable], [true, false, false]);
  }
  assert.equal(payment.madeAt, AT);
  assert.equal(payment.lapsesAt, AT + 7 * DAY);
  assert.doesNotMatch(Object.values(payment).map(String).join(), /\0/, 'its record is its own');
});

const status = (authorized, captured, refunded, transaction_status) => ({
  query_command: 'CHECK_STATUS',
  response_code: '12000',
  status: '12',
  authorized_amount: authorized,
  captured_amount: captured,
  refunded_amount: refunded,
  transaction_status,
  transaction_code: `${transaction_status}000`,
});

test('it is derived from CHECK_STATUS with what APS does not tell, and never guessed', () => {
  const context = { currency: 'AED', command: 'AUTHORIZATION', authorizedAt: AT };
  const payment = Payment.fromStatus(status('10000', '3000', '0', '04'), context);
  assert.deepEqual(texts(payment), ['100.00', '30.00', '0.00']);
  assert.deepEqual(payment.at(AT).lapsesAt, new Date(AT + 7 * DAY));
  for (const [reply, known] of [
    [status('10000', '3000', '0', '04'), { ...context, currency: undefined }],
    [status('10000', '3000', '0', '04'), { ...context, command: undefined }],
    [status('10000', '3000', '0', '04'), { ...context, authorizedAt: undefined }],
    [status('10000', '20000', '0', '04'), context],
    [status('x', '0', '0', '04'), context],
    [{}, context],
    [null, context],
    [{ authentic: false, params: status('10000', '0', '0', '02') }, context],
  ]) {
    catchError(() => Payment.fromStatus(reply, known), ValidationError);
  }
});

test('a total that CHECK_STATUS leaves out is zero, unless the last operation needs it', () => {
  const context = { currency: 'AED', command: 'AUTHORIZATION', authorizedAt: AT };
  for (const [reply, expected] of [
    [status('10000', undefined, undefined, '02'), ['100.00', '0.00', '0.00']],
    [status('10000', '', '', '02'), ['100.00', '0.00', '0.00']],
    [status('10000', '3000', undefined, '04'), ['100.00', '30.00', '0.00']],
    [status('10000', '3000', '', '05'), ['100.00', '30.00', '0.00']],
    [status('10000', '', undefined, '08'), ['100.00', '0.00', '0.00']],
  ]) {
    assert.deepEqual(texts(Payment.fromStatus(reply, context)), expected);
  }
  for (const [reply, parameter] of [
    [status(undefined, '0', '0', '02'), 'authorized_amount'],
    [status('10000', undefined, '0', '04'), 'captured_amount'],
    [status('10000', '3000', '', '06'), 'refunded_amount'],
  ]) {
    const refused = ({ issues }) => issues[0].parameter === parameter && issues[0].code === 'missing';
    assert.throws(() => Payment.fromStatus(reply, context), refused);
  }
});

test('a payment is brought up to date, and never goes back', () => {
  const payment = Payment.authorized(aed('100'), { at: AT }).after('CAPTURE', aed('30'), AT);
  assert.deepEqual(texts(payment.observed(status('10000', '5000', '1000', '06'), AT)), ['100.00', '50.00', '10.00']);
  assert.deepEqual(
    texts(payment.observed({ params: status('10000', '0', '0', '02'), authentic: true }, AT)),
    texts(payment),
  );
  const voided = Payment.authorized(aed('100'), { at: AT }).after('VOID_AUTHORIZATION', undefined, AT);
  assert.equal(voided.observed(status('10000', '0', '0', '02'), AT).at(AT).state, 'voided');
});

test('payments are known by their brand', () => {
  assert.equal(Payment.isPayment(Payment.purchased(aed('1'))), true);
  for (const value of [null, {}, 'x', aed('1'), Payment.purchased(aed('1')).toJSON()]) {
    assert.equal(Payment.isPayment(value), false);
  }
});
