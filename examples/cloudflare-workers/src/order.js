// An order is a durable object: one at a time, wherever the requests come from.

import { DurableObject } from 'cloudflare:workers';
import { Amount } from 'aps-payops/server';

const PRICES = { lamp: '49.99', chair: '120.00' };

export class Order extends DurableObject {
  async create(id, product) {
    if (!Object.hasOwn(PRICES, product)) return null;
    const amount = Amount.parse(PRICES[product], 'AED').toJSON();
    const order = { id, product, ...amount, email: 'layla@example.com', status: 'open' };
    await this.ctx.storage.put('order', order);
    return order;
  }

  async read() {
    return (await this.ctx.storage.get('order')) ?? null;
  }

  async move(from, to) {
    const order = await this.read();
    if (order?.status !== from) return false;
    await this.ctx.storage.put('order', { ...order, status: to });
    return true;
  }
}
