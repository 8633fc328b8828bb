// Every amount that a shop could ask for, through text and back: exact, without exception.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Amount, currencies } from 'aps-payops';

/**
 * @param {string} currency
 * @param {number} decimals
 */
function everyAmount(currency, decimals) {
  const unit = 10 ** decimals;
  for (let minor = 1; minor < 10_000_000; minor++) {
    const text = `${Math.floor(minor / unit)}.${String(minor % unit).padStart(decimals, '0')}`;
    const amount = Amount.parse(text, currency);
    if (amount.minor !== BigInt(minor) || String(amount) !== text) assert.fail(`${text} ${currency} became ${amount}`);
  }
}

test('0.01 to 99,999.99 AED', () => everyAmount('AED', 2));

test('0.001 to 9,999.999 KWD', () => everyAmount('KWD', 3));

test('every currency shows exactly its decimals, in Latin and in Arabic', () => {
  const list = currencies();
  assert.ok(list.length > 150);
  for (const { code, exponent, name } of list) {
    assert.ok(name.length > 2, code);
    const whole = '1'.padEnd(exponent + 1, '0');
    const amount = Amount.fromMinor(`${whole.slice(0, -1)}5`, code);
    const text = exponent === 0 ? '5' : `1.${'0'.repeat(exponent - 1)}5`;
    assert.equal(String(amount), text, code);
    assert.equal(String(Amount.parse(text, code)), text, code);
    for (const [locale, digits] of [
      ['en', '0123456789'],
      ['ar-EG', '٠١٢٣٤٥٦٧٨٩'],
    ]) {
      const shown = [...amount.format(locale)].filter((character) => digits.includes(character)).join('');
      const expected = [...text]
        .filter((c) => c !== '.')
        .map((digit) => digits[Number(digit)])
        .join('');
      assert.equal(shown, expected, `${code} in ${locale}: ${amount.format(locale)}`);
    }
  }
});
