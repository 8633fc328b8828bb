import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Amount, currencies, ValidationError } from 'aps-payops';

const aed = (text) => Amount.parse(text, 'AED');

/** The codes of what a call throws, which must be a ValidationError. */
const codes = (call) => {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof ValidationError, error);
    return error.issues.map(({ code }) => code);
  }
  return assert.fail('nothing was thrown');
};

test('text, minor units and currency', () => {
  const amount = aed('49.99');
  assert.equal(String(amount), '49.99');
  assert.equal(`${amount}`, '49.99');
  assert.equal(amount.minor, 4999n);
  assert.equal(amount.currency, 'AED');
  assert.equal(JSON.stringify(amount), '{"amount":"4999","currency":"AED"}');
  assert.equal(inspect(amount), 'Amount 49.99 AED');
  assert.equal(String(Amount.parse('7', 'JPY')), '7');
  assert.equal(String(Amount.parse('0.1', 'KWD')), '0.100');
  assert.equal(String(Amount.parse('99999999.99', 'AED')), '99999999.99');
});

test('an amount is no number', () => {
  const amount = aed('1');
  assert.throws(() => +amount, TypeError);
  assert.throws(() => amount < aed('2'), TypeError);
  assert.throws(() => amount + 1, TypeError);
  assert.throws(() => amount * 2, TypeError);
});

test('an amount cannot be changed or made by hand', () => {
  const amount = aed('1');
  assert.ok(Object.isFrozen(amount));
  assert.throws(() => {
    amount.minor = 5n;
  }, TypeError);
  assert.throws(() => new Amount(undefined, 1, 'AED', 2), TypeError);
});

test('deep equality compares money', () => {
  assert.deepEqual(aed('1'), Amount.fromMinor('100', 'AED'));
  for (const other of [aed('2'), Amount.parse('1', 'SAR'), Amount.parse('0.100', 'KWD')]) {
    assert.notDeepEqual(aed('1'), other);
    assert.notDeepEqual({ lines: [aed('1')] }, { lines: [other] });
  }
  // What test runners look at: own enumerable members, and that they cannot change.
  assert.deepEqual({ ...aed('49.99') }, { minor: 4999n, currency: 'AED' });
  for (const own of Object.values(Object.getOwnPropertyDescriptors(aed('1')))) {
    assert.deepEqual([own.enumerable, own.writable, own.configurable], [true, false, false]);
  }
});

test('an inexact amount is rejected, never rounded', () => {
  const bad = ['1e3', '1,000', ' 1', '1 ', '-5', '+5', '٥', '19.999', '1.2.3', '', '.', '0x10', '\ud800', '1\u00a0'];
  for (const text of bad)
    assert.deepEqual(
      codes(() => aed(text)),
      ['not_an_amount'],
      JSON.stringify(text),
    );
  for (const value of [19.99, 20, NaN, 5n, null, undefined, {}, ['1'], true]) {
    assert.deepEqual(
      codes(() => aed(value)),
      ['not_an_amount'],
      inspect(value),
    );
  }
  assert.deepEqual(
    codes(() => aed('100000000.00')),
    ['too_long'],
  );
  assert.equal(codes(() => aed('1'.repeat(10_000_000))).length, 1);
  for (const currency of ['aed', 'XXX', 'XAU', 'AEDX', '', null, undefined, 784]) {
    assert.deepEqual(
      codes(() => Amount.parse('1', currency)),
      ['bad_currency'],
      inspect(currency),
    );
    assert.deepEqual(
      codes(() => Amount.fromMinor('1', currency)),
      ['bad_currency'],
      inspect(currency),
    );
  }
});

test('minor units are digits, a bigint or a safe integer', () => {
  for (const minor of ['4999', 4999n, 4999]) assert.equal(String(Amount.fromMinor(minor, 'AED')), '49.99');
  assert.equal(String(Amount.fromMinor(0, 'KWD')), '0.000');
  assert.equal(String(Amount.fromMinor('5', 'CLF')), '0.0005');
  for (const minor of [-1, -1n, '-1', 1.5, NaN, 2 ** 53, '1.0', ' 1', '', '٥', null, undefined, {}]) {
    assert.deepEqual(
      codes(() => Amount.fromMinor(minor, 'AED')),
      ['not_an_amount'],
      inspect(minor),
    );
  }
  assert.equal(String(Amount.fromMinor(9_999_999_999n, 'AED')), '99999999.99');
  assert.deepEqual(
    codes(() => Amount.fromMinor(10_000_000_000n, 'AED')),
    ['too_long'],
  );
});

test('arithmetic is exact and stays within one currency', () => {
  assert.equal(String(aed('0.10').plus(aed('0.20'))), '0.30');
  assert.equal(String(aed('0.30').minus(aed('0.30'))), '0.00');
  assert.deepEqual([aed('1').compare(aed('2')), aed('2').compare(aed('1')), aed('2').compare(aed('2.00'))], [-1, 1, 0]);
  assert.equal(aed('2').equals(aed('2.00')), true);
  assert.equal(aed('2').equals(aed('2.01')), false);
  assert.deepEqual(
    codes(() => aed('1').minus(aed('1.01'))),
    ['not_an_amount'],
  );
  assert.throws(() => aed('1').minus(aed('1.01')), /1\.01 is more than 1\.00/);
  assert.deepEqual(
    codes(() => aed('99999999.99').plus(aed('0.01'))),
    ['too_long'],
  );
  for (const method of ['plus', 'minus', 'compare', 'equals']) {
    assert.deepEqual(
      codes(() => aed('1')[method](Amount.parse('1', 'USD'))),
      ['currency_mismatch'],
    );
    assert.deepEqual(
      codes(() => aed('1')[method]('1')),
      ['not_an_amount'],
    );
  }
});

test('amounts are known by their brand', () => {
  const other = {
    [Symbol.for('aps-payops.Amount')]: true,
    minor: 150n,
    currency: 'AED',
  };
  assert.equal(Amount.isAmount(other), true);
  assert.equal(String(aed('1').plus(other)), '2.50');
  assert.deepEqual(
    codes(() => aed('1').plus({ ...other, minor: -5n })),
    ['not_an_amount'],
  );
  for (const value of [null, undefined, 1, '1', {}, { minor: 1n, currency: 'AED' }]) {
    assert.equal(Amount.isAmount(value), false);
  }
});

test('what Intl does not take is named', () => {
  for (const [locale, options, parameter] of [
    ['x', undefined, 'locale'],
    ['', undefined, 'locale'],
    ['not a locale', undefined, 'locale'],
    [null, undefined, 'locale'],
    [[7], undefined, 'locale'],
    ['en', { currencyDisplay: 'x' }, 'options'],
    ['en', { numberingSystem: '-' }, 'options'],
  ]) {
    assert.throws(
      () => aed('1.00').format(/** @type {any} */ (locale), /** @type {any} */ (options)),
      ({ name, issues }) => name === 'ValidationError' && issues[0].parameter === parameter,
      String(locale),
    );
  }
  assert.equal(aed('1.00').format('en', null), aed('1.00').format('en'));
});

test('format shows exactly the decimals of every currency', () => {
  for (const { code, exponent } of currencies()) {
    const amount = Amount.fromMinor(1_234_567, code);
    for (const options of [undefined, { style: 'decimal' }, { currencyDisplay: 'code', useGrouping: false }]) {
      const parts = amount.format('en-US', options).match(/[\d,]+(?:\.(\d+))?/);
      assert.equal((parts?.[1] ?? '').length, exponent, `${code} ${parts?.[0]}`);
    }
  }
  assert.equal(Amount.parse('1.75', 'IQD').format('en'), 'IQD\u00a01.750');
  // No option that would round can pass.
  assert.equal(
    aed('49.99').format('en', { style: 'decimal', maximumSignificantDigits: 1, notation: 'compact' }),
    '49.99',
  );
  assert.equal(aed('99999999.99').format('en', { style: 'decimal' }), '99,999,999.99');
  assert.match(aed('49.99').format('ar-EG'), /٤٩٫٩٩/);
});

// Each one of them is in every-amount.test.js.
test('amounts survive text → minor units → text', () => {
  const check = (currency, decimals, last) => {
    const unit = 10 ** decimals;
    for (let minor = 1; minor <= last; minor += 101) {
      const text = `${Math.floor(minor / unit)}.${String(minor % unit).padStart(decimals, '0')}`;
      const amount = Amount.parse(text, currency);
      if (String(amount) !== text || amount.toJSON().amount !== String(minor)) assert.fail(`${text} ${currency}`);
    }
  };
  check('AED', 2, 9_999_999);
  check('KWD', 3, 9_999_999);
});
