// A machine that sleeps between recording an intent and sending it: the monotonic clock stands still meanwhile.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import { journaled, migrate, openStore } from 'aps-payops/journal';
import { aed, open } from './shop.js';

test('an operation settled while the machine slept is not sent when it wakes', async (t) => {
  const database = new PGlite();
  const query = (/** @type {string} */ text, /** @type {any[]} */ values) => database.query(text, values);
  let isArmed = false;
  let hasSlept = false;
  let sleep = async () => {};
  await migrate({ query });
  const shop = await open({ store: await openStore({ query }) });
  const sleeper = journaled(
    shop.aps,
    await openStore({
      query: async (text, values) => {
        const answer = await query(text, values);
        if (isArmed && text.includes('json_to_recordset') && text.includes('RETURNING')) {
          isArmed = false;
          await sleep();
        }
        return answer;
      },
    }),
  );
  await shop.authorize('order-1', aed('500'));
  const real = { monotonic: performance.now.bind(performance), wall: Date.now };
  t.after(async () => {
    performance.now = real.monotonic;
    Date.now = real.wall;
    await shop.close();
    await database.close();
  });
  sleep = async () => {
    const stopped = real.monotonic();
    shop.store.offset = 3 * 86_400_000;
    await shop.pay.recover({ olderThan: 0, lease: 0 });
    await shop.pay.settle('first', 'failed', { by: 'layla', why: 'the machine was gone' });
    const again = await shop.capture('again', 'order-1', aed('100'));
    assert.equal(again.outcome, 'succeeded');
    hasSlept = true;
    // Three days later by the wall, and not a millisecond by the clock that sleeps.
    performance.now = () => stopped;
    Date.now = () => real.wall() + 3 * 86_400_000;
  };
  isArmed = true;
  const late = await sleeper.capture({ operation: 'first', merchant_reference: 'order-1', amount: aed('100') });
  assert.deepEqual([late.outcome, late.recorded, late.evidence], ['failed', true, 'person']);
  assert.ok(hasSlept);
  assert.equal(String(shop.books('order-1').captured), '10000');
});
