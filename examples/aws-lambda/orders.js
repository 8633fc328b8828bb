// Stands for the table ORDERS: `get`, `put`, and an update that succeeds only from a given status (DynamoDB's
// ConditionExpression), so that of two functions at once one wins.

import { Amount } from 'aps-payops/server';

const PRICES = { lamp: Amount.parse('49.99', 'AED'), chair: Amount.parse('120.00', 'AED') };
const orders = new Map();

export async function createOrder(product) {
  if (!Object.hasOwn(PRICES, product)) return null;
  const id = crypto.randomUUID();
  const order = { id, product, amount: PRICES[product], email: 'layla@example.com', status: 'open' };
  orders.set(id, order);
  return order;
}

export const findOrder = async (id) => orders.get(id) ?? null;

export async function moveOrder(id, from, to) {
  const order = orders.get(id);
  if (order?.status !== from) return false;
  order.status = to;
  return true;
}
