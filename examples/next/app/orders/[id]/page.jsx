import { notFound } from 'next/navigation';
import { findOrder } from '../../../lib/orders.js';

export const dynamic = 'force-dynamic';

export default async function Order({ params }) {
  const order = findOrder((await params).id);
  if (!order) notFound();
  return <p>Your order is {order.status}.</p>;
}
