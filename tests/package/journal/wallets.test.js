// Which credentials a payment's operations are signed with, when the journal learns of its wallet from the caller alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTransaction, later, MINUTES, name, shopOf } from './interruptions.js';
import { aed, card } from './shop.js';

/** A payment with Apple Pay that the journal never saw. */
async function payByWallet(shop, merchant_reference) {
  const wallet = {
    ...{ digital_wallet: 'APPLE_PAY', apple_data: 'ZGF0YQ==', apple_signature: 'c2ln' },
    apple_header: { apple_transactionId: 't', apple_ephemeralPublicKey: 'k', apple_publicKeyHash: 'h' },
    apple_paymentMethod: { apple_displayName: 'Visa 1', apple_network: 'Visa', apple_type: 'debit' },
    ...{ customer_email: card.customer_email, customer_ip: card.customer_ip },
  };
  return shop.aps.authorize({ merchant_reference, amount: aed('100'), ...wallet });
}

test('what is prepared on a given payment is sent with the credentials of its wallet', async () => {
  const shop = await shopOf();
  const order = name();
  const { payment } = await payByWallet(shop, order);
  const capture = { operation: `ship ${order}`, merchant_reference: order, amount: aed('30') };
  await inTransaction((tx) => shop.pay.prepare('CAPTURE', capture, { ...tx, payment }));
  assert.equal((await shop.pay.carryOut(`ship ${order}`)).outcome, 'succeeded');
  assert.equal(shop.books(order).captured, '3000');
  await shop.close();
});

test('a lost answer about a given payment is recovered with the credentials of its wallet', async () => {
  const shop = await shopOf();
  const order = name();
  const { payment } = await payByWallet(shop, order);
  shop.loseAll('CAPTURE');
  const capture = { operation: `ship ${order}`, merchant_reference: order, amount: aed('30') };
  assert.equal((await shop.pay.capture(capture, { payment })).outcome, 'uncertain');
  shop.hear();
  const { settled } = await later(60 * MINUTES, () =>
    shop.pay.recover({ merchant_reference: order, olderThan: 0, lease: 0 }),
  );
  assert.deepEqual(settled, [{ operation: `ship ${order}`, outcome: 'succeeded', evidence: 'totals' }]);
  await shop.close();
});

test('a payment is found by its fort_id with the credentials that the caller chose', async () => {
  const shop = await shopOf();
  for (const how of [({ payment }) => ({ payment }), () => ({ credentials: 'applePay' })]) {
    const order = name();
    const reply = await payByWallet(shop, order);
    const capture = { operation: `ship ${order}`, fort_id: reply.params.fort_id, amount: aed('30') };
    assert.equal((await shop.pay.capture(capture, how(reply))).outcome, 'succeeded');
    assert.equal(shop.books(order).captured, '3000');
  }
  await shop.close();
});
