// Printing requests, replies, errors, logs and explanations shows no card data.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { createSandbox } from 'aps-payops/sandbox';
import { buildRequest, explainSignature, openNotification, sign } from 'aps-payops/server';
import { cards, securityCodes } from '../../secrets.js';
import { account, base, capture, options, signed } from './signed-capture.js';

test('card data is not printed, at any depth and under any name', async () => {
  const [number] = cards;
  const [code] = securityCodes;
  const secret = { card_number: number, card_security_code: code };
  const request = buildRequest(
    'PURCHASE',
    { ...capture, customer_email: 'a@example.com', ...secret, expiry_date: '3005', card_holder_name: 'A B' },
    account,
  );
  assert.equal(request.params.card_number, number);
  const reply = openNotification(signed({ ...base, extra: { deep: [secret] } }), account);
  const sandbox = createSandbox();
  const body = JSON.stringify({ command: 'PURCHASE', nested: secret, card: number.replace(/(\d{4})/g, '$1 ') });
  await sandbox.fetch(sandbox.account.environment.paymentApi, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const card = { card_number: number, card_security_code: code };
  const newRequest = buildRequest('NEW_COMMAND', { card, cards: [card] }, account, { selector: 'command' });
  const issues = [];
  try {
    buildRequest('CAPTURE', { ...capture, [number]: 'x', [number.replace(/(\d{4})/g, '$1 ')]: 'x' }, account);
  } catch (error) {
    issues.push(error, error.issues);
  }
  assert.equal(issues.length, 2);
  for (const thing of [
    newRequest,
    newRequest.params,
    request,
    request.params,
    reply,
    reply.params,
    sandbox.log(),
    ...issues,
  ]) {
    for (const text of [inspect(thing, { depth: null }), JSON.stringify(thing), String(thing)]) {
      assert.ok(!text.replace(/[ -]/g, '').includes(number), text.slice(0, 300).replaceAll(number, '…'));
      assert.ok(!new RegExp(`security_code\\W+${code}`).test(text));
    }
  }
});

test('an explanation shows no card number and no holder, wherever they are', () => {
  const [number] = cards;
  const grouped = number.replace(/(\d{4})(?=\d)/g, '$1 ');
  const message = {
    fort_id: '169996200000019178',
    merchant_reference: '20301231235959001',
    card_holder_name: 'JOHN SMITH',
    order_description: `paid with ${grouped}, or ${number}`,
    [number]: 'x',
    nested: { list: [number.replace(/(\d{4})(?=\d)/g, '$1-')] },
    signature: '0'.repeat(64),
  };
  const { canonical, parameters } = explainSignature(message, options);
  const text = canonical + parameters;
  for (const hidden of [number, grouped, number.slice(4), grouped.slice(5), 'JOHN', 'SMITH']) {
    assert.ok(!text.includes(hidden), text.replaceAll(number, '…'));
  }
  assert.ok(canonical.includes('fort_id=169996200000019178'));
  assert.ok(canonical.includes('merchant_reference=20301231235959001'));
  assert.ok(canonical.includes('card_holder_name=**** *****'));
  const dropped = sign({ a: '1' }, options);
  const { hints } = explainSignature({ a: '1', [number]: 'x', signature: dropped }, options);
  assert.deepEqual(
    hints.map(({ mistake, parameter }) => [mistake, parameter]),
    [['extra_parameter', '*'.repeat(number.length)]],
  );
});

test('a card number in a list is not printed either', () => {
  const [number] = cards;
  const reply = openNotification(signed({ ...base, extra: { card_number: [number] } }), account);
  assert.equal(reply.params.extra.card_number[0], number);
  for (const thing of [reply, reply.params]) {
    for (const text of [inspect(thing, { depth: null }), JSON.stringify(thing)]) assert.ok(!text.includes(number));
  }
});
