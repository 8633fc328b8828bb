import { Amount } from 'aps-payops';
import { sign } from 'aps-payops/server';

test('types and values', () => {
  const amount: Amount = Amount.parse('1', 'AED');
  expect(amount.minor).toBe(100n);
  expect(sign({ a: 'b' }, { phrase: 'p', digest: 'SHA-256' })).toHaveLength(64);
});
