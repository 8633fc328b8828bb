// Stands for your database. (Next.js may load a module more than once.)

import { Amount } from 'aps-payops/server';

const PRICES = { lamp: Amount.parse('49.99', 'AED'), chair: Amount.parse('120.00', 'AED') };
globalThis.orders ??= new Map();
const { orders } = globalThis;

export function createOrder(product) {
  if (!Object.hasOwn(PRICES, product)) return null;
  const id = crypto.randomUUID();
  const order = { id, product, amount: PRICES[product], email: 'layla@example.com', status: 'open' };
  orders.set(id, order);
  return order;
}

export const findOrder = (id) => orders.get(id) ?? null;
