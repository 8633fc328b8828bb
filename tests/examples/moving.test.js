// Hand-written signing and payfort-node beside aps-payops: the same account, orders and gateway.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { testCards } from 'aps-payops/sandbox';
import { Amount, PaymentServices, testNotification } from 'aps-payops/server';
import { run, Stage } from './stage.js';

const stage = await Stage.open('moving');
const { account } = stage.sandbox;
after(() => stage.close());

const BEFORE = JSON.stringify({
  paymentApi: account.environment.paymentApi,
  access_code: account.access_code,
  merchant_identifier: account.merchant_identifier,
  request_phrase: account.sha_request_phrase,
  response_phrase: account.sha_response_phrase,
});
Object.assign(process.env, stage.env, { APS_DIGEST: account.digest, BEFORE });

/** @type {Record<string, any>} */
const ways = {};
before(async () => {
  for (const name of ['by-hand', 'with-payfort-node', 'with-aps-payops']) {
    ways[name] = await import(pathToFileURL(join(stage.folder, `${name}.js`)).href);
  }
});

/** @param {string} id @param {Amount} amount */
async function authorize(id, amount) {
  const { number, expiry, securityCode } = testCards[0];
  const card = { card_number: number, expiry_date: expiry, card_security_code: securityCode };
  const aps = new PaymentServices(account, { fetch: stage.sandbox.fetch });
  await aps.authorize({ merchant_reference: id, amount, customer_email: 'a@example.com', ...card });
}

test('all three sign alike', () => {
  const printed = run(process.execPath, ['compare.js'], stage.folder, { ...stage.env, BEFORE });
  const signatures = new Set(printed.match(/\b[0-9a-f]{64}\b/g));
  assert.equal(signatures.size, 1, printed);
});

for (const name of ['by-hand', 'with-payfort-node', 'with-aps-payops']) {
  test(`${name}: captures, and hears of a payment`, async () => {
    await authorize(name, Amount.parse('49.99', 'AED'));
    assert.ok(await ways[name].capture({ id: name, total: '49.99', currency: 'AED' }));
    assert.equal(stage.payment(name)?.captured, '4999');

    const params = {
      command: 'PURCHASE',
      merchant_reference: name,
      amount: '4999',
      currency: 'AED',
      response_code: '14000',
    };
    const order = { id: name, total: '49.99', currency: 'AED' };
    assert.equal(ways[name].isPaid(testNotification(params, account), order), true);
  });
}

test('checks that only a later step makes', async () => {
  const { capture, isPaid } = ways['with-aps-payops'];
  const cheap = {
    command: 'PURCHASE',
    merchant_reference: 'cheap',
    amount: '1',
    currency: 'AED',
    response_code: '14000',
  };
  const notification = testNotification(cheap, account);
  const order = { id: 'order-17', total: '49.99', currency: 'AED' };
  assert.equal(ways['by-hand'].isPaid(notification, order), true, 'a payment of 0.01 for something else');
  assert.throws(() => isPaid(notification, order), { name: 'ReplyMismatchError' });

  await authorize('dinar', Amount.parse('1.750', 'KWD'));
  await ways['by-hand'].capture({ id: 'dinar', total: '1.750', currency: 'KWD' });
  assert.equal(stage.payment('dinar')?.captured, '175', 'a tenth of it');
  await capture({ id: 'dinar', total: '1.575', currency: 'KWD' });
  assert.equal(stage.payment('dinar')?.captured, '1750');
});
