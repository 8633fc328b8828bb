// Stands for your database.

import { Amount } from 'aps-payops/server';

const orders = [
  { id: 'order-17', customer: 'layla@example.com', amount: Amount.parse('49.99', 'AED'), status: 'open' },
  { id: 'order-18', customer: 'omar@example.com', amount: Amount.parse('12.500', 'KWD'), status: 'open' },
];

export const findOrder = (id) => orders.find((order) => order.id === id) ?? null;
export const ordersOf = (customer) => orders.filter((order) => order.customer === customer);
