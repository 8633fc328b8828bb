import * as main from 'aps-payops';
import { openStore } from 'aps-payops/journal';
import { createSandbox } from 'aps-payops/sandbox';
import { Amount, PaymentServices, sign } from 'aps-payops/server';

const sandbox = createSandbox();
const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
const card = { card_number: '4005550000000001', expiry_date: '3005', card_security_code: '123' };
const order = { merchant_reference: 'one', amount: Amount.parse('49.99', 'AED'), customer_email: 'a@example.com' };
const { outcome } = await aps.purchase({ ...order, ...card });
const signature = sign({ a: 'b' }, { phrase: 'p', digest: 'SHA-256' });
console.log(JSON.stringify({ outcome, signature, same: main.Amount === Amount, openStore: typeof openStore }));
