// One signal for many operations, as in a server that aborts all of them when it shuts down.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { createSandbox } from 'aps-payops/sandbox';
import { Amount, PaymentServices } from 'aps-payops/server';
import { account, scriptedFetch } from './scripted-gateway.js';

const amount = Amount.parse('10', 'AED');
const listeners = (signal) => getEventListeners(signal, 'abort').length;

/** What Node warned of meanwhile: of more than ten listeners on one signal, for one. */
async function warningsOf(work) {
  const warnings = [];
  const onWarning = (warning) => warnings.push(warning);
  process.on('warning', onWarning);
  try {
    await work();
    // Warnings are emitted a turn later.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('warning', onWarning);
  }
  return warnings.map(({ name, message }) => `${name}: ${message}`);
}

test('many operations under one signal, and none of it stays on the signal', async () => {
  const sandbox = createSandbox({});
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  const { signal } = new AbortController();
  const warnings = await warningsOf(async () => {
    const orders = Array.from({ length: 40 }, (_, index) => `order-${index}`);
    const card = { card_number: '4005550000000001', expiry_date: '3012', card_security_code: '123' };
    const replies = await Promise.all(
      orders.map((merchant_reference) =>
        aps.purchase({ merchant_reference, amount, customer_email: 'a@example.com', ...card }, { signal }),
      ),
    );
    assert.deepEqual([...new Set(replies.map((reply) => reply.outcome))], ['succeeded']);
    const refunds = orders.map((merchant_reference) => aps.refund({ merchant_reference, amount }, { signal }));
    // And on one order, where they take turns.
    const turns = orders.map(() => aps.checkStatus({ merchant_reference: 'order-0' }, { signal }));
    await Promise.all([...refunds, ...turns]);
  });
  assert.deepEqual(warnings, []);
  assert.equal(listeners(signal), 0);
});

test('a signal ends all that it was given to', async () => {
  const { fetch } = scriptedFetch(() => new Promise(() => {}));
  const aps = new PaymentServices(account, { fetch });
  const controller = new AbortController();
  const { signal } = controller;
  const calls = Array.from({ length: 30 }, (_, index) =>
    aps.checkStatus({ merchant_reference: `${index}` }, { signal }),
  );
  setTimeout(() => controller.abort(), 20);
  const results = await Promise.allSettled(calls);
  assert.deepEqual([...new Set(results.map(({ reason }) => reason?.code))], ['aborted']);
  assert.equal(listeners(signal), 0);
});
