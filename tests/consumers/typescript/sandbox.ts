// The sandbox without Node's types, and what a reply may not have, where a property left out is not one that is undefined.

import { createSandbox } from 'aps-payops/sandbox';
import { Amount, PaymentServices, sign } from 'aps-payops/server';

const sandbox = createSandbox();
const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
const amount = Amount.parse('49.99', 'EGP');
const order = { merchant_reference: 'order-17', amount, customer_email: 'a@example.com' };
const { payment } = await aps.authorize(order);
export const captured = await aps.capture({ merchant_reference: 'order-17', amount }, { payment });
export const paid = await aps.purchase({ ...order, wallet_amount: amount });
// @ts-expect-error: 20 would mean 0.20
aps.purchase({ ...order, wallet_amount: 20 });

const { access_code, sha_response_phrase, digest, applePay } = sandbox.account;
export const signed = [sha_response_phrase, applePay.sha_response_phrase].map((phrase) =>
  sign({ access_code }, { phrase, digest }),
);
const rotated = createSandbox({ account: { sha_request_phrase: ['new', 'old'], sha_response_phrase: 'one' } });
export const rotating = new PaymentServices(rotated.account, { fetch: rotated.fetch });
// @ts-expect-error: it may be several
sign({ access_code }, { phrase: rotated.account.sha_request_phrase, digest });
