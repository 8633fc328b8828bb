import { Amount, type Issue, validate } from 'aps-payops';
import { type Account, PaymentServices, sign, type Reply } from 'aps-payops/server';
import { createSandbox } from 'aps-payops/sandbox';
import { journaled, openStore } from 'aps-payops/journal';
import { createApplePaySession } from 'aps-payops/apple-pay';
import { init } from 'aps-payops/slim';
export const amount: Amount = Amount.parse('1', 'AED');
export const issues: Issue[] = validate('CAPTURE', { merchant_reference: 'a', amount });
export const signature: string = sign({ a: 'b' }, { phrase: 'p', digest: 'SHA-256' });
export async function pay(account: Account): Promise<Reply> {
  const aps = new PaymentServices(account);
  // @ts-expect-error: money is no number
  await aps.capture({ merchant_reference: 'one', amount: 20 });
  const pay = journaled(aps, await openStore(':memory:'));
  await pay.capture({ operation: 'x', order: 'o', merchant_reference: 'one', amount });
  return aps.capture({ merchant_reference: 'one', amount });
}
export const more = [createSandbox, createApplePaySession, init];
