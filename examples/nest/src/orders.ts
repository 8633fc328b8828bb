import { Injectable } from '@nestjs/common';
import { Amount } from 'aps-payops/server';

export interface Order {
  id: string;
  product: string;
  amount: Amount;
  email: string;
  status: 'open' | 'paid' | 'refunding' | 'refunded';
}

const PRICES = new Map([
  ['lamp', Amount.parse('49.99', 'AED')],
  ['chair', Amount.parse('120.00', 'AED')],
]);

/** Stands for your database. */
@Injectable()
export class Orders {
  readonly #orders = new Map<string, Order>();

  create(product: string): Order | null {
    const amount = PRICES.get(product);
    if (!amount) return null;
    const order: Order = { id: crypto.randomUUID(), product, amount, email: 'layla@example.com', status: 'open' };
    this.#orders.set(order.id, order);
    return order;
  }

  find(id: string | undefined): Order | null {
    return this.#orders.get(id ?? '') ?? null;
  }
}
