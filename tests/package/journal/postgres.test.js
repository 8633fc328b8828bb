// The journal on a real PostgreSQL: many instances at once, cut connections, a server that restarts, the caller's own
// transactions.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fromDrizzle, fromKysely, journaled, migrate, openStore } from 'aps-payops/journal';
import { createSandbox } from 'aps-payops/sandbox';
import { ConfigurationError, PaymentServices } from 'aps-payops/server';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { byEffort } from '../../effort.js';
import { startPostgres } from '../../postgres.js';
import { aed, card, counting, open } from './shop.js';

/** @type {Awaited<ReturnType<typeof startPostgres>>} */
let server;
/** @type {pg.Pool} */
let pool;
before(async () => {
  server = await startPostgres();
  pool = new pg.Pool({ connectionString: server.url });
  pool.on('error', () => {});
});
after(async () => {
  await pool?.end();
  await server?.close();
});

test('tables are made by any number of instances at once, and again', async () => {
  await assert.rejects(openStore(pool), (error) => {
    assert.ok(error instanceof ConfigurationError);
    return error.code === 'not_migrated';
  });
  const stores = await Promise.all(Array.from({ length: 8 }, () => openStore(server.url, { max: 1 })));
  assert.deepEqual(await migrate(pool), { from: 3, to: 3 });
  await Promise.all(stores.map((store) => store.close()));
  await openStore(pool);
  await pool.query('INSERT INTO aps_journal_version (version) VALUES (99)');
  await assert.rejects(openStore(pool), { code: 'newer_schema' });
  // A later release that added something which this one need not know.
  await pool.query('UPDATE aps_journal_version SET oldest = 1 WHERE version = 99');
  await openStore(pool);
  assert.deepEqual(await migrate(pool), { from: 99, to: 99 });
  await pool.query('UPDATE aps_journal_version SET oldest = 99 WHERE version = 99');
  await assert.rejects(migrate(pool), { code: 'newer_schema' });
  await pool.query('DELETE FROM aps_journal_version WHERE version = 99');
});

for (const inFlight of [1, 16, 64]) {
  test(`1,000 captures of 1.00 against 500.00, ${inFlight} in flight: exactly 500 succeed`, {
    timeout: 300_000,
  }, async () => {
    const sandbox = createSandbox();
    const store = await openStore(server.url);
    const shop = await open({ store, sandbox, client: { timeout: 30_000 } });
    const order = `many-${inFlight}`;
    await shop.authorize(order, aed('500'));
    let [next, succeeded, refused] = [0, 0, 0];
    const work = async () => {
      while (next < 1000) {
        next += 1;
        const reply = await shop.capture(`${order} ${next}`, order, aed('1'), { wait: 240_000 });
        if (reply.outcome === 'succeeded') succeeded += 1;
        else refused += 1;
      }
    };
    await Promise.all(Array.from({ length: inFlight }, work));
    assert.deepEqual([succeeded, refused, shop.books(order).captured], [500, 500, '50000']);
    const { totals } = await shop.pay.history(order);
    assert.equal(totals.captured, '50000');
    await shop.close();
    await store.close();
  });
}

for (const inFlight of byEffort({ quick: [16], usual: [16], all: [1, 16, 64] })) {
  test(`the same from four processes, ${inFlight} in flight in each`, { timeout: 300_000 }, async () => {
    const sandbox = createSandbox();
    await sandbox.listen(0);
    const store = await openStore(server.url);
    const shop = await open({ store, sandbox });
    const order = `processes-${inFlight}`;
    await shop.authorize(order, aed('500'));
    const setup = { where: server.url, account: sandbox.account, order, count: 250, inFlight };
    const script = fileURLToPath(new URL('capture-worker.js', import.meta.url));
    const results = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (name) => {
        const args = [...process.execArgv, script, JSON.stringify({ ...setup, name: `${order} ${name}` })];
        const { stdout } = await promisify(execFile)(process.execPath, args);
        return JSON.parse(stdout);
      }),
    );
    const sum = (name) => results.reduce((all, own) => all + own[name], 0);
    assert.deepEqual([sum('succeeded'), sum('refused'), shop.books(order).captured], [500, 500, '50000']);
    await shop.close();
    await store.close();
  });
}

test('a payment takes two statements, a capture two more, and a pooler without named statements works', async () => {
  const sandbox = createSandbox();
  const store = await openStore(server.url, { max: 1 });
  const { query } = store;
  /** @type {string[]} */
  const ran = [];
  const counted = await openStore({
    query: (text, values) => {
      ran.push(text.trimStart().split(/\s/, 1)[0]);
      return query(text, values);
    },
  });
  const shop = await open({ store: counted, sandbox });
  await shop.authorize('named-1', aed('10'));
  const named = 'SELECT count(*)::int AS count FROM pg_prepared_statements';
  assert.ok((await query(named, [])).rows[0].count >= 2);
  ran.length = 0;
  await shop.authorize('named-2', aed('10'));
  assert.deepEqual(ran, ['WITH', 'WITH']);
  ran.length = 0;
  await shop.capture('named ship', 'named-2', aed('1'));
  // Whose credentials sign, of the account's two sets; the state with the key.
  assert.deepEqual(ran, ['SELECT', 'SELECT', 'WITH', 'WITH']);
  ran.length = 0;
  // Nothing but its key says that it was there before.
  assert.equal((await shop.authorize('named-2', aed('10'))).recorded, true);
  assert.deepEqual(ran.slice(0, 2), ['WITH', 'SELECT']);
  assert.equal(shop.moved().filter((command) => command === 'AUTHORIZATION').length, 2);
  // What a pooler does that hands the connection to another.
  await query('DEALLOCATE ALL', []);
  await shop.authorize('named-3', aed('10'));
  assert.equal((await query(named, [])).rows[0].count, 0);
  assert.equal((await shop.capture('named capture', 'named-3', aed('1'))).outcome, 'succeeded');
  assert.equal(shop.books('named-3').captured, '100');
  await shop.close();
  await store.close();
});

test('connections that are cut, and a server that restarts, lose nothing and send nothing twice', async () => {
  const sandbox = createSandbox();
  const store = await openStore(server.url);
  const shop = await open({ store, sandbox, client: { timeout: 2000 } });
  const orders = Array.from({ length: 4 }, (_, index) => `cut-${index}`);
  for (const order of orders) await shop.authorize(order, aed('100'));
  let isDone = false;
  const cutting = (async () => {
    for (let round = 0; !isDone; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (round === 5) {
        await server.stop();
        await server.start();
      }
      const kill = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1';
      await pool.query(kill, ['aps-payops']).catch(() => {});
    }
  })();
  const captures = orders.flatMap((order) => Array.from({ length: 5 }, (_, index) => [order, `${order} ${index}`]));
  const replies = await Promise.all(
    captures.map(([order, key]) => shop.capture(key, order, aed('1'), { wait: 60_000 }).catch((error) => error)),
  );
  isDone = true;
  await cutting;
  // What could not be recorded is open, never lost: the same key finds out.
  for (const [index, [order, key]] of captures.entries()) {
    if (replies[index].outcome === 'succeeded') continue;
    const reply = await shop.capture(key, order, aed('1'), { wait: 60_000 });
    assert.equal(reply.outcome, 'succeeded', `${key}: ${replies[index]}`);
  }
  for (const order of orders) assert.equal(shop.books(order).captured, '500');
  await shop.close();
  await store.close();
});

test('two processes with one key: one sends it', async () => {
  const sandbox = createSandbox();
  const wire = counting(sandbox.fetch);
  const stores = await Promise.all([openStore(server.url), openStore(server.url)]);
  const [one, two] = stores.map((store) =>
    journaled(new PaymentServices(sandbox.account, { fetch: wire.fetch }), store),
  );
  const buy = (pay, reference) =>
    pay.purchase(
      { operation: `buy ${reference}`, merchant_reference: reference, amount: aed('10'), ...card },
      { wait: 10_000 },
    );
  for (const reference of ['race-1', 'race-2', 'race-3', 'race-4']) {
    const replies = await Promise.all([buy(one, reference), buy(two, reference)]);
    assert.deepEqual(
      replies.map(({ outcome }) => outcome),
      ['succeeded', 'succeeded'],
    );
    // The same key on two payments: one of them is refused.
    const other = (pay, own) =>
      pay.purchase({ operation: `two ${reference}`, merchant_reference: own, amount: aed('1'), ...card });
    const both = await Promise.allSettled([other(one, `${reference}-a`), other(two, `${reference}-b`)]);
    assert.deepEqual(both.map(({ status, reason }) => reason?.code ?? status).sort(), ['fulfilled', 'other_contents']);
  }
  assert.equal(wire.moved().length, 8);
  await Promise.all(stores.map((store) => store.close()));
  await sandbox.close();
});

test('an intent in the caller’s own transaction is sent only once that is committed', async () => {
  const store = await openStore(pool);
  const shop = await open({ store });
  const order = 'prepared-1';
  await shop.authorize(order, aed('100'));
  const client = await pool.connect();
  const query = client.query.bind(client);
  const capture = (operation, amount) => ({ operation, merchant_reference: order, amount });
  try {
    await client.query('BEGIN');
    await shop.pay.prepare('CAPTURE', capture('ship-1', aed('10')), { query });
    await assert.rejects(shop.pay.carryOut('ship-1'), { code: 'not_prepared' });
    await client.query('ROLLBACK');
    await assert.rejects(shop.pay.carryOut('ship-1'), { code: 'not_prepared' });

    await client.query('BEGIN');
    await client.query('CREATE TABLE IF NOT EXISTS shipments (id text)');
    await client.query("INSERT INTO shipments VALUES ('ship-1')");
    await shop.pay.prepare('CAPTURE', capture('ship-1', aed('10')), { query });
    // A key that is taken does not roll back the caller's own work.
    await assert.rejects(shop.pay.prepare('CAPTURE', capture(`authorize ${order}`, aed('10')), { query }), {
      code: 'other_contents',
    });
    await client.query('COMMIT');
  } finally {
    client.release();
  }
  assert.equal((await pool.query('SELECT count(*)::int AS n FROM shipments')).rows[0].n, 1);
  const replies = await Promise.all([1, 2].map(() => shop.pay.carryOut('ship-1', { wait: 5000 })));
  assert.deepEqual(
    replies.map(({ outcome }) => outcome),
    ['succeeded', 'succeeded'],
  );
  assert.equal((await shop.pay.carryOut('ship-1')).recorded, true);
  assert.equal(shop.books(order).captured, '1000');
  assert.deepEqual(shop.moved(), ['AUTHORIZATION', 'CAPTURE']);

  const paying = { operation: 'pay-1', merchant_reference: 'prepared-2', amount: aed('1'), ...card };
  await assert.rejects(shop.pay.prepare('PURCHASE', paying, { query: pool.query.bind(pool) }), (error) => {
    assert.deepEqual(error.issues.map(({ parameter }) => parameter).sort(), [
      'card_number',
      'card_security_code',
      'expiry_date',
    ]);
    return true;
  });
  await shop.close();
});

test('a key that a transaction cannot see is the caller’s to retry, and undoes nothing of the caller’s', async () => {
  const store = await openStore(pool);
  const shop = await open({ store });
  for (const order of ['snapshot-1', 'snapshot-2']) await shop.authorize(order, aed('100'));
  const client = await pool.connect();
  const prepare = (operation, merchant_reference, query) =>
    shop.pay.prepare('CAPTURE', { operation, merchant_reference, amount: aed('1') }, { query });
  const query = client.query.bind(client);
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await client.query('CREATE TABLE IF NOT EXISTS shipments (id text)');
  await client.query("INSERT INTO shipments VALUES ('snapshot')");
  await shop.capture('taken-1', 'snapshot-1', aed('1'));
  await assert.rejects(prepare('taken-1', 'snapshot-2', query), { code: '23505' });
  await assert.rejects(prepare('taken-2', 'snapshot-1', query), { code: '40001' });
  await prepare('free-1', 'snapshot-2', query);
  await client.query('COMMIT');
  client.release();
  const { rows } = await pool.query("SELECT count(*)::int AS n FROM shipments WHERE id = 'snapshot'");
  assert.equal(rows[0].n, 1);
  assert.equal((await shop.pay.carryOut('free-1')).outcome, 'succeeded');
  await shop.close();
});

test('transactions that hold all connections of a pool can still prepare', async () => {
  const small = new pg.Pool({ connectionString: server.url, max: 2 });
  await migrate(small);
  const store = await openStore(small);
  const shop = await open({ store });
  const orders = ['full-1', 'full-2'];
  for (const order of orders) await shop.authorize(order, aed('100'));
  const clients = await Promise.all(orders.map(() => small.connect()));
  await Promise.all(
    orders.map(async (order, index) => {
      const client = clients[index];
      const query = client.query.bind(client);
      await client.query('BEGIN');
      const capture = { operation: `ship ${order}`, merchant_reference: order, amount: aed('10') };
      await shop.pay.prepare('CAPTURE', capture, { query });
      const refund = { operation: `back ${order}`, merchant_reference: order, amount: aed('1') };
      const named = { ...refund, maintenance_reference: `own-${order}` };
      await assert.rejects(shop.pay.prepare('REFUND', named, { query }), { code: 'busy' });
      await client.query('COMMIT');
      client.release();
    }),
  );
  for (const order of orders) assert.equal((await shop.pay.carryOut(`ship ${order}`)).outcome, 'succeeded');
  await shop.close();
  await small.end();
});

test('operations prepared by a process that died are sent or released', async () => {
  const store = await openStore(pool);
  const shop = await open({ store });
  for (const [prepared, expected] of [
    ['leave', '0'],
    ['release', '0'],
    ['send', '1000'],
  ]) {
    const order = `orphan-${prepared}`;
    await shop.authorize(order, aed('100'));
    const client = await pool.connect();
    const own = { operation: `ship ${order}`, merchant_reference: order, amount: aed('10') };
    await client.query('BEGIN');
    await shop.pay.prepare('CAPTURE', own, { query: client.query.bind(client) });
    await client.query('COMMIT');
    client.release();
    await shop.pay.recover({ olderThan: 0, prepared });
    assert.equal(shop.books(order).captured, expected);
    const [row] = await store.list({ payment: '', key: own.operation });
    assert.equal(row?.status, { leave: 'prepared', release: undefined, send: 'succeeded' }[prepared]);
    if (prepared === 'leave') await shop.pay.carryOut(own.operation);
  }
  await shop.close();
});

test('many instances may recover at once: each operation is looked up by one', async () => {
  const sandbox = createSandbox();
  const neverAnswer = () => {
    throw Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) });
  };
  const lookups = [];
  const change = (answer, { command, merchant_reference }) => {
    if (command === 'CAPTURE') {
      isDark = true;
      return answer().then(neverAnswer);
    }
    if (isDark && !command) return neverAnswer();
    if (!command) lookups.push(merchant_reference);
    return answer();
  };
  let isDark = false;
  const stores = await Promise.all([openStore(server.url), openStore(server.url)]);
  const [one, two] = await Promise.all(
    stores.map((store) => open({ store, sandbox, change, client: { timeout: 200 } })),
  );
  const orders = ['lease-1', 'lease-2', 'lease-3'];
  for (const order of orders) {
    await one.authorize(order, aed('100'));
    const reply = await one.capture(`ship ${order}`, order, aed('10'));
    assert.equal(reply.outcome, 'uncertain');
    isDark = false;
  }
  lookups.length = 0;
  const results = await Promise.all([one.pay.recover({ olderThan: 0 }), two.pay.recover({ olderThan: 0 })]);
  for (const order of orders) {
    assert.ok(lookups.filter((own) => own === order).length <= 1, order);
    assert.equal(
      (await one.pay.history(order)).operations.find(({ command }) => command === 'CAPTURE').status,
      'succeeded',
    );
  }
  assert.ok(results.every(({ failed }) => failed.length === 0));
  await one.close();
  await Promise.all(stores.map((store) => store.close()));
});

test('the documented views', async () => {
  const { rows } = await pool.query(
    "SELECT * FROM aps_operations WHERE merchant_reference = 'prepared-1' ORDER BY created_at",
  );
  assert.deepEqual(
    rows.map(({ operation_key, command, amount, status, evidence }) => [
      operation_key,
      command,
      amount,
      status,
      evidence,
    ]),
    [
      ['authorize prepared-1', 'AUTHORIZATION', '10000', 'succeeded', 'reply'],
      ['ship-1', 'CAPTURE', '1000', 'succeeded', 'reply'],
    ],
  );
  const payments = await pool.query("SELECT * FROM aps_payments WHERE merchant_reference = 'prepared-1'");
  assert.ok(payments.rows[0].created_at instanceof Date && payments.rows[0].is_open === false);
  await pool.query('SELECT * FROM aps_notifications');
});

/** The application's own database layer, each over the same database, and how it runs a transaction. */
const layers = {
  kysely: () => {
    const db = new Kysely({ dialect: new PostgresDialect({ pool }) });
    return { own: fromKysely(db), transact: (work) => db.transaction().execute((tx) => work(fromKysely(tx))) };
  },
  drizzle: () => {
    const db = drizzle(pool);
    return { own: fromDrizzle(db, sql), transact: (work) => db.transaction((tx) => work(fromDrizzle(tx, sql))) };
  },
};

for (const [layer, connect] of Object.entries(layers)) {
  test(`a store in the database of ${layer}`, async () => {
    const { own, transact } = connect();
    await migrate(own);
    const shop = await open({ store: await openStore(own) });
    const other = await open({ store: await openStore(own), sandbox: shop.sandbox });
    const [one, two] = [`${layer}-1`, `${layer}-2`];
    assert.equal((await shop.authorize(one, aed('10'))).outcome, 'succeeded');
    assert.equal((await shop.authorize(two, aed('10'))).outcome, 'succeeded');
    // Its errors are understood: one key captures once, whoever has it.
    const captures = [shop, other, shop, other].map((from) =>
      from.capture(`${layer} ship`, one, aed('3'), { wait: 20_000 }),
    );
    assert.deepEqual(new Set((await Promise.all(captures)).map(({ outcome }) => outcome)), new Set(['succeeded']));
    const taken = shop.capture(`${layer} ship`, two, aed('3'));
    await assert.rejects(taken, { code: 'other_contents' });

    const part = { operation: `${layer} rest`, merchant_reference: one, amount: aed('2') };
    const undone = transact(async ({ query }) => {
      await shop.pay.prepare('CAPTURE', part, { query });
      throw new Error('undone');
    });
    await assert.rejects(undone, { message: 'undone' });
    await assert.rejects(shop.pay.carryOut(part.operation), { code: 'not_prepared' });
    await transact(({ query }) => shop.pay.prepare('CAPTURE', part, { query }));
    assert.equal((await shop.pay.carryOut(part.operation)).outcome, 'succeeded');
    assert.equal(shop.books(one).captured, '500');
    await other.close();
    await shop.close();
  });
}
