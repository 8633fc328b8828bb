// What the sandbox is set up with: null is none, and a name that is none is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'aps-payops/sandbox';
import { Amount, buildForm, PaymentServices } from 'aps-payops/server';
import { ask, merchant, paying } from './plain-merchant.js';

const url = 'https://shop.example/hook';

test('options that are null are not set', async () => {
  for (const none of [undefined, null]) {
    const sandbox = createSandbox(none);
    assert.equal(await merchant(sandbox).purchase('x'), '14000');
    const before = sandbox.faults();
    assert.deepEqual(sandbox.faults(none), before);
    assert.deepEqual(sandbox.faults({ dropReply: none, delay: none, seed: none }), before);
    sandbox.advance(none);
    sandbox.advance({ days: none });
    sandbox.webhook = url;
    sandbox.webhook = none;
    assert.equal(sandbox.webhook, undefined);
  }
  const names = ['account', 'clock', 'faults', 'webhook', 'windowDays', 'returnMethod', 'logLimit', 'allow'];
  const sandbox = createSandbox(Object.fromEntries(names.map((name) => [name, null])));
  assert.equal(await merchant(sandbox).purchase('x'), '14000');
  assert.equal(createSandbox({ webhook: { url, delay: null, retries: null } }).webhook.url, url);
});

test('invalid options are rejected by name', () => {
  const sandbox = createSandbox();
  /** @type {[() => unknown, RegExp][]} */
  const cases = [
    [
      () => createSandbox({ fault: {}, hook: url }),
      /^TypeError: createSandbox: .* fault, hook; the options are account, clock,/,
    ],
    [() => createSandbox({ webhook: { url, retry: 1 } }), /^TypeError: webhook: .* retry; the options are /],
    [() => createSandbox({ faults: { dropReplies: 1 } }), /^TypeError: faults: .* dropReplies; the options are /],
    [() => sandbox.faults({ delay: { rate: 1, mS: 5 } }), /^TypeError: faults: delay: .* mS; the options are /],
    [() => sandbox.advance({ day: 7 }), /^TypeError: advance: .* day; the options are /],
    [() => createSandbox('sandbox'), /^TypeError: createSandbox: options must be an object$/],
    [() => sandbox.advance(7), /^TypeError: advance: options must be an object$/],
  ];
  for (const [call, expected] of cases)
    assert.throws(call, (error) => expected.test(String(error)) || assert.fail(error));
});

test('an invalid fault changes none of the others', () => {
  const sandbox = createSandbox();
  const before = sandbox.faults();
  for (const wrong of [{ tamper: 2 }, { seed: 0.5 }, { delay: { rate: 1, ms: -1 } }, { delay: 2 }]) {
    assert.throws(() => sandbox.faults({ dropReply: 1, ...wrong }), RangeError);
    assert.deepEqual(sandbox.faults(), before);
  }
});

test('parameters that APS has added since can be rehearsed', async () => {
  const sandbox = createSandbox({ allow: ['new_parameter'] });
  const order = { amount: Amount.parse('10', 'AED'), customer_email: 'a@example.com', new_parameter: 'x' };
  const card = { card_number: '4005550000000001', expiry_date: '3005', card_security_code: '123' };
  const options = { allow: ['new_parameter'] };
  const aps = new PaymentServices(sandbox.account, { fetch: sandbox.fetch });
  const paid = await aps.purchase({ merchant_reference: 'one', ...order, ...card }, options);
  assert.deepEqual([paid.code, paid.params.new_parameter], ['14000', 'x']);
  const hosted = { merchant_reference: 'two', ...order, return_url: 'https://shop.example/back' };
  const { action, fields } = buildForm('PURCHASE', hosted, sandbox.account, options);
  const shown = await sandbox.fetch(action, { method: 'POST', body: new URLSearchParams(fields) });
  assert.match(shown.headers.get('location') ?? '', /FortAPI/);
  const { response_code, response_message } = await ask(sandbox, paying('PURCHASE', 'three', { newer: 'x' }));
  assert.deepEqual([response_code, response_message], ['00027', 'Invalid extra parameters: newer']);
  for (const allow of ['new_parameter', [1]]) assert.throws(() => createSandbox({ allow }), TypeError);
});
