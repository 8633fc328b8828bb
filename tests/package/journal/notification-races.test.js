// Notifications that arrive together, late, again, or at a process that dies: each is attributed once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { later, MINUTES, name, shopOf, store, who } from './interruptions.js';
import { aed } from './shop.js';

/** Two captures that a notification may be about. @returns {Promise<any>} the notification, which names neither */
async function captureTwice(shop, order) {
  await shop.authorize(order, aed('100'));
  for (const key of ['one', 'two']) await shop.capture(`${key} ${order}`, order, aed('30'));
  return shop.notice({
    command: 'CAPTURE',
    merchant_reference: order,
    amount: aed('30'),
    response_code: '04000',
  });
}

test('two messages about one operation at once credit it once', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.authorize(order, aed('100'));
  const told = await shop.captureUnheard(order);
  await later(10 * MINUTES, async () => {
    await shop.pay.settle(`ship ${order}`, 'failed', who);
    const meanwhile = () => shop.pay.notification(told({ customer_email: 'buyer@example.com' }));
    const { pay, wasInterrupted } = await shop.interrupted('o.tag = CAST', meanwhile);
    await pay.notification(told());
    assert.ok(wasInterrupted());
  });
  assert.equal((await shop.pay.history(order)).totals.captured, '1000');
  await shop.close();
});

test('one notification is attributed to one operation, however often it is delivered at once', async () => {
  const shop = await shopOf();
  const order = name();
  const told = await captureTwice(shop, order);
  const { pay, wasInterrupted } = await shop.interrupted('o.notified AND', () => shop.pay.notification(told));
  const outcomes = await Promise.all([
    pay.notification(told),
    shop.pay.notification(told),
    shop.pay.notification(told),
  ]);
  assert.ok(wasInterrupted());
  assert.ok(outcomes.some(({ handled }) => handled === 'now'));
  const { rows } = await store.query(
    `SELECT count(*) AS n FROM aps_operations WHERE merchant_reference = $1 AND notified`,
    [order],
  );
  assert.equal(Number(rows[0].n), 1);
  await shop.close();
});

test('a process that dies while it records a notification attributes it once', async () => {
  const shop = await shopOf();
  const order = name();
  const told = await captureTwice(shop, order);
  const handle = () => {
    throw new Error('gone');
  };
  for (let round = 0; round < 3; round += 1) await assert.rejects(shop.pay.notification(told, { handle }), /gone/);
  let about;
  await shop.pay.notification(told, {
    handle: (_, given) => {
      about = given.operation;
    },
  });
  const { notifications } = await shop.pay.history(order);
  assert.deepEqual([about, notifications.map(({ operation }) => operation)], [`one ${order}`, [`one ${order}`]]);
  const { rows } = await store.query(
    `SELECT operation_key FROM aps_operations WHERE merchant_reference = $1 AND notified`,
    [order],
  );
  assert.deepEqual(rows, [{ operation_key: `one ${order}` }]);
  await shop.close();
});

test('a notification settles what is open, although the process that had it first died', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.pay.expect({ operation: `buy ${order}`, merchant_reference: order, amount: aed('10') });
  const told = shop.notice({
    command: 'PURCHASE',
    merchant_reference: order,
    amount: aed('10'),
    response_code: '14000',
  });
  let die = () => {};
  const death = new Promise((resolve) => {
    die = resolve;
  });
  const { pay } = await shop.interrupted('INSERT INTO aps_journal_notification', () => {
    die();
    return new Promise(() => {});
  });
  pay.notification(told);
  await death;
  assert.equal((await shop.pay.notification(told)).handled, 'elsewhere');
  assert.equal((await shop.operation(order, `buy ${order}`)).status, 'succeeded');
  await later(10 * MINUTES, async () => assert.equal((await shop.pay.notification(told)).handled, 'now'));
  assert.deepEqual(await shop.uncertain(order), []);
  await shop.close();
});

test('a notification that came before its operation was announced is attributed when it comes again', async () => {
  const shop = await shopOf();
  const order = name();
  const told = shop.notice({
    command: 'PURCHASE',
    merchant_reference: order,
    amount: aed('10'),
    response_code: '14000',
  });
  assert.equal((await shop.pay.notification(told)).handled, 'now');
  assert.equal((await shop.uncertain(order))[0].kind, 'unattributed');
  await shop.pay.expect({ operation: `buy ${order}`, merchant_reference: order, amount: aed('10') });
  assert.equal((await shop.pay.notification(told)).handled, 'before');
  assert.equal((await shop.operation(order, `buy ${order}`)).status, 'succeeded');
  assert.deepEqual(await shop.uncertain(order), []);
  await shop.close();
});

test('a later message, that agrees or contradicts, does not replace the recorded reply', async () => {
  const shop = await shopOf();
  const [good, bad] = [name(), name()];
  const declined = { card_number: '4000000000000119' };
  for (const [order, more] of [
    [good, {}],
    [bad, declined],
  ]) {
    const first = await shop.buy(order, '10', undefined, more);
    for (const response_code of ['14000', '13666']) {
      const told = { command: 'PURCHASE', merchant_reference: order, amount: aed('10'), response_code };
      await shop.pay.notification(shop.notice(told));
    }
    const again = await shop.buy(order, '10', undefined, more);
    assert.deepEqual([again.recorded, again.outcome, again.code], [true, first.outcome, first.code]);
    assert.equal(again.params.fort_id, first.params.fort_id);
    assert.equal((await shop.uncertain(order))[0].kind, 'contradiction');
  }
  await shop.close();
});

test('a reply that comes after the notification that settled it is not what the caller gets', async () => {
  const shop = await shopOf();
  for (const card_number of ['4000000000000119', '4557012345678902']) {
    const order = name();
    shop.wire.change = async (answer, { command }) => {
      const reply = await answer();
      const told = { merchant_reference: order, amount: aed('10'), response_code: '14000' };
      if (command === 'PURCHASE') await shop.pay.notification(shop.notice({ command, ...told }));
      return reply;
    };
    const first = await shop.buy(order, '10', undefined, { card_number });
    const again = await shop.buy(order, '10', undefined, { card_number });
    for (const reply of [first, again]) {
      const { outcome, code, evidence, redirectTo } = reply;
      assert.deepEqual([outcome, code, evidence, redirectTo], ['succeeded', '14000', 'notification', undefined]);
    }
    assert.deepEqual([first.recorded, again.recorded], [undefined, true]);
  }
  await shop.close();
});

test('the reply that proved an outcome stays, though another message tells the same', async () => {
  const shop = await shopOf();
  const order = name();
  const key = `page ${order}`;
  await shop.pay.expect({ operation: key, merchant_reference: order, amount: aed('10') });
  const told = (more) =>
    shop.notice({ command: 'PURCHASE', merchant_reference: order, amount: aed('10'), response_code: '14000', ...more });
  await shop.pay.notification(told({ authorization_code: 'first' }));
  await shop.pay.notification(told({ authorization_code: 'second' }));
  const { evidence, reply } = await shop.operation(order, key);
  assert.deepEqual([evidence, reply.params.authorization_code], ['notification', 'first']);
  await shop.close();
});

test('a notification that is being handled is not listed as unexplained, until its lease is over', async () => {
  const shop = await shopOf();
  const order = name();
  const told = shop.notice({ command: 'REFUND', merchant_reference: order, amount: aed('10'), response_code: '06000' });
  let listed;
  await shop.pay.notification(told, {
    handle: async () => {
      listed = [await shop.uncertain(order), await later(10 * MINUTES, () => shop.uncertain(order))];
    },
  });
  assert.deepEqual(
    listed.map((own) => own.map(({ kind }) => kind)),
    [[], ['unattributed']],
  );
  assert.equal((await shop.uncertain(order)).length, 1);
  await shop.close();
});

test('a person dismisses a notification that belongs to no operation, and says why', async () => {
  const shop = await shopOf();
  const order = name();
  await shop.buy(order, '10');
  const told = (amount) =>
    shop.notice({ command: 'REFUND', merchant_reference: order, amount: aed(amount), response_code: '06000' });
  await shop.pay.notification(told('10'));
  const [{ kind, notification }] = await shop.uncertain(order);
  assert.equal(kind, 'unattributed');
  const wrong = shop.pay.dismiss('', { by: ' ' });
  await assert.rejects(wrong, ({ issues }) => `${issues.map(({ parameter }) => parameter)}` === 'by,why,notification');
  await assert.rejects(shop.pay.dismiss('other', who), { code: 'validation' });
  await shop.pay.dismiss(notification, who);
  // The first who dismissed it is kept.
  await shop.pay.dismiss(notification, { by: 'Badr', why: 'again' });
  assert.deepEqual(await shop.uncertain(order), []);
  const { notifications, operations, totals } = await shop.pay.history(order);
  const [{ id, dismissed }] = notifications;
  assert.deepEqual([id, dismissed.by, dismissed.why], [notification, who.by, who.why]);
  assert.ok(dismissed.at instanceof Date);
  assert.deepEqual([operations.length, totals.refunded], [1, '0']);
  // What belongs to an operation cannot be dismissed.
  const { fort_id } = shop.books(order);
  await shop.pay.notification(
    shop.notice({ command: 'PURCHASE', merchant_reference: order, amount: aed('10'), response_code: '14000', fort_id }),
  );
  const own = (await shop.pay.history(order)).notifications.find(({ operation }) => operation);
  await assert.rejects(shop.pay.dismiss(own.id, who), { code: 'validation' });
  await shop.close();
});

test('dismissed notifications of payments that the journal does not have are pruned', async () => {
  const shop = await shopOf();
  const [kept, gone] = [name(), name()];
  for (const order of [kept, gone]) {
    const about = { command: 'REFUND', merchant_reference: order, amount: aed('10'), response_code: '06000' };
    await shop.pay.notification(shop.notice(about));
  }
  await shop.pay.dismiss((await shop.uncertain(gone))[0].notification, who);
  await shop.pay.prune({ before: Date.now() + MINUTES });
  const { rows } = await store.query('SELECT payment FROM aps_journal_notification', []);
  const names = rows.map(({ payment }) => payment.split(' ')[2]);
  assert.deepEqual([names.includes(kept), names.includes(gone)], [true, false]);
  await shop.close();
});
