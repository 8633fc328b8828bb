// A shop with a journal over the sandbox, for the tests of the journal.

import { journaled, openStore } from 'aps-payops/journal';
import { createSandbox } from 'aps-payops/sandbox';
import { Amount, PaymentServices } from 'aps-payops/server';

export const aed = (text) => Amount.parse(text, 'AED');

/** The parameters of a payment besides its reference and amount. */
export const card = {
  card_number: '4005550000000001',
  card_security_code: '123',
  expiry_date: '3005',
  customer_email: 'buyer@example.com',
  customer_ip: '192.0.2.1',
};

/** A fetch that counts what is sent, and hands each answer through `change`. */
export function counting(fetch, change = (answer) => answer()) {
  const sent = [];
  return {
    sent,
    /** The commands that move money, in the order in which they were sent. */
    moved: () => sent.map(({ command }) => command).filter(Boolean),
    fetch: async (url, init) => {
      const request = JSON.parse(init.body);
      sent.push(request);
      return change(() => fetch(url, init), request);
    },
  };
}

/** Opens a shop; `await shop.close()` in the end. */
export async function open({ where = ':memory:', sandbox = createSandbox(), change, store, options, client } = {}) {
  const wire = counting(sandbox.fetch, change);
  const aps = new PaymentServices(sandbox.account, { fetch: wire.fetch, timeout: 1000, retries: 0, ...client });
  const own = store ?? (await openStore(where));
  const pay = journaled(aps, own, options);
  const authorize = (merchant_reference, amount, more, settings) =>
    pay.authorize(
      { operation: `authorize ${merchant_reference}`, merchant_reference, amount, ...card, ...more },
      settings,
    );
  const capture = (operation, merchant_reference, amount, settings) =>
    pay.capture({ operation, merchant_reference, amount }, settings);
  const books = (merchant_reference) => sandbox.payments().find((one) => one.merchant_reference === merchant_reference);
  const close = async () => {
    if (!store) await own.close();
    await sandbox.close();
  };
  return { ...wire, sandbox, aps, store: own, pay, authorize, capture, books, close };
}

/** An answer that never comes. */
export const neverAnswer = () => {
  throw Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
  });
};

/** All that a list of async iterables gives. */
export async function all(items) {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}
