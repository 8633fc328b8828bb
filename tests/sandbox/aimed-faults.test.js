// Faults that aim at one request, strike by the operation and not by the order of requests, and hide what was done.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from '../../pkg/sandbox/index.js';
import { merchant, paying, post, reference, request } from './plain-merchant.js';

const isCut = (error) => error.cause?.code === 'ECONNRESET';
const faultsOf = (sandbox) => sandbox.log().map(({ faults }) => faults);

test('next strikes the first request that fits, once', async () => {
  const sandbox = createSandbox();
  const shop = merchant(sandbox);
  sandbox.faults({ next: { command: 'CAPTURE', dropReply: true } });
  assert.equal(await shop.authorize('a'), '02000');
  await assert.rejects(shop.capture('a', 100), isCut);
  assert.deepEqual(sandbox.faults().next, [], 'spent');
  assert.equal(await shop.capture('a', 200), '04000');
  assert.equal(sandbox.payments()[0].captured, '300', 'the struck one was carried out');
  assert.deepEqual(faultsOf(sandbox), [[], ['dropReply'], []]);
});

test('several aimed faults are pending at once, each for its own request', async () => {
  const sandbox = createSandbox();
  const shop = merchant(sandbox);
  await shop.purchase('a');
  await shop.purchase('b');
  sandbox.faults({ next: { command: 'REFUND', merchant_reference: 'b', dropRequest: true } });
  sandbox.faults({
    next: [
      { command: 'REFUND', maintenance_reference: 'r-2', uncertain: true, carriedOut: false },
      { command: 'REFUND', maintenance_reference: 'r-3', technicalProblem: true, carriedOut: true },
    ],
  });
  assert.equal(await shop.refund('a', 1, { maintenance_reference: 'r-3' }), '07006');
  assert.equal(await shop.refund('a', 1, { maintenance_reference: 'r-2' }), '15777');
  await assert.rejects(shop.refund('b', 1), isCut);
  assert.deepEqual(
    sandbox.payments().map(({ refunded }) => refunded),
    ['1', '0'],
  );
  assert.deepEqual(faultsOf(sandbox).slice(2), [['technicalProblem'], ['uncertain'], ['dropRequest']]);
  sandbox.faults({ next: { dropReply: true } });
  sandbox.faults({ next: [] });
  assert.equal(await shop.refund('b', 1), '06000', 'taken back');
});

test('lookups are spared unless they are named', async () => {
  const sandbox = createSandbox({ faults: { dropReply: 1, tamper: 1 } });
  const shop = merchant(sandbox);
  await assert.rejects(shop.purchase('a'), isCut);
  assert.equal((await shop.status('a')).transaction_code, '14000');
  sandbox.faults({ dropReply: 0, tamper: 0, next: { dropReply: true } });
  assert.equal((await shop.status('a')).transaction_code, '14000', 'an aim without a command is not for lookups');
  sandbox.faults({ next: [] });
  sandbox.faults({ next: { command: 'CHECK_STATUS', dropReply: true } });
  await assert.rejects(shop.status('a'), isCut);
  sandbox.faults({ dropRequest: 1, commands: ['CHECK_STATUS', 'REFUND'] });
  await assert.rejects(shop.status('a'), isCut);
  assert.equal(await shop.purchase('b'), '14000');
  assert.equal(sandbox.faults({ commands: null }).commands, null);
});

test('a lost request may still arrive, after its client has looked in vain', async () => {
  const sandbox = createSandbox();
  const shop = merchant(sandbox);
  await shop.authorize('a');
  sandbox.faults({ next: { command: 'CAPTURE', dropRequest: { ms: 60_000 } } });
  await assert.rejects(shop.capture('a', 700), isCut);
  assert.equal((await shop.status('a')).captured_amount, '0');
  sandbox.advance({ seconds: 59 });
  assert.equal((await shop.status('a')).captured_amount, '0');
  sandbox.advance({ seconds: 2 });
  assert.equal((await shop.status('a')).captured_amount, '700');
  const captures = sandbox.log().filter(({ request: sent }) => sent.command === 'CAPTURE');
  assert.deepEqual(
    captures.map(({ status, faults, reply }) => [status, faults, reply?.response_code]),
    [
      [0, ['dropRequest'], undefined],
      [200, ['dropRequest'], '04000'],
    ],
  );
});

test('lag: lookups tell for a while what held before', async () => {
  const sandbox = createSandbox({ faults: { lag: { rate: 1, ms: 10_000 } } });
  const shop = merchant(sandbox);
  assert.equal(await shop.authorize('a'), '02000');
  assert.equal((await shop.status('a')).response_code, '12036', 'not even known');
  sandbox.advance({ seconds: 10 });
  assert.equal((await shop.status('a')).authorized_amount, '10000');
  await shop.capture('a', 4000);
  sandbox.advance({ seconds: 4 });
  await shop.refund('a', 1000, { maintenance_reference: 'r-1' });
  const statusAfter = async (more) => {
    const { response_code, transaction_code, captured_amount, refunded_amount } = await shop.status({
      merchant_reference: 'a',
      ...more,
    });
    return [response_code, transaction_code, captured_amount, refunded_amount];
  };
  assert.deepEqual(await statusAfter(), ['12000', '02000', '0', '0']);
  sandbox.advance({ seconds: 6 });
  assert.deepEqual(await statusAfter(), ['12000', '04000', '4000', '0']);
  assert.equal((await statusAfter({ maintenance_reference: 'r-1' }))[0], '12036');
  sandbox.advance({ seconds: 4 });
  assert.deepEqual(await statusAfter(), ['12000', '06000', '4000', '1000']);
  assert.deepEqual(await statusAfter({ maintenance_reference: 'r-1' }), ['12000', '06000', '4000', '1000']);
  assert.equal(sandbox.payments()[0].captured, '4000');
  assert.ok(faultsOf(sandbox).some((faults) => faults.includes('lag')));
  sandbox.faults({ lag: 0, next: { command: 'CAPTURE', lag: true } });
  await shop.capture('a', 1);
  assert.equal((await statusAfter())[2], '4000');
  sandbox.advance({ seconds: 5 });
  assert.equal((await statusAfter())[2], '4001', 'five seconds by default');
});

test('a challenge that lags still shows that it waits', async () => {
  const sandbox = createSandbox({ faults: { lag: { rate: 1, ms: 1000 } } });
  const sent = request(sandbox.account, paying('PURCHASE', 'a', { card_number: '4557012345678902' }));
  const path = new URL((await post(sandbox, sent))['3ds_url']).pathname;
  const origin = new URL(sandbox.account.environment.paymentPage).origin;
  await sandbox.fetch(origin + path, { method: 'POST', body: new URLSearchParams({ result: 'pass' }) });
  assert.equal((await merchant(sandbox).status('a')).transaction_code, '20064');
  sandbox.advance({ seconds: 1 });
  assert.equal((await merchant(sandbox).status('a')).transaction_code, '14000');
});

test('a seed determines the faults of an operation, whatever else is under way', async () => {
  const rates = { dropRequest: 0.2, dropReply: 0.2, uncertain: 0.2, technicalProblem: 0.2, lag: 0.2, seed: 7 };
  const names = Array.from({ length: 60 }, (_, count) => `o-${count}`);
  const run = async (order, faults) => {
    const sandbox = createSandbox({ faults });
    const ends = await Promise.all(
      order.map((name) =>
        merchant(sandbox)
          .purchase(name)
          .then(String, () => 'cut'),
      ),
    );
    const books = new Map(sandbox.payments().map((payment) => [payment.merchant_reference, payment.state]));
    return Object.fromEntries(order.map((name, place) => [name, `${ends[place]} ${books.get(name)}`]));
  };
  const first = await run(names, rates);
  assert.deepEqual(await run([...names].reverse(), rates), first);
  assert.deepEqual(await run(names.slice(30), rates), Object.fromEntries(Object.entries(first).slice(30)));
  assert.notDeepEqual(await run(names, { ...rates, seed: 8 }), first);
  assert.ok(new Set(Object.values(first)).size >= 5, 'every kind strikes some');
});

test('each sending of the same operation has its own chance', async () => {
  const sandbox = createSandbox({ faults: { dropRequest: 0.5 } });
  const order = reference();
  let sent = 1;
  while (
    (await merchant(sandbox)
      .purchase(order)
      .then(String, () => 'cut')) === 'cut'
  )
    sent += 1;
  assert.ok(sent < 20);
  assert.equal(sandbox.payments().length, 1);
});

test('aims that cannot be', () => {
  const sandbox = createSandbox();
  const before = sandbox.faults();
  for (const next of [
    { command: 'CAPTURES', dropReply: true },
    { command: 'CAPTURE' },
    { command: 'CAPTURE', silent: true },
    { command: 'CAPTURE', dropReplies: true },
    { command: 'CAPTURE', dropReply: 1 },
    { command: 'CAPTURE', delay: {} },
    { merchant_reference: 1, dropReply: true },
    'CAPTURE',
  ]) {
    assert.throws(() => sandbox.faults({ next }), /^ConfigurationError: .*faults\.next/);
  }
  assert.throws(() => sandbox.faults({ next: { delay: { ms: -1 } } }), /faults\.next\.delay\.ms must be a time/);
  assert.throws(() => sandbox.faults({ commands: ['CAPTURES'] }), /There is no command CAPTURES/);
  assert.throws(() => sandbox.faults({ lag: { rate: 2, ms: 5000 } }), /rate from 0 to 1, or \{ rate, ms \}/);
  assert.deepEqual(sandbox.faults(), before);
  assert.deepEqual(sandbox.faults({ lag: 5000 }).lag, { rate: 1, ms: 5000 }, 'no rate is above 1');
});

test('reset restores the initial faults', async () => {
  const sandbox = createSandbox({ faults: { next: { command: 'PURCHASE', dropReply: true } } });
  for (let round = 0; round < 2; round += 1) {
    await assert.rejects(merchant(sandbox).purchase('a'), isCut);
    assert.equal(await merchant(sandbox).purchase('b'), '14000');
    sandbox.faults({ dropReply: 1, commands: ['REFUND'] });
    sandbox.reset();
    assert.equal(sandbox.faults().dropReply, 0);
    assert.equal(sandbox.faults().commands, null);
  }
});
