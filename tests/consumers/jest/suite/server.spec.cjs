const { createSandbox } = require('aps-payops/sandbox');
const { Amount, PaymentServices, sign } = require('aps-payops/server');
const main = require('aps-payops');

test('a payment goes through the sandbox, and its money is compared', async () => {
  expect(main.Amount).toBe(Amount);
  const sandbox = createSandbox();
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  const order = { merchant_reference: 'one', amount: Amount.parse('100.00', 'AED'), customer_email: 'a@example.com' };
  const card = { card_number: '4005550000000001', expiry_date: '3005', card_security_code: '123' };
  const { outcome, payment } = await aps.authorize({ ...order, ...card });
  expect(outcome).toBe('succeeded');
  const part = { merchant_reference: 'one', amount: Amount.parse('30.00', 'AED') };
  const captured = await aps.capture(part, { payment });
  expect(captured.payment.captured).toEqual(part.amount);
  expect(captured.payment.captured).not.toEqual(order.amount);
});

test('it signs', () => {
  expect(sign({ a: 'b' }, { phrase: 'p', digest: 'SHA-256' })).toHaveLength(64);
});
