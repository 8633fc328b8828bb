// Stands for your database: what was authorized at checkout, and what left the warehouse today.

import { readFile } from 'node:fs/promises';
import { Amount } from 'aps-payops/server';

export async function shippedToday() {
  const orders = JSON.parse(await readFile(process.env.SHIPPED ?? 'shipped.json', 'utf8'));
  return orders.map(({ id, amount, currency }) => ({ id, amount: Amount.parse(amount, currency) }));
}
