// A call into the wasm that does not come back, while money is under way: no error is thrown after the sending.

import './trapping-wasm.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Amount, Payment, PaymentServices, TransportError } from 'aps-payops/server';
import { account, answerTo, scriptedFetch, totals } from './scripted-gateway.js';
import { trapping } from './trapping-wasm.js';

const amount = Amount.parse('30', 'AED');
const capture = { merchant_reference: 'o-1', amount };
const client = (captured) => {
  const gateway = scriptedFetch((request) =>
    answerTo(request, request.query_command && totals(10000, captured, 0, captured ? '04' : '02')),
  );
  return { aps: new PaymentServices(account, { fetch: gateway.fetch, timeout: 100, retries: 2 }), ...gateway };
};
const payment = () => Payment.authorized(Amount.parse('100', 'AED'));

test('an answer that could not be opened is lost: it is asked for, and proven or uncertain', async () => {
  for (const [captured, outcome] of [
    [3000, 'succeeded'],
    [0, 'uncertain'],
  ]) {
    const { aps, commands } = client(captured);
    trapping.set('open', 1);
    const reply = await aps.capture(capture, { payment: payment() });
    assert.equal(trapping.size, 0, 'it trapped');
    assert.equal(reply.outcome, outcome);
    assert.equal(commands().filter((name) => name === 'CAPTURE').length, 1, 'sent once');
    assert.ok(commands().includes('CHECK_STATUS'));
    if (outcome === 'succeeded') continue;
    assert.ok(reply.cause instanceof TransportError);
    assert.deepEqual(
      [reply.cause.code, reply.cause.sent, reply.cause.cause.code],
      ['unreadable', 'unknown', 'internal'],
    );
  }
});

test('a lookup that could not be opened says nothing, and the next one does', async () => {
  const gateway = scriptedFetch((request) => {
    if (request.query_command) return answerTo(request, totals(10000, 3000, 0, '04'));
    trapping.set('open', 1);
    throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } });
  });
  const aps = new PaymentServices(account, { fetch: gateway.fetch, timeout: 100, retries: 0 });
  assert.equal((await aps.capture(capture, { payment: payment() })).outcome, 'succeeded');
  assert.equal(trapping.size, 0, 'it trapped');
  assert.deepEqual(gateway.commands(), ['CAPTURE', 'CHECK_STATUS', 'CHECK_STATUS']);
});

// A capture that a client keeps in memory decides twice: before it is sent, and after it is answered.
test('wherever a decision breaks off, it is asked for once more', async () => {
  for (let call = 1; call <= 2; call += 1) {
    const { aps, commands } = client(0);
    trapping.set('decide', call);
    const reply = await aps.capture(capture, { payment: payment() });
    assert.equal(trapping.size, 0, `call ${call} trapped`);
    assert.deepEqual([reply.outcome, String(reply.payment.captured)], ['succeeded', '30.00']);
    assert.deepEqual(commands(), ['CAPTURE']);
  }
});

test('a query whose answer could not be opened fails by a typed error', async () => {
  const { aps } = client(0);
  trapping.set('open', 1);
  await assert.rejects(aps.checkStatus({ merchant_reference: 'o-1' }), { name: 'ApsError', code: 'internal' });
});
