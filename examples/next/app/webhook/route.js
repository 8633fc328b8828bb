import { createNotificationHandler } from 'aps-payops/server';
import { findOrder } from '../../lib/orders.js';
import { payments } from '../../lib/payments.js';

let notified;

export function POST(request) {
  notified ??= createNotificationHandler({
    account: payments().account,
    order({ merchant_reference }) {
      const order = findOrder(merchant_reference);
      return order && { merchant_reference, amount: order.amount };
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
