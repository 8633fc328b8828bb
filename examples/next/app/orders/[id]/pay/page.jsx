import { buildForm } from 'aps-payops/server';
import { notFound } from 'next/navigation';
import { findOrder } from '../../../../lib/orders.js';
import { payments } from '../../../../lib/payments.js';

export const dynamic = 'force-dynamic';

const { PORT = '3000', SHOP_URL = `http://localhost:${PORT}` } = process.env;

export default async function Pay({ params }) {
  const order = findOrder((await params).id);
  if (order?.status !== 'open') notFound();
  const purchase = {
    merchant_reference: order.id,
    amount: order.amount,
    customer_email: order.email,
    return_url: `${SHOP_URL}/orders/${order.id}/return`,
  };
  const { action, fields } = buildForm('PURCHASE', purchase, payments().account);
  return (
    <form method="post" action={action}>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <button type="submit">Pay {order.amount.format('en-AE')}</button>
    </form>
  );
}
