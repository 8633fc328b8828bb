// The cost of an operation does not grow with the number of payments, nor with that of the operations of one order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from '../../pkg/sandbox/index.js';
import { paying, post, reference, request } from './plain-merchant.js';

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Milliseconds of the processor that each hundred of `count` operations takes: others may use the machine, too. */
async function time(count, operate) {
  const times = [];
  for (let done = 0; done < count; done += 100) {
    const since = process.cpuUsage();
    for (let place = done; place < done + 100; place += 1) await operate(place);
    const { user, system } = process.cpuUsage(since);
    times.push((user + system) / 1000);
  }
  return times;
}

/** Whether the last tenth takes as long as an early one; thrice is noise. */
function assertFlat(times, what) {
  const tenth = Math.ceil(times.length / 10);
  const [early, late] = [median(times.slice(tenth, 2 * tenth)), median(times.slice(-tenth))];
  assert.ok(late < 3 * early + 5, `${what}: ${early.toFixed(1)} ms per 100 at first, ${late.toFixed(1)} in the end`);
}

// SANDBOX_FULL=1 runs as many as the journal's harness does.
const [PAYMENTS, OPERATIONS] = process.env.SANDBOX_FULL ? [10_000, 50_000] : [4000, 16_000];

test(`${PAYMENTS} payments and ${OPERATIONS} operations on them`, async (t) => {
  const sandbox = createSandbox();
  const { account } = sandbox;
  const ask = (params) => post(sandbox, request(account, params));
  const amounts = { amount: '1', currency: 'AED' };
  const started = performance.now();
  const paid = await time(PAYMENTS, async (place) => {
    const { response_code } = await ask(paying('AUTHORIZATION', `o-${place}`));
    assert.equal(response_code, '02000');
  });
  const operated = await time(OPERATIONS, async (place) => {
    const merchant_reference = `o-${place % PAYMENTS}`;
    const maintenance_reference = `r-${place}`;
    const kind = place % 3;
    const reply =
      kind === 0
        ? await ask({ command: 'CAPTURE', merchant_reference, ...amounts })
        : kind === 1
          ? await ask({ command: 'REFUND', merchant_reference, ...amounts, maintenance_reference })
          : await ask({ query_command: 'CHECK_STATUS', merchant_reference });
    assert.notEqual(reply.status, '00', reply.response_message);
  });
  assertFlat(paid, 'payments');
  assertFlat(operated, 'operations');
  assert.equal(sandbox.payments().length, PAYMENTS);
  assert.equal(sandbox.log().length, 10_000);
  t.diagnostic(`${((performance.now() - started) / (PAYMENTS + OPERATIONS)).toFixed(3)} ms each`);
});

test('6,000 captures, refunds and lookups of one order', async () => {
  const sandbox = createSandbox({ logLimit: 0 });
  const { account } = sandbox;
  const merchant_reference = reference();
  const ask = (params) => post(sandbox, request(account, { merchant_reference, ...params }));
  const amounts = { amount: '1', currency: 'AED' };
  await ask(paying('AUTHORIZATION', merchant_reference, { amount: '10000' }));
  const times = await time(6000, async (place) => {
    const maintenance_reference = `r-${place}`;
    const ask3 = [
      { command: 'CAPTURE', ...amounts },
      { command: 'REFUND', ...amounts, maintenance_reference },
      { query_command: 'CHECK_STATUS', maintenance_reference: `r-${place - 1}` },
    ];
    const reply = await ask(ask3[place % 3]);
    assert.equal(reply.response_code, ['04000', '06000', '12000'][place % 3]);
  });
  assertFlat(times, 'operations of one order');
  const [payment] = sandbox.payments();
  assert.deepEqual([payment.captured, payment.refunded], ['2000', '2000']);
});

test('4,000 notifications, of which some are refused at first', async () => {
  let notified = 0;
  const refused = new Set();
  const hook = async (_url, { body }) => {
    const { merchant_reference } = JSON.parse(body);
    if (merchant_reference.endsWith('00') && !refused.has(merchant_reference)) {
      refused.add(merchant_reference);
      return new Response(null, { status: 500 });
    }
    notified += 1;
    return new Response(null);
  };
  const webhook = { url: 'https://shop.example/hook', fetch: hook, interval: 1 };
  const sandbox = createSandbox({ webhook, logLimit: 0, faults: { duplicateWebhook: true } });
  for (let place = 0; place < 2000; place += 1)
    await post(sandbox, request(sandbox.account, paying('PURCHASE', `o-${place}`)));
  await sandbox.delivered();
  assert.equal(refused.size, 19, 'o-100 to o-1900');
  assert.equal(notified, 4000, 'each comes, in the end');
  await sandbox.close();
});
