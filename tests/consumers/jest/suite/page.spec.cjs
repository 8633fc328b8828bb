/** @jest-environment jsdom */
const { Amount, attachCheckout, validate } = require('aps-payops');
const { sign } = require('aps-payops/server');

test('a page counts money, validates and binds a form', () => {
  expect(String(Amount.parse('1.750', 'IQD'))).toBe('1.750');
  const amount = Amount.parse('1', 'AED');
  expect(validate('CAPTURE', { merchant_reference: 'one', amount })).toEqual([]);
  const [{ message }] = validate('CAPTURE', { merchant_reference: 'one', amount, حقل: 'x' }, { language: 'ar' });
  expect(message).toContain('حقل');
  document.body.innerHTML = '<form><input name="card_number"><input name="expiry_date"></form>';
  expect(attachCheckout(document.querySelector('form'), { currency: 'AED' }).available).toBe(true);
});

test('a page does not sign', () => {
  expect(() => sign({}, { phrase: 'p', digest: 'SHA-256' })).toThrow(/does not run in browsers/);
});
