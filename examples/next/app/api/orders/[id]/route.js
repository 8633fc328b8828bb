import { findOrder } from '../../../../lib/orders.js';

export async function GET(_request, { params }) {
  const order = findOrder((await params).id);
  return order ? Response.json({ id: order.id, status: order.status }) : new Response('Not found', { status: 404 });
}
