import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from '../../pkg/sandbox/index.js';
import { ask, merchant, paying, reference } from './plain-merchant.js';

const books = (sandbox, merchant_reference) =>
  sandbox.payments().find((payment) => payment.merchant_reference === merchant_reference);

test('authorize, capture in parts, refund in parts', async () => {
  const sandbox = createSandbox();
  const shop = merchant(sandbox);
  const order = reference();
  assert.equal(await shop.authorize(order), '02000');
  assert.equal(books(sandbox, order).state, 'authorized');
  assert.equal(await shop.capture(order, 3000), '04000');
  assert.equal(await shop.capture(order, 5000), '04000');
  assert.equal(books(sandbox, order).state, 'partially_captured');
  assert.equal(await shop.capture(order, 2001), '05042');
  assert.equal(await shop.refund(order, 8001), '07048');
  assert.equal(await shop.refund(order, 2000), '06000');
  assert.equal(books(sandbox, order).state, 'partially_refunded');
  assert.equal(await shop.capture(order, 2000), '04000', 'a refund does not give the authorization back');
  assert.equal(await shop.capture(order, 1), '05042');
  assert.equal(await shop.refund(order, 8000), '06000');
  assert.equal(await shop.refund(order, 1), '07048');
  const { authorized, captured, refunded, state, voided, operations } = books(sandbox, order);
  assert.deepEqual(
    { authorized, captured, refunded, state, voided },
    { authorized: '10000', captured: '10000', refunded: '10000', state: 'refunded', voided: false },
  );
  assert.deepEqual(
    operations.map(({ response_code }) => response_code),
    ['02000', '04000', '04000', '05042', '07048', '06000', '04000', '05042', '06000', '07048'],
  );
});

test('void', async () => {
  const sandbox = createSandbox();
  const shop = merchant(sandbox);
  const order = reference();
  await shop.authorize(order);
  assert.equal(await shop.refund(order, 1), '07034');
  assert.equal(await shop.void(order), '08000');
  assert.deepEqual([books(sandbox, order).state, books(sandbox, order).voided], ['voided', true]);
  assert.equal(await shop.void(order), '09047');
  assert.equal(await shop.capture(order, 1), '05047');
  assert.equal(await shop.refund(order, 1), '07034');
  assert.equal((await shop.status(order)).transaction_code, '08000', 'what was refused was not performed');
  const partly = reference();
  await shop.authorize(partly);
  await shop.capture(partly, 1);
  assert.equal(await shop.void(partly), '09047');
});

test('a purchase is captured at once', async () => {
  const sandbox = createSandbox();
  const shop = merchant(sandbox);
  const order = reference();
  assert.equal(await shop.purchase(order), '14000');
  assert.equal(books(sandbox, order).state, 'captured');
  assert.equal(await shop.capture(order, 1), '05034');
  assert.equal(await shop.void(order), '09034');
  assert.equal(await shop.refund(order, 10_000), '06000');
});

test('an authorization lapses after its window, not before', async () => {
  let now = Date.UTC(2026, 0, 1);
  for (const [options, days] of [
    [{}, 7],
    [{ windowDays: 3 }, 3],
  ]) {
    const sandbox = createSandbox({ clock: () => now, ...options });
    const shop = merchant(sandbox);
    const order = reference();
    await shop.authorize(order);
    sandbox.advance({ days: days - 1, hours: 23, minutes: 59, seconds: 59, ms: 999 });
    assert.equal(await shop.capture(order, 1000), '04000');
    const untouched = reference();
    sandbox.reset();
    await shop.authorize(untouched);
    now += days * 86_400_000;
    assert.equal(await shop.capture(untouched, 1000), '05034');
    assert.equal(await shop.void(untouched), '09034');
    assert.equal(books(sandbox, untouched).state, 'lapsed');
    assert.throws(() => sandbox.advance({ days: -1 }), /only goes forward/);
  }
});

test('a captured amount can be refunded after the lapse', async () => {
  const sandbox = createSandbox();
  const shop = merchant(sandbox);
  const order = reference();
  await shop.authorize(order);
  await shop.capture(order, 4000);
  sandbox.advance({ days: 30 });
  assert.equal(await shop.capture(order, 1), '05034');
  assert.equal(await shop.refund(order, 4000), '06000');
});

test('orders are found by reference, fort_id and maintenance_reference, which must agree', async () => {
  const sandbox = createSandbox();
  const shop = merchant(sandbox);
  const [one, two] = [reference(), reference()];
  const { fort_id } = await ask(sandbox, paying('AUTHORIZATION', one));
  await shop.purchase(two);
  assert.match(fort_id, /^[1-9][0-9]{17}$/);
  assert.equal(await shop.capture(undefined, 100, { fort_id }), '04000');
  assert.equal(await shop.capture(two, 100, { fort_id }), '05036');
  assert.equal(await shop.capture('nobody', 100), '05036');
  assert.equal(await shop.void('nobody'), '09036');
  assert.equal(await shop.refund('nobody', 100), '07036');
  assert.equal((await shop.status('nobody')).response_code, '12036');
  assert.equal((await shop.status({ fort_id })).merchant_reference, one);
  assert.equal(await shop.refund(two, 100, { maintenance_reference: 'r-1' }), '06000');
  const found = await shop.status({ maintenance_reference: 'r-1' });
  assert.deepEqual([found.merchant_reference, found.transaction_code, found.refunded_amount], [two, '06000', '100']);
  assert.equal((await shop.status({ maintenance_reference: 'r-2' })).response_code, '12036');
  assert.equal((await shop.status({ merchant_reference: one, maintenance_reference: 'r-1' })).response_code, '12036');
});

test('a refund is not done twice under one maintenance_reference, a declined one may be retried', async () => {
  const sandbox = createSandbox();
  const shop = merchant(sandbox);
  const [one, two] = [reference(), reference()];
  await shop.purchase(one);
  assert.equal(await shop.refund(one, 9000, { maintenance_reference: 'r' }), '06000');
  assert.equal(await shop.refund(one, 500, { maintenance_reference: 'r' }), '07047');
  assert.equal(books(sandbox, one).refunded, '9000');
  assert.equal(await shop.refund(one, 5000, { maintenance_reference: 's' }), '07048');
  assert.equal((await shop.status({ maintenance_reference: 's' })).transaction_code, '07048');
  assert.equal(await shop.refund(one, 1000, { maintenance_reference: 's' }), '06000');
  await shop.purchase(two, { card_number: '4000000000000663' });
  assert.equal(await shop.refund(two, 100, { maintenance_reference: 't' }), '07666');
  assert.equal((await shop.status(two)).transaction_code, '07666');
  assert.equal(await shop.refund(two, 100, { maintenance_reference: 't' }), '06000');
  assert.equal(await shop.refund(two, 100, { maintenance_reference: 't' }), '07047');
  assert.equal(books(sandbox, two).refunded, '100');
});

test('CHECK_STATUS returns the last operation and the totals', async () => {
  const sandbox = createSandbox();
  const shop = merchant(sandbox);
  const order = reference();
  await shop.authorize(order);
  await shop.capture(order, 6000);
  await shop.refund(order, 1000);
  const reply = await shop.status({ merchant_reference: order, return_third_party_response_codes: 'YES' });
  for (const [name, value] of Object.entries({
    query_command: 'CHECK_STATUS',
    response_code: '12000',
    status: '12',
    response_message: 'Success',
    transaction_status: '06',
    transaction_code: '06000',
    transaction_message: 'Success',
    authorized_amount: '10000',
    captured_amount: '6000',
    refunded_amount: '1000',
    acquirer_response_code: '00',
    processor_response_code: 'APPROVED',
  })) {
    assert.equal(reply[name], value, name);
  }
  assert.ok(!('amount' in reply) && !('currency' in reply));
});

test('the currency is that of the order', async () => {
  const sandbox = createSandbox();
  const shop = merchant(sandbox);
  const order = reference();
  await shop.purchase(order);
  assert.equal(await shop.refund(order, 100, { currency: 'USD' }), '07013');
  assert.equal(await shop.refund(order, 100, { currency: 'XXX' }), '00013');
});

test('random sequences keep the books straight', async () => {
  const sandbox = createSandbox();
  const shop = merchant(sandbox);
  let seed = 7;
  const random = (below) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 60; round += 1) {
    const order = reference();
    // The third opinion: totals alone, by the rules as APS writes them.
    const known = { authorized: 10_000, captured: 0, refunded: 0, voided: false, lapsed: false };
    await shop.authorize(order);
    for (let step = 0; step < 12; step += 1) {
      const amount = 1 + random(6000);
      const choice = random(16);
      if (choice < 6) {
        const fine = !known.voided && !known.lapsed && known.captured + amount <= 10_000;
        assert.equal((await shop.capture(order, amount)) === '04000', fine);
        if (fine) known.captured += amount;
      } else if (choice < 12) {
        const fine = known.refunded + amount <= known.captured;
        assert.equal((await shop.refund(order, amount)) === '06000', fine);
        if (fine) known.refunded += amount;
      } else if (choice < 14) {
        const fine = !known.voided && !known.lapsed && known.captured === 0;
        assert.equal((await shop.void(order)) === '08000', fine);
        if (fine) known.voided = true;
      } else if (choice === 14 && step > 8) {
        sandbox.advance({ days: 7 });
        known.lapsed = true;
      } else {
        const status = await shop.status(order);
        assert.equal(status.captured_amount, String(known.captured));
        assert.equal(status.refunded_amount, String(known.refunded));
      }
    }
    const { captured, refunded, voided } = books(sandbox, order);
    assert.deepEqual([captured, refunded, voided], [String(known.captured), String(known.refunded), known.voided]);
  }
});
