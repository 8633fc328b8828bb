// npm run bench:journal: what an operation costs in the journal, on PostgreSQL (fsync and synchronous_commit on) and on PGlite
// in a folder; for comparison, durable queues and workflows with an empty step. The gateway (gateway.js) answers at once,
// in this process, so the figures measure only checking, signing and recording.
//   --short        few operations: whether it works, no figures to rely on
//   --only PARTS   operations,share,size,rivals

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { journaled, openStore } from '../../pkg/cjs/journal.mjs';
import { Amount, PaymentServices } from '../../pkg/cjs/server.mjs';
import { nodes } from '../../scripts/lib/nodes.js';
import { startPostgres } from '../../tests/postgres.js';
import { openGateway } from './gateway.js';
import { rivals } from './rivals.js';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string', default: 'operations,share,size,rivals' },
  },
});
const IN_FLIGHT = [1, 4, 16];
const OPERATIONS = values.short ? 48 : 800;
/** Of which the median counts. */
const ROUNDS = values.short ? 3 : 5;
const SIZES = values.short ? [1000, 5000] : [1000, 10_000, 100_000];

const card = {
  ...{ card_number: '4005550000000001', card_security_code: '123', expiry_date: '3005' },
  ...{ customer_email: 'buyer@example.com', customer_ip: '192.0.2.1' },
};
/** @type {import('../../pkg/message/account.js').AccountConfig} */
const ACCOUNT = {
  ...{ environment: 'sandbox', merchant_identifier: 'bench', access_code: 'bench', digest: 'SHA-256' },
  ...{ sha_request_phrase: 'bench request', sha_response_phrase: 'bench response' },
};
const aed = (/** @type {number} */ minor) => Amount.fromMinor(`${minor}`, 'AED');

/** @typedef {import('../../pkg/journal/index.js').Journal} Journal */

/**
 * Does work `count` times, some of it at a time.
 * @param {number} count
 * @param {number} inFlight
 * @param {(index: number) => Promise<unknown>} work
 * @returns {Promise<{ perSecond: number, each: number }>} `each`: milliseconds of one operation
 */
async function measure(count, inFlight, work) {
  let next = 0;
  let spent = 0;
  const run = async () => {
    while (next < count) {
      next += 1;
      const start = performance.now();
      await work(next);
      spent += performance.now() - start;
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: inFlight }, run));
  return { perSecond: (count * 1000) / (performance.now() - start), each: spent / count };
}

/** @param {string} name @param {{ perSecond: number, each: number }} figures @param {string} [more] */
function line(name, { perSecond, each }, more = '') {
  const figures = `${perSecond.toFixed(0).padStart(7)}/s${each.toFixed(2).padStart(9)} ms`;
  console.log(`  ${name.padEnd(62)}${figures}  ${more}`.trimEnd());
}

let reference = 0;
/** @param {any} store */
function openShop(store) {
  const gateway = openGateway(ACCOUNT);
  let waited = 0;
  const fetch = async (/** @type {any} */ url, /** @type {any} */ init) => {
    const start = performance.now();
    const answer = await gateway(url, init);
    waited += performance.now() - start;
    return answer;
  };
  const aps = new PaymentServices(ACCOUNT, { fetch });
  const pay = journaled(aps, store);
  reference += 1;
  const prefix = `s${reference}`;
  const succeed = async (/** @type {Promise<{ outcome: string }>} */ reply) => {
    if ((await reply).outcome !== 'succeeded') throw new Error('An operation of the benchmark did not succeed.');
  };
  const purchase = (/** @type {number | string} */ index) =>
    succeed(
      pay.purchase({
        operation: `${prefix} buy ${index}`,
        merchant_reference: `${prefix}-${index}`,
        amount: aed(100),
        ...card,
      }),
    );
  const authorize = (/** @type {number | string} */ index) =>
    succeed(
      pay.authorize({
        operation: `${prefix} hold ${index}`,
        merchant_reference: `${prefix}-h${index}`,
        amount: aed(10_000_000),
        ...card,
      }),
    );
  let captures = 0;
  const capture = (/** @type {number | string} */ index) => {
    captures += 1;
    const params = {
      operation: `${prefix} ship ${captures}`,
      merchant_reference: `${prefix}-h${index}`,
      amount: aed(100),
    };
    return succeed(pay.capture(params, { wait: 600_000 }));
  };
  const lookUp = (/** @type {number | string} */ index) =>
    aps.checkStatus({ merchant_reference: `${prefix}-h${index}` });
  return { purchase, authorize, capture, lookUp, waited: () => waited };
}

/** @param {any} store @param {string} name @param {number} count */
async function measureStore(store, name, count) {
  const shop = openShop(store);
  await measure(20, 4, (index) => shop.purchase(`warm-${index}`));
  for (const inFlight of IN_FLIGHT) {
    const own = await measure(count, inFlight, (index) => shop.purchase(`${inFlight}-${index}`));
    line(`${name}, ${inFlight} in flight: many payments, no baseline (PURCHASE)`, own);
  }
  for (const inFlight of IN_FLIGHT) {
    await measure(count, 16, (index) => shop.authorize(`${inFlight}-${index}`));
    const own = await measure(count, inFlight, (index) => shop.capture(`${inFlight}-${index}`));
    line(`${name}, ${inFlight} in flight: many payments, baseline read (CAPTURE)`, own);
  }
  await shop.authorize('one');
  for (const inFlight of IN_FLIGHT) {
    line(
      `${name}, ${inFlight} in flight: one payment, baseline read (CAPTURE)`,
      await measure(count, inFlight, () => shop.capture('one')),
    );
    // Every capture needs its baseline. Without the lookup it would take so much less.
    line('  of it the lookup of the baseline', await measure(count, inFlight, () => shop.lookUp('one')));
  }
}

/** How much of an operation is neither the database's nor the gateway's. @param {any} store @param {string} name */
async function measureShare(store, name) {
  let waited = 0;
  let queries = 0;
  const timed = await openStore({
    query: async (text, own) => {
      const start = performance.now();
      try {
        return await store.query(text, own);
      } finally {
        waited += performance.now() - start;
        queries += 1;
      }
    },
  });
  const shop = openShop(timed);
  await measure(50, 1, (index) => shop.purchase(`warm-${index}`));
  const before = { waited, queries, gateway: shop.waited() };
  const { each } = await measure(OPERATIONS, 1, (index) => shop.purchase(`share-${index}`));
  const database = (waited - before.waited) / OPERATIONS;
  const gateway = (shop.waited() - before.gateway) / OPERATIONS;
  const ours = each - database - gateway;
  const parts = [
    [`${name}: the database, ${((queries - before.queries) / OPERATIONS).toFixed(1)} statements`, database],
    [`${name}: the gateway that answers at once`, gateway],
    [`${name}: ours`, ours],
  ];
  for (const [what, time] of /** @type {[string, number][]} */ (parts)) {
    console.log(
      `  ${what.padEnd(62)}${time.toFixed(2).padStart(9)} ms${((time / each) * 100).toFixed(0).padStart(5)} %`,
    );
  }
}

/** Copies of one payment, until there are enough. @param {any} store @param {number} size */
async function fill(store, size) {
  const { rows } = await store.query('SELECT CAST(count(*) AS text) AS n FROM aps_journal_payment', []);
  const missing = size - Number(rows[0].n);
  for (const [table, key] of Object.entries({ operation: 'operation_key', entry: 'payment', payment: 'payment' })) {
    const columns = await store.query(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'aps_journal_${table}'`,
      [],
    );
    const names = columns.rows.map((/** @type {{ name: string }} */ { name }) => name);
    const taken = names.map((/** @type {string} */ name) =>
      [key, 'payment', 'merchant_reference'].includes(name) ? `${name} || ' ' || n` : name,
    );
    await store.query(
      `INSERT INTO aps_journal_${table} (${names.join(', ')}) SELECT ${taken.join(', ')}
       FROM (SELECT * FROM aps_journal_${table} LIMIT 1) AS one, generate_series(1, ${missing}) AS n`,
      [],
    );
  }
  await store.query('ANALYZE', []);
}

/**
 * The same operations over journals of several sizes, in turns, since what else the machine does is none of theirs.
 * @param {string} name
 * @param {(size: number) => Promise<any>} openOne
 */
async function measureSizes(name, openOne) {
  /** @type {{ size: number, store: any, shop: ReturnType<typeof openShop>, perSecond: number[], each: number[] }[]} */
  const journals = [];
  for (const size of SIZES) {
    const store = await openOne(size);
    const shop = openShop(store);
    await shop.purchase('first');
    await fill(store, size);
    journals.push({ size, store, shop, perSecond: [], each: [] });
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { shop, perSecond, each } of journals) {
      const own = await measure(OPERATIONS / ROUNDS, 4, async (index) => {
        await shop.authorize(`${round}-${index}`);
        await shop.capture(`${round}-${index}`);
      });
      perSecond.push(own.perSecond);
      each.push(own.each);
    }
  }
  const median = (/** @type {number[]} */ figures) => figures.sort((one, two) => one - two)[ROUNDS >> 1] ?? 0;
  const [least = 1] = journals.map(({ each }) => median(each));
  for (const { size, store, perSecond, each } of journals) {
    const own = { perSecond: median(perSecond), each: median(each) };
    line(
      `${name}, ${size} payments, 4 in flight (AUTHORIZATION, CAPTURE)`,
      own,
      `${(own.each / least).toFixed(2)} times`,
    );
    await store.close();
  }
}

/** @param {string} part */
const isWanted = (part) => values.only.split(',').includes(part);

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'aps-bench-'));
  const server = await startPostgres({ fsync: true });
  try {
    console.log(
      `Node ${process.version}, ${server.version}, fsync and synchronous_commit on; ${OPERATIONS} operations each`,
    );
    const stores = {
      PostgreSQL: await openStore(server.url, { max: 20 }),
      PGlite: await openStore(join(folder, 'store')),
    };
    if (isWanted('operations')) {
      console.log('\n operations per second, and milliseconds of one');
      for (const [name, store] of Object.entries(stores)) await measureStore(store, name, OPERATIONS);
    }
    if (isWanted('share')) {
      console.log('\n a PURCHASE, one at a time: whose time it is');
      for (const [name, store] of Object.entries(stores)) await measureShare(store, name);
    }
    if (isWanted('size')) {
      console.log('\n with more payments in the journal');
      await measureSizes('PostgreSQL', async (size) => {
        await stores.PostgreSQL.query(`CREATE DATABASE aps_${size}`, []);
        return openStore(server.url.replace(/\/postgres$/, `/aps_${size}`));
      });
      await measureSizes('PGlite', (size) => openStore(join(folder, `${size}`)));
    }
    if (isWanted('rivals')) {
      console.log('\n beside it, on the same PostgreSQL: a step that does nothing, recorded before and after');
      const shop = openShop(stores.PostgreSQL);
      await rivals({ url: server.url, count: OPERATIONS, inFlight: IN_FLIGHT, measure, line, journal: shop.purchase });
    }
    for (const store of Object.values(stores)) await store.close();
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rivals need a later Node than we do. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 12)) {
  await main();
  process.exit();
} else {
  const later = (await nodes()).find(({ version }) => version.startsWith('v24'));
  if (later === undefined) throw new Error('npm run bench:journal needs Node 22.12 or later.');
  execFileSync(later.path, process.argv.slice(1), { stdio: 'inherit' });
}
