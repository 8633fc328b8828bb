// After.

import { Amount, accountFromEnv, openNotification, PaymentServices } from 'aps-payops/server';

const account = accountFromEnv();
const aps = new PaymentServices(account);

// The total is a decimal text, as databases give it, and never a float.
const amountOf = ({ total, currency }) => Amount.parse(total, currency);

/** `outcome`: succeeded, failed, or uncertain, when the answer was lost and CHECK_STATUS does not prove it. */
export async function capture(order) {
  const params = { merchant_reference: order.id, amount: amountOf(order) };
  const { outcome } = await aps.capture(params, { baseline: true });
  return outcome;
}

/** Throws unless the message is genuine, and about this order and this amount. */
export function isPaid(notification, order) {
  const expect = { merchant_reference: order.id, amount: amountOf(order), command: 'PURCHASE' };
  return openNotification(notification, account, { expect }).outcome === 'succeeded';
}
