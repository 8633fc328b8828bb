// Faults in what customers do on pages, and in commands that are not payments.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from '../../pkg/sandbox/index.js';
import { action, BARE, CHALLENGED, openBrowser, RETURN, returned, VISA } from './plain-browser.js';
import { ask, authentic, handSign, merchant, paying, post, reference, request, waitUntil } from './plain-merchant.js';

const order = (merchant_reference, more) =>
  paying('PURCHASE', merchant_reference, { ...BARE, return_url: RETURN, ...more });
const tokenizing = (more) => ({
  service_command: 'TOKENIZATION',
  merchant_reference: reference(),
  return_url: RETURN,
  ...more,
});
const isCut = (error) => error.cause?.code === 'ECONNRESET';

test('the customer pays and never returns, or is cut off before', async () => {
  for (const [fault, states] of [
    ['dropReply', ['captured']],
    ['dropRequest', []],
  ]) {
    const sandbox = createSandbox();
    const customer = openBrowser(sandbox);
    const page = await customer.open(order('x'));
    sandbox.faults({ [fault]: 1 });
    await assert.rejects(customer.post(action(page), VISA), isCut);
    assert.deepEqual(
      sandbox.payments().map(({ state }) => state),
      states,
    );
    const entry = sandbox.log().at(-1);
    assert.deepEqual([entry.faults, entry.request.card_number], [[fault], '400555******0001']);
    sandbox.faults({ [fault]: 0 });
    assert.equal(returned(await customer.post(action(page), VISA)).response_code, '14000');
    assert.equal(sandbox.payments().length, 1);
  }
});

test('the same at the 3-D Secure challenge', async () => {
  for (const [fault, state] of [
    ['dropReply', 'captured'],
    ['dropRequest', 'pending'],
  ]) {
    const sandbox = createSandbox();
    const customer = openBrowser(sandbox);
    const challenge = await customer.post(action(await customer.open(order('x'))), CHALLENGED);
    sandbox.faults({ [fault]: 1 });
    await assert.rejects(customer.post(action(challenge), { result: 'pass' }), isCut);
    assert.equal(sandbox.payments()[0].state, state);
    assert.deepEqual(sandbox.log().at(-1).faults, [fault]);
  }
});

test('a form from a page arrives late', async () => {
  const sandbox = createSandbox();
  const customer = openBrowser(sandbox);
  const page = await customer.open(order('x'));
  sandbox.faults({ delay: { rate: 1, ms: 3_600_000 } });
  const paid = customer.post(action(page), VISA);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(sandbox.payments(), []);
  sandbox.advance({ hours: 1 });
  assert.equal(returned(await paid).response_code, '14000');
  assert.deepEqual(sandbox.log().at(-1).faults, ['delay']);
});

test('a card form is not affected by faults of the request', async () => {
  for (const fault of ['dropRequest', 'dropReply', 'delay']) {
    const sandbox = createSandbox({ faults: { [fault]: 1 } });
    const customer = openBrowser(sandbox);
    assert.equal(returned(await customer.open(tokenizing(), VISA)).response_code, '18000');
    assert.equal((await customer.open(order('x'))).status, 200);
  }
});

test('technical problem and uncertain on pages: some carried out, some not', async () => {
  for (const [fault, shown, missed] of [
    ['technicalProblem', '13006', '13006'],
    ['uncertain', '15777', '13666'],
  ]) {
    const sandbox = createSandbox({ faults: { [fault]: 1 } });
    const customer = openBrowser(sandbox);
    for (let count = 0; count < 20; count += 1) {
      const card = count % 2 === 0 ? VISA : CHALLENGED;
      let end = await customer.post(action(await customer.open(order(`o-${count}`))), card);
      if (end.location === null) end = await customer.post(action(end), { result: 'pass' });
      const result = returned(end);
      authentic(result, sandbox.account);
      assert.equal(result.response_code, shown);
    }
    sandbox.faults({ [fault]: 0 });
    const codes = new Set();
    for (const { merchant_reference, captured } of sandbox.payments()) {
      const { transaction_code } = await merchant(sandbox).status(merchant_reference);
      assert.equal(transaction_code, captured === '10000' ? '14000' : missed);
      codes.add(transaction_code);
    }
    assert.deepEqual([...codes].sort(), [missed, '14000'].sort());
  }
});

test('a failed challenge stays failed under every fault', async () => {
  const sandbox = createSandbox({ faults: { technicalProblem: 1, uncertain: 1 } });
  const customer = openBrowser(sandbox);
  const challenge = await customer.post(action(await customer.open(order('x'))), CHALLENGED);
  assert.equal(returned(await customer.post(action(challenge), { result: 'fail' })).response_code, '13030');
});

test('tamper: the message through the browser is changed, by GET and by POST', async () => {
  for (const returnMethod of ['GET', 'POST']) {
    const sandbox = createSandbox({ returnMethod, faults: { tamper: 1 } });
    const { sha_response_phrase } = sandbox.account;
    const customer = openBrowser(sandbox);
    const ends = [
      await customer.post(action(await customer.open(order('x'))), VISA),
      await customer.open(tokenizing(), VISA),
      await customer.post(action(await customer.post(action(await customer.open(order('y'))), CHALLENGED)), {
        result: 'pass',
      }),
    ];
    for (const end of ends) {
      const result = returned(end);
      assert.match(result.signature, /^[0-9a-f]{64}$/);
      assert.notEqual(result.signature, handSign(result, sha_response_phrase));
    }
    assert.equal(sandbox.log().filter(({ faults }) => faults.includes('tamper')).length, ends.length);
    sandbox.faults({ tamper: 0 });
    authentic(returned(await customer.open(tokenizing(), VISA)), sandbox.account);
  }
});

test('commands that are no payment have technical problems, some when they are done', async () => {
  const sandbox = createSandbox({ faults: { technicalProblem: 1 } });
  const customer = openBrowser(sandbox);
  const names = Array.from({ length: 20 }, (_, count) => `token-${count}`);
  for (const token_name of names) {
    const result = returned(await customer.open(tokenizing({ token_name }), VISA));
    authentic(result, sandbox.account);
    assert.deepEqual([result.response_code, result.response_message], ['17006', 'Technical problem']);
  }
  const query = { query_command: 'GET_TOKENS', merchant_reference: 'list' };
  assert.equal((await ask(sandbox, query)).response_code, '55006');
  assert.equal((await ask(sandbox, { service_command: 'SDK_TOKEN', device_id: 'd' })).response_code, '21006');
  sandbox.faults({ technicalProblem: 0 });
  const { tokens } = await post(sandbox, request(sandbox.account, query));
  assert.ok(tokens.length > 0 && tokens.length < names.length);
});

test('with a signal, what a page sends is carried out after the customer left', async () => {
  const sandbox = createSandbox();
  const page = await openBrowser(sandbox).open(order('x'));
  sandbox.faults({ delay: 1 });
  const { origin } = new URL(sandbox.account.environment.paymentPage);
  const signal = AbortSignal.timeout(30);
  const init = { method: 'POST', body: new URLSearchParams(VISA), signal };
  await assert.rejects(sandbox.fetch(origin + action(page), init), { name: 'TimeoutError' });
  await waitUntil(() => sandbox.payments().length === 1);
});
