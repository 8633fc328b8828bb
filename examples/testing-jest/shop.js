// A shop that is given its client: that is what makes it testable.

const { Amount, createNotificationHandler } = require('aps-payops/server');

function createShop({ aps, account, orders }) {
  const find = (id) => orders.get(id) ?? null;
  return {
    /** Captures what was authorized when the order was placed. */
    async ship(id) {
      const order = find(id);
      const params = { merchant_reference: id, amount: Amount.parse(order.total, order.currency) };
      const { outcome } = await aps.capture(params, { baseline: true });
      order.status = { succeeded: 'shipped', uncertain: 'to check' }[outcome] ?? 'not captured';
      return order.status;
    },
    webhook: createNotificationHandler({
      account,
      order({ merchant_reference }) {
        const order = find(merchant_reference);
        return order && { merchant_reference, amount: Amount.parse(order.total, order.currency) };
      },
      on: {
        AUTHORIZATION({ outcome, params }) {
          if (outcome === 'succeeded') find(params.merchant_reference).status = 'authorized';
        },
      },
    }),
  };
}

module.exports = { createShop };
