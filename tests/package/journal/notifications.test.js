// Notifications in the journal: verified, stored once, applied in any order, handled at least once.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createSandbox } from 'aps-payops/sandbox';
import { createNotificationHandler, SignatureError, testNotification } from 'aps-payops/server';
import { openMemory } from '../../memory.js';
import { aed, all, card, neverAnswer, open } from './shop.js';

const store = await openMemory();
after(() => store.close());
let count = 0;
const name = () => {
  count += 1;
  return `paid-${count}`;
};

const paid = (shop, merchant_reference, more) =>
  testNotification(
    {
      ...{ command: 'PURCHASE', merchant_reference, fort_id: '169996200000123456', amount: aed('10') },
      ...{ response_code: '14000', response_message: 'Success', ...more },
    },
    shop.sandbox.account,
  );

test('a payment on a hosted page is announced, and settled by its notification, once', async () => {
  const shop = await open({ store });
  const merchant_reference = name();
  const expected = { operation: `buy ${merchant_reference}`, merchant_reference, amount: aed('10') };
  assert.equal((await shop.pay.expect(expected)).outcome, 'action_required');
  assert.equal((await shop.pay.expect(expected)).outcome, 'action_required', 'again');
  await assert.rejects(shop.pay.expect({ ...expected, amount: aed('11') }), { code: 'other_contents' });
  const handled = [];
  const handle = ({ code }) => handled.push(code);
  const message = paid(shop, merchant_reference);
  assert.equal((await shop.pay.notification(message, { handle })).handled, 'now');
  const again = await shop.pay.notification(message, { handle });
  assert.deepEqual([again.handled, again.reply.code, handled], ['before', '14000', ['14000']]);
  // A late message about an earlier state takes nothing back.
  await shop.pay.notification(paid(shop, merchant_reference, { response_code: '19000' }), { handle });
  const { operations, notifications, totals } = await shop.pay.history(merchant_reference);
  assert.deepEqual(
    [operations[0].status, operations[0].evidence, totals.captured],
    ['succeeded', 'notification', '1000'],
  );
  assert.deepEqual(
    notifications.map(({ operation, handled }) => [operation, handled]),
    [
      [expected.operation, true],
      [expected.operation, true],
    ],
  );
  assert.deepEqual(shop.sent, []);
  await shop.close();
});

test('a handler that fails is called again; one at work is waited for', async () => {
  const shop = await open({ store });
  const merchant_reference = name();
  await shop.pay.expect({ operation: `buy ${merchant_reference}`, merchant_reference, amount: aed('10') });
  const message = paid(shop, merchant_reference);
  const failing = () => {
    throw new Error('shop is down');
  };
  await assert.rejects(shop.pay.notification(message, { handle: failing }), /shop is down/);
  let finish = () => {};
  const slow = shop.pay.notification(message, {
    handle: () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  });
  const handler = createNotificationHandler({
    account: shop.sandbox.account,
    journal: shop.pay,
    order: () => ({ merchant_reference, amount: aed('10') }),
    on: () => assert.fail('it is handled elsewhere, or was before'),
  });
  const post = () => handler(new Request('https://shop.example/aps', { method: 'POST', body: message }));
  while (
    (await store.query('SELECT 1 FROM aps_journal_notification WHERE claimed_until > 0 AND handled_at IS NULL', []))
      .rows.length === 0
  ) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.equal((await post()).status, 503);
  finish();
  assert.equal((await slow).handled, 'now');
  assert.equal((await post()).status, 200);
  await shop.close();
});

test('a lease that is over lets another delivery handle it', async () => {
  const shop = await open({ store });
  const merchant_reference = name();
  await shop.pay.expect({ operation: `buy ${merchant_reference}`, merchant_reference, amount: aed('10') });
  const message = paid(shop, merchant_reference);
  // The process that took it is gone.
  shop.pay.notification(message, { handle: () => new Promise(() => {}) });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await shop.pay.notification(message)).handled, 'elsewhere');
  store.offset = 400_000;
  const { handled } = await shop.pay.notification(message);
  store.offset = 0;
  assert.equal(handled, 'now');
  await shop.close();
});

test('a capture whose answer was lost is settled by the tag that its notification echoes', async () => {
  const events = [];
  const sandbox = createSandbox({
    webhook: {
      url: 'https://shop.example/aps',
      fetch: async (_, init) => {
        events.push(init.body);
        return new Response('ok');
      },
    },
  });
  let isDark = false;
  const change = (answer, { command }) => {
    if (command === 'CAPTURE') {
      isDark = true;
      return answer().then(neverAnswer);
    }
    return isDark ? neverAnswer() : answer();
  };
  const shop = await open({ store, sandbox, change, client: { timeout: 200 } });
  const order = name();
  await shop.authorize(order, aed('100'));
  const reply = await shop.capture(`ship ${order}`, order, aed('30'));
  assert.equal(reply.outcome, 'uncertain');
  await sandbox.delivered();
  for (const message of events) await shop.pay.notification(message);
  const settled = await shop.capture(`ship ${order}`, order, aed('30'));
  assert.deepEqual([settled.outcome, settled.evidence], ['succeeded', 'notification']);
  await shop.close();
});

test('a notification without an operation is kept, and proves nothing', async () => {
  const shop = await open({ store });
  const merchant_reference = name();
  await shop.pay.purchase({ operation: `buy ${merchant_reference}`, merchant_reference, amount: aed('10'), ...card });
  await shop.pay.notification(
    paid(shop, merchant_reference, { command: 'REFUND', response_code: '06000', maintenance_reference: 'unknown' }),
  );
  const found = (await all(shop.pay.uncertain())).filter((one) => one.merchant_reference === merchant_reference);
  assert.deepEqual(
    found.map(({ kind, command }) => [kind, command]),
    [['unattributed', 'REFUND']],
  );
  assert.equal((await shop.pay.history(merchant_reference)).totals.refunded, '0');
  await shop.close();
});

test('two definite outcomes that differ are a contradiction, until a person settles them', async () => {
  const shop = await open({ store });
  const merchant_reference = name();
  const operation = `buy ${merchant_reference}`;
  await shop.pay.expect({ operation, merchant_reference, amount: aed('10') });
  await shop.pay.notification(paid(shop, merchant_reference, { response_code: '13666' }));
  await shop.pay.notification(paid(shop, merchant_reference));
  const [found] = (await all(shop.pay.uncertain())).filter((one) => one.merchant_reference === merchant_reference);
  assert.deepEqual([found.kind, found.status, found.operation], ['contradiction', 'failed', operation]);
  await shop.pay.settle(operation, 'succeeded', { by: 'Amal', why: 'the back office shows it' });
  assert.deepEqual(
    (await all(shop.pay.uncertain())).filter((one) => one.merchant_reference === merchant_reference),
    [],
  );
  await shop.close();
});

test('a message that is not genuine is rejected and not stored', async () => {
  const shop = await open({ store });
  const merchant_reference = name();
  const message = paid(shop, merchant_reference).replace('Success', 'success');
  await assert.rejects(shop.pay.notification(message), SignatureError);
  const { rows } = await store.query(
    `SELECT 1 FROM aps_journal_notification WHERE payment LIKE '% ${merchant_reference}'`,
    [],
  );
  assert.deepEqual(rows, []);
  await shop.close();
});
