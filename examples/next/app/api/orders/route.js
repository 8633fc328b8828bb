import { createOrder } from '../../../lib/orders.js';

export async function POST(request) {
  const { product } = (await request.json().catch(() => null)) ?? {};
  if (typeof product !== 'string') return new Response('Send {"product":"…"}.', { status: 400 });
  const order = createOrder(product);
  return order ? Response.json(order, { status: 201 }) : new Response('Not found', { status: 404 });
}
