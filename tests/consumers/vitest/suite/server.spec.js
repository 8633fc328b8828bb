import { Amount as Same } from 'aps-payops';
import { Amount, sign } from 'aps-payops/server';
import { expect, test } from 'vitest';

test('it signs, with one Amount', () => {
  expect(sign({ a: 'b' }, { phrase: 'p', digest: 'SHA-256' })).toHaveLength(64);
  expect(Same).toBe(Amount);
  expect(Amount.parse('1', 'AED')).toEqual(Amount.parse('1.00', 'AED'));
});
