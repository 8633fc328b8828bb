// A sandbox that begins with the books of an earlier one, as after a restart of the program.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox, testCards } from 'aps-payops/sandbox';
import { Amount, PaymentServices } from 'aps-payops/server';

const aed = (/** @type {string} */ text) => Amount.parse(text, 'AED');

test('the books of an earlier sandbox go on', async () => {
  const before = createSandbox();
  const first = new PaymentServices(before.account, { fetch: before.fetch });
  const [{ number, expiry, securityCode }] = testCards;
  const card = { card_number: number, expiry_date: expiry, card_security_code: securityCode };
  const merchant_reference = 'order-1';
  await first.authorize({ merchant_reference, amount: aed('100'), customer_email: 'a@example.com', ...card });
  await first.capture({ merchant_reference, amount: aed('60') });
  await first.refund({ merchant_reference, amount: aed('10'), maintenance_reference: 'refund-1' });
  const payments = JSON.parse(JSON.stringify(before.payments()));
  await before.close();

  const sandbox = createSandbox({ account: before.account, payments });
  assert.deepEqual(JSON.parse(JSON.stringify(sandbox.payments())), payments);
  // The refused refund is looked up for twice as long.
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch, timeout: 500 });
  const { payment } = await aps.checkStatus(
    { merchant_reference },
    { currency: 'AED', command: 'AUTHORIZATION', authorizedAt: Date.now() },
  );
  assert.deepEqual([`${payment?.captured}`, `${payment?.refunded}`], ['60.00', '10.00']);
  await aps.capture({ merchant_reference, amount: aed('40') });
  assert.equal(sandbox.payments()[0]?.captured, '10000');
  // A reference that was used is used still.
  const again = await aps.refund({ merchant_reference, amount: aed('10'), maintenance_reference: 'refund-1' });
  assert.notEqual(again.outcome, 'succeeded');
  await sandbox.close();
});

test('invalid books are rejected', () => {
  for (const payments of ['x', [1], [{}]]) {
    assert.throws(() => createSandbox({ payments: /** @type {any} */ (payments) }), /payments must be/);
  }
});
