import { createOrder } from '../../../lib/orders.js';

export async function POST(request) {
  const { product } = await request.json();
  const order = createOrder(product);
  return order ? Response.json(order, { status: 201 }) : new Response('Not found', { status: 404 });
}
