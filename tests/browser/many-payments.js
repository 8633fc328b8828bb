// Thousands of payments, as the shop would have kept them, without making each.
import { Amount, Payment } from 'aps-payops';

const BRANDS = ['VISA', 'MASTERCARD', 'MADA', 'AMEX'];
const CURRENCIES = ['AED', 'SAR', 'KWD'];
const MINUTE = 60_000;

/**
 * Orders with a payment each, a minute apart, the last of them just now; of every state that there is, and always the same.
 *
 * @param {import('../../www/server/store.js').Store} store
 * @param {number} count
 * @param {number} [now]
 */
export async function savePayments(store, count, now = Date.now()) {
  for (let from = 0; from < count; from += 1000) {
    const some = Array.from({ length: Math.min(1000, count - from) }, (_, index) =>
      paymentOf(from + index, count, now),
    );
    await store.saveOrders(some.map(({ order }) => order));
    await store.savePayments(some.map(({ record }) => record));
  }
}

/** @param {number} index @param {number} count @param {number} now */
function paymentOf(index, count, now) {
  const id = `order-${index.toString(16).padStart(8, '0')}`;
  const createdAt = now - (count - index) * MINUTE;
  const currency = CURRENCIES[index % 3] ?? 'AED';
  const amount = Amount.fromMinor(String(1000 + ((index * 7919) % 900_000)), currency);
  const brand = BRANDS[index % 4] ?? null;
  const order = {
    ...{ id, description: `Lantern ${index}`, email: `customer${index % 500}@example.com` },
    ...{ command: 'AUTHORIZATION', amount: amount.toJSON(), createdAt },
  };
  const payment = index % 10 === 9 ? null : lifeOf(index, amount, createdAt);
  const record = {
    ...{ reference: `${id}-1-abcd`, order: id, command: 'AUTHORIZATION', amount: amount.toJSON(), createdAt },
    ...{
      outcome: payment ? 'succeeded' : 'failed',
      code: payment ? '02000' : ['03666', '03029'][Math.floor(index / 10) % 2],
    },
    ...{ redirectTo: null, fort_id: `1699${String(index).padStart(14, '0')}`, how: 'card' },
    ...{
      card: { brand, tail: String(index % 10_000).padStart(4, '0') },
      payment: payment?.toJSON() ?? null,
      steps: [],
    },
  };
  return { order, record };
}

/** @param {number} index @param {Amount} amount @param {number} at */
function lifeOf(index, amount, at) {
  const half = Amount.fromMinor(String(amount.minor / 2n), amount.currency);
  const payment = Payment.authorized(amount, { at });
  const steps = [
    () => payment,
    () => payment.after('CAPTURE', half, at),
    () => payment.after('CAPTURE', amount, at),
    () => payment.after('CAPTURE', amount, at).after('REFUND', half, at),
    () => payment.after('CAPTURE', amount, at).after('REFUND', amount, at),
    () => payment.after('VOID_AUTHORIZATION', undefined, at),
  ];
  return (steps[index % steps.length] ?? (() => payment))();
}
