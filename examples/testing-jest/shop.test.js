const { createSandbox, testCards } = require('aps-payops/sandbox');
const { Amount, PaymentServices, testNotification } = require('aps-payops/server');
const { createShop } = require('./shop.js');

let sandbox;
let shop;
let orders;

beforeEach(async () => {
  sandbox = createSandbox();
  // Nothing leaves the process, so an answer that takes longer is lost.
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch, timeout: 500 });
  orders = new Map([['order-17', { total: '49.99', currency: 'AED', status: 'open' }]]);
  shop = createShop({ aps, account: sandbox.account, orders });
  const { number, expiry, securityCode } = testCards[0];
  await aps.authorize({
    merchant_reference: 'order-17',
    amount: Amount.parse('49.99', 'AED'),
    customer_email: 'a@example.com',
    card_number: number,
    expiry_date: expiry,
    card_security_code: securityCode,
  });
});

test('shipping captures the price', async () => {
  expect(await shop.ship('order-17')).toBe('shipped');
  expect(sandbox.payments()[0].captured).toBe('4999');
});

test('an answer that is lost is made good', async () => {
  sandbox.faults({ next: { command: 'CAPTURE', dropReply: true } });
  expect(await shop.ship('order-17')).toBe('shipped');
});

test('a request that is lost leaves it uncertain', async () => {
  sandbox.faults({ next: { command: 'CAPTURE', dropRequest: true } });
  expect(await shop.ship('order-17')).toBe('to check');
});

test('nothing is captured a week later', async () => {
  sandbox.advance({ days: 8 });
  expect(await shop.ship('order-17')).toBe('not captured');
});

test.each([
  ['4999', 200, 'authorized'],
  ['1', 400, 'open'],
])('a notification about %s is answered with %i', async (amount, status, then) => {
  const params = {
    command: 'AUTHORIZATION',
    merchant_reference: 'order-17',
    amount,
    currency: 'AED',
    response_code: '02000',
  };
  const body = testNotification(params, sandbox.account);
  const response = await shop.webhook(new Request('https://shop.example/webhook', { method: 'POST', body }));
  expect([response.status, orders.get('order-17').status]).toEqual([status, then]);
});
