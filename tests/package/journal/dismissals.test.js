// Who dismissed a notification, when and why stays readable until it is pruned, in every store; and nothing is dismissed or
// pruned while its handler is running.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openStore } from 'aps-payops/journal';
import { testNotification } from 'aps-payops/server';
import { openMemory } from '../../memory.js';
import { startPostgres } from '../../postgres.js';
import { aed, all, card, open } from './shop.js';

const MINUTES = 60_000;
const who = { by: 'Amal', why: 'the back office has it under another order' };
const other = { by: 'Badr', why: 'again' };

/** Each opens a store, and says how it is closed. */
const stores = {
  'PGlite in memory': async () => ({ store: await openMemory(), close: async () => {} }),
  'PGlite in a folder': async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aps-payops-dismissals-'));
    const store = await openStore(join(folder, 'journal'));
    return {
      store,
      close: async () => {
        await store.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
  PostgreSQL: async () => {
    const server = await startPostgres();
    const store = await openStore(server.url);
    return {
      store,
      close: async () => {
        await store.close();
        await server.close();
      },
    };
  },
};

for (const [where, connect] of Object.entries(stores)) {
  test(`dismissed notifications, ${where}`, async (t) => {
    const { store, close } = await connect();
    const shop = await open({ store });
    t.after(async () => {
      await shop.close();
      await close();
    });
    const names = [0, 1, 2, 3].map((number) => `${where.replaceAll(' ', '-')}-${number}`);
    const tell = (merchant_reference, amount = '10') =>
      testNotification(
        { command: 'REFUND', merchant_reference, amount: aed(amount), response_code: '06000', fort_id: '1699962' },
        shop.sandbox.account,
      );
    const listed = async (reference) =>
      (await all(shop.pay.uncertain())).filter((one) => one.merchant_reference === reference);
    const notificationsOf = async (reference) => (await shop.pay.history(reference))?.notifications;
    const view = async (reference) =>
      (
        await store.query('SELECT * FROM aps_dismissed_notifications WHERE merchant_reference = CAST($1 AS text)', [
          reference,
        ])
      ).rows;

    await t.test('of a payment that the journal does not have', async () => {
      const [order] = names;
      assert.equal(await shop.pay.history(order), null);
      await shop.pay.notification(tell(order));
      const [{ notification }] = await listed(order);
      await shop.pay.dismiss(notification, who);
      await shop.pay.dismiss(notification, other);
      assert.deepEqual(await listed(order), []);
      const history = await shop.pay.history(order);
      const [{ id, command, outcome, handled, dismissed }] = history.notifications;
      assert.deepEqual([id, command, outcome, handled], [notification, 'REFUND', 'succeeded', true]);
      assert.deepEqual([dismissed.by, dismissed.why], [who.by, who.why]);
      assert.ok(dismissed.at instanceof Date);
      assert.deepEqual([history.operations, history.entries, history.order], [[], [], undefined]);
      assert.deepEqual(history.totals, { authorized: '0', captured: '0', refunded: '0', voided: false });
      const [row] = await view(order);
      assert.deepEqual([row.id, row.dismissed_by, row.dismissed_why], [notification, who.by, who.why]);
      assert.equal(row.merchant_identifier, shop.sandbox.account.merchant_identifier);
      assert.deepEqual(new Date(row.dismissed_at), dismissed.at);
      // It stays while anything happened to it since, and no longer.
      await shop.pay.prune({ before: dismissed.at });
      assert.equal((await notificationsOf(order)).length, 1);
      await shop.pay.prune({ before: Date.now() + MINUTES });
      assert.deepEqual([await shop.pay.history(order), await view(order)], [null, []]);
    });

    await t.test('not while it is being handled', async () => {
      const [, order] = names;
      await shop.pay.notification(tell(order), {
        handle: async () => {
          const [{ id, handled }] = await notificationsOf(order);
          assert.equal(handled, false);
          await assert.rejects(shop.pay.dismiss(id, who), { name: 'OperationError', code: 'busy', operation: id });
        },
      });
      const [{ id, handled, dismissed }] = await notificationsOf(order);
      assert.deepEqual([handled, dismissed], [true, undefined]);
      await shop.pay.dismiss(id, who);
      assert.deepEqual((await notificationsOf(order))[0].dismissed.by, who.by);
    });

    await t.test('one that is dismissed, and handled again, is not pruned meanwhile', async () => {
      const [, , order] = names;
      const fails = () => {
        throw new Error('the shop is down');
      };
      await assert.rejects(shop.pay.notification(tell(order), { handle: fails }), { message: 'the shop is down' });
      const [{ notification }] = await listed(order);
      await shop.pay.dismiss(notification, who);
      const { handled } = await shop.pay.notification(tell(order), {
        handle: () => shop.pay.prune({ before: Date.now() + MINUTES }),
      });
      assert.equal(handled, 'now');
      const [kept] = await notificationsOf(order);
      assert.deepEqual([kept.handled, kept.dismissed.by], [true, who.by]);
      assert.equal((await shop.pay.notification(tell(order))).handled, 'before');
    });

    await t.test('a payment is not pruned while a notification about it is handled', async () => {
      const [, , , order] = names;
      const params = { operation: `buy ${order}`, merchant_reference: order, amount: aed('10'), ...card };
      await shop.pay.purchase(params);
      const { handled } = await shop.pay.notification(tell(order), {
        handle: () => shop.pay.prune({ before: Date.now() + MINUTES }),
      });
      assert.equal(handled, 'now');
      assert.deepEqual(
        (await notificationsOf(order)).map((own) => own.handled),
        [true],
      );
      await shop.pay.dismiss((await listed(order))[0].notification, who);
      const [{ dismissed }] = await notificationsOf(order);
      await shop.pay.prune({ before: dismissed.at });
      assert.equal((await view(order)).length, 1);
      await shop.pay.prune({ before: Date.now() + MINUTES });
      assert.equal(await shop.pay.history(order), null);
    });
  });
}
