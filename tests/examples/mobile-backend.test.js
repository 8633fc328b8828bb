// The back end of a mobile app: a token for its SDK, which pays, and the webhook.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { testCards } from 'aps-payops/sandbox';
import { PaymentServices } from 'aps-payops/server';
import { Stage } from './stage.js';

const stage = await Stage.open('mobile-backend');
stage.env.SESSIONS = JSON.stringify({ 'of-layla': 'layla@example.com', 'of-omar': 'omar@example.com' });
after(() => stage.close());

const layla = { authorization: 'Bearer of-layla' };
const payment = '/app/orders/order-17/payment';

test('the app of the customer gets a token, pays, and the webhook hears of it', async () => {
  await stage.start();
  const body = { device_id: 'ffffffff-a9fa-0b44-7b27-29e70033c587' };
  assert.equal((await stage.ask(payment, { method: 'POST', body })).status, 401);
  const omar = { authorization: 'Bearer of-omar' };
  assert.equal((await stage.ask(payment, { method: 'POST', body, headers: omar })).status, 404, "not Omar's order");

  const answer = await stage.ask(payment, { method: 'POST', body, headers: layla });
  assert.equal(answer.status, 200);
  const { sdk_token, command, ...order } = await answer.json();
  assert.match(sdk_token, /./);
  assert.deepEqual(
    { command, ...order },
    {
      command: 'PURCHASE',
      merchant_reference: 'order-17',
      amount: '4999',
      currency: 'AED',
      customer_email: 'layla@example.com',
    },
  );

  // What the SDK does, behind its token.
  const { number, expiry, securityCode } = testCards[0];
  const card = { card_number: number, expiry_date: expiry, card_security_code: securityCode };
  const aps = new PaymentServices(stage.sandbox.account, { fetch: stage.sandbox.fetch });
  assert.equal((await aps.purchase({ ...order, ...card })).outcome, 'succeeded');
  await stage.sandbox.delivered();
  const [mine, ...others] = await (await stage.ask('/app/orders', { headers: layla })).json();
  assert.deepEqual([mine.status, others.length], ['paid', 0]);
  assert.equal((await stage.ask(payment, { method: 'POST', body, headers: layla })).status, 404, 'paid already');
});
