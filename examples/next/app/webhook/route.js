import { createNotificationHandler } from 'aps-payops/server';
import { findOrder } from '../../lib/orders.js';
import { payments } from '../../lib/payments.js';

let notified;

export function POST(request) {
  notified ??= createNotificationHandler({
    account: payments().account,
    order({ merchant_reference, command }) {
      const order = findOrder(merchant_reference);
      // A capture or refund may be of a part, and a void has no amount.
      return (
        order && { merchant_reference, amount: ['PURCHASE', 'AUTHORIZATION'].includes(command) ? order.amount : 'any' }
      );
    },
    on: {
      PURCHASE({ outcome, params }) {
        const order = findOrder(params.merchant_reference);
        if (outcome === 'succeeded' && order.status === 'open') order.status = 'paid';
      },
    },
  });
  return notified(request);
}
