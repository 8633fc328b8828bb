// An order may be named by its reference here and by its fort_id there: it is one order all the same, and what proves one
// operation on it proves no other.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'aps-payops/sandbox';
import { Amount, PaymentServices, TransportError } from 'aps-payops/server';

const dirhams = (/** @type {string} */ text) => Amount.parse(text, 'AED');
const card = { card_number: '4005550000000001', card_security_code: '123', expiry_date: '3005' };

/**
 * A client whose captures are lost in the given order, each before (`request`) or after (`reply`) the gateway.
 * @param {('request' | 'reply' | undefined)[]} losses
 */
async function shop(losses) {
  const sandbox = createSandbox();
  const lostError = () => Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } });
  /** @type {typeof fetch} */
  const send = async (url, init) => {
    const isCapture = JSON.parse(String(init?.body)).command === 'CAPTURE';
    const loss = isCapture ? losses.shift() : undefined;
    if (loss === 'request') throw lostError();
    const response = await sandbox.fetch(String(url), init);
    if (loss === 'reply') throw lostError();
    return response;
  };
  const aps = new PaymentServices(sandbox.account, { fetch: send, timeout: 200 });
  const order = { merchant_reference: 'order-1', customer_email: 'a@example.com', customer_ip: '10.0.0.1' };
  const { payment, params } = await aps.authorize({ ...order, ...card, amount: dirhams('100.00') });
  assert.ok(payment);
  const captured = () => sandbox.payments()[0]?.captured;
  return { aps, payment, byReference: { merchant_reference: 'order-1' }, byId: { fort_id: params.fort_id }, captured };
}

const amount = dirhams('30.00');

test('a capture by fort_id proves none by reference', async () => {
  const { aps, payment, byId, byReference, captured } = await shop([undefined, 'request']);
  assert.equal((await aps.capture({ ...byId, amount }, { payment })).outcome, 'succeeded');
  assert.equal((await aps.capture({ ...byReference, amount }, { payment })).outcome, 'uncertain');
  assert.equal(captured(), '3000');
});

for (const [way, losses] of /** @type {const} */ ([
  ['the first of them lost on its way', ['request', undefined]],
  ['the second of them lost on its way', [undefined, 'request']],
  ['both lost, one of them carried out', ['request', 'reply']],
])) {
  for (const how of ['payment', 'baseline']) {
    test(`two captures at once by two names, ${way}, with a ${how}: one is reported as succeeded`, async () => {
      const { aps, payment, byId, byReference, captured } = await shop([...losses]);
      const known = how === 'payment' ? { payment } : { baseline: true };
      const replies = await Promise.all([
        aps.capture({ ...byId, amount }, known),
        aps.capture({ ...byReference, amount }, known),
      ]);
      assert.equal(captured(), '3000');
      assert.deepEqual(replies.map(({ outcome }) => outcome).sort(), ['succeeded', 'uncertain']);
    });
  }
}

test('a lost answer after captures by both names is still found', async () => {
  const { aps, payment, byId, byReference, captured } = await shop([undefined, undefined, 'reply']);
  await Promise.all([
    aps.capture({ ...byId, amount }, { payment }),
    aps.capture({ ...byReference, amount }, { payment }),
  ]);
  assert.equal((await aps.capture({ ...byId, amount }, { payment })).outcome, 'succeeded');
  assert.equal(captured(), '9000');
});

for (const [what, status] of Object.entries({
  'an order that is not found': { response_code: '12036' },
  'a captured order without totals': { response_code: '12000', transaction_status: '04', transaction_code: '04000' },
  'a refunded order without totals': {
    response_code: '12000',
    ...{ transaction_status: '06', transaction_code: '06000', authorized_amount: '10000' },
  },
})) {
  test(`${what} is no baseline for a capture, and nothing is sent`, async () => {
    const { sign } = await import('aps-payops/server');
    const { account } = createSandbox();
    /** @type {string[]} */
    const sent = [];
    /** @type {typeof fetch} */
    const answer = async (_, init) => {
      const { signature: _own, ...request } = JSON.parse(String(init?.body));
      sent.push(request.command ?? request.query_command);
      const reply = { ...request, response_message: 'x', status: '12', ...status };
      const phrase = [account.sha_response_phrase].flat()[0] ?? '';
      return Response.json({ ...reply, signature: sign(reply, { phrase, digest: account.digest }) });
    };
    const aps = new PaymentServices(account, { fetch: answer, timeout: 150 });
    await assert.rejects(aps.capture({ merchant_reference: 'order-1', amount }, { baseline: true }), (error) => {
      assert.ok(error instanceof TransportError);
      assert.deepEqual([error.code, error.sent], ['no_baseline', 'no']);
      return true;
    });
    assert.deepEqual([...new Set(sent)], ['CHECK_STATUS']);
  });
}
