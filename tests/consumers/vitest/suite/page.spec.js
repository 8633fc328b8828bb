// @vitest-environment jsdom
import { Amount, attachCheckout } from 'aps-payops';
import { expect, test } from 'vitest';

test('a page counts money and binds a form', () => {
  expect(String(Amount.parse('1.750', 'IQD'))).toBe('1.750');
  document.body.innerHTML = '<form><input name="card_number"></form>';
  expect(attachCheckout(document.querySelector('form'), { currency: 'AED' }).available).toBe(true);
});
