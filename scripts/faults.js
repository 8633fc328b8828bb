// npm run faults: the journal under everything that goes wrong at once, on a real PostgreSQL or PGlite, against the sandbox
// over HTTP; in the end its outcomes are held against the gateway's books.
//   --operations N     about so many operations; 10,000 by default
//   --seed S           fixes what each order does and what strikes each operation; 1 by default
//   --workers N        processes; 4 by default, 1 with PGlite
//   --store NAME       postgres (the default) or pglite
//   --outside          money moves outside the journal as well: then only what is proven by identity must hold
//   --kill MS          how often a worker is killed; 2000 by default, 0: never

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { journaled, openStore } from 'aps-payops/journal';
import { createSandbox } from 'aps-payops/sandbox';
import { PaymentServices } from 'aps-payops/server';
import { startPostgres } from '../tests/postgres.js';
import { chancesOf } from './lib/chances.js';
import { compare, nameIn, receive, Workers } from './lib/faults.js';

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string' },
    store: { type: 'string', default: 'postgres' },
    outside: { type: 'boolean', default: false },
    kill: { type: 'string', default: '2000' },
  },
});

/** What an order does on average, with retries under new keys. */
const OPERATIONS_PER_ORDER = 5;
const TIMEOUT = 1000;
const MINUTE = 60_000;
/** Within it every late request has come. */
const ASSUME_ABSENT_AFTER = 20 * MINUTE;
const LATE = 1500;
/** Three in ten operations are struck, one way or another. */
const RATES = {
  ...{ dropRequest: { rate: 0.04 }, dropReply: 0.06, silent: 0.3, delay: { rate: 0.04 }, lag: { rate: 0.04, ms: 400 } },
  ...{
    technicalProblem: 0.04,
    uncertain: 0.04,
    tamper: 0.03,
    duplicateWebhook: 0.1,
    reorderWebhook: { rate: 0.1, ms: 300 },
  },
};

const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {number} seed */
function gateway(seed) {
  // Half of the dropped requests arrive late, and are carried out then.
  const late = chancesOf(`late ${seed}`);
  const sandbox = createSandbox({ logLimit: 0, faults: { seed, ...RATES } });
  const timer = setInterval(() => {
    sandbox.faults({ dropRequest: late() < 0.5 ? { rate: 0.04 } : { rate: 0.04, ms: LATE } });
  }, 100);
  return { sandbox, calm: () => clearInterval(timer) };
}

/**
 * What goes wrong beside the gateway: workers die, connections are cut, the database restarts.
 * @param {Workers} workers
 * @param {Awaited<ReturnType<typeof startPostgres>> | undefined} server
 * @param {import('aps-payops/journal').JournalStore | undefined} store
 */
function disturb(workers, server, store) {
  const chance = chancesOf(`disturb ${values.seed}`);
  const told = { cuts: 0, restarts: 0 };
  const timers = [];
  if (Number(values.kill) > 0)
    timers.push(setInterval(() => workers.kill(chance(), 2 * Number(values.kill)), Number(values.kill)));
  if (server && store) {
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'aps-payops' AND pid <> pg_backend_pid() AND state = 'active' AND CAST($1 AS text) IS NOT NULL LIMIT 1`;
    timers.push(
      setInterval(
        () =>
          store.rows(cut, []).then(
            (rows) => {
              told.cuts += rows.length;
            },
            () => {},
          ),
        500,
      ),
    );
    timers.push(
      setInterval(async () => {
        told.restarts += 1;
        await server.stop();
        await server.start();
      }, 15_000),
    );
  }
  timers.push(
    setInterval(() => {
      process.stderr.write(
        `  ${workers.played} orders, ${workers.killed} kills, ${told.cuts} cuts, ${told.restarts} restarts\n`,
      );
    }, 5000),
  );
  return { told, stop: () => timers.forEach(clearInterval) };
}

/**
 * Recovers until nothing is open: at once, then when what nobody saw may be assumed absent.
 * @param {import('aps-payops/journal').Journal} pay
 * @param {{ offset: number }} store
 */
async function recoverAll(pay, store) {
  let open = 0;
  for (let round = 0; round < 8; round += 1) {
    const told = await pay.recover({ olderThan: 0, lease: 0, prepared: 'release' });
    open = told.open;
    if (open === 0 && told.failed.length === 0) break;
    if (round > 0) store.offset = 25 * MINUTE;
  }
  return open;
}

/** @param {import('aps-payops/journal').JournalStore} store */
async function dumpOf(store) {
  let text = '';
  for (const table of ['payment', 'operation', 'entry', 'notification']) {
    text += JSON.stringify((await store.query(`SELECT * FROM aps_journal_${table}`, [])).rows, (_, value) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
  }
  return text;
}

/**
 * How many operations ended how, and by what evidence.
 * @param {readonly any[]} rows
 */
function countOutcomes(rows) {
  /** @type {Map<string, number>} */
  const outcomes = new Map();
  for (const { status, evidence } of rows) {
    const name = `  ${status}${evidence ? ` by ${evidence}` : ''}`;
    outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
  }
  return [...outcomes].sort();
}

async function main() {
  const seed = Number(values.seed);
  const isPglite = values.store === 'pglite';
  const start = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'aps-faults-'));
  const server = isPglite ? undefined : await startPostgres();
  const where = server?.url ?? join(folder, 'store');
  const during = server && (await openStore(where));
  const { sandbox, calm } = gateway(seed);
  await sandbox.listen(0);
  const { account } = sandbox;
  const setup = { account, where, seed, timeout: TIMEOUT, isOutside: values.outside };
  const count = Math.max(1, Math.round(Number(values.operations) / OPERATIONS_PER_ORDER));
  const workers = new Workers(setup, count);
  /** @type {Set<string>} */
  const seen = new Set();
  const webhook = await receive(workers, (params) => {
    const name = nameIn(params);
    if (name) seen.add(name);
  });
  sandbox.webhook = { url: webhook.url, interval: 200, retries: 1000 };
  for (let number = 0; number < (isPglite ? 1 : Number(values.workers ?? 4)); number += 1) workers.start();
  const disturbance = disturb(workers, server, during);
  await workers.isDone;
  disturbance.stop();
  calm();
  await server?.start();
  sandbox.faults(Object.fromEntries(Object.keys(RATES).map((name) => [name, 0])));
  await sleep(LATE + TIMEOUT);
  await sandbox.delivered();
  await workers.end();

  const store = during ?? (await openStore(where));
  const pay = journaled(new PaymentServices(account, { timeout: 10_000 }), store, {
    assumeAbsentAfter: ASSUME_ABSENT_AFTER,
  });
  const open = await recoverAll(pay, store);
  const { rows } = await store.query(
    `SELECT p.merchant_reference, o.operation_key, o.command, CAST(o.amount AS text) AS amount, o.status, o.evidence, o.tag, o.reference
     FROM aps_journal_operation AS o JOIN aps_journal_payment AS p ON p.payment = o.payment`,
    [],
  );
  const books = sandbox.payments();
  const { found, details } = compare(/** @type {any} */ (rows), books, seen);
  const unreported = await chargedTwice(pay, books);
  const dump = await dumpOf(store);
  const secrets = [
    '4005550000000001',
    'card_security_code',
    account.sha_request_phrase,
    `${account.sha_response_phrase}`,
  ];
  const leaks = secrets.filter((secret) => dump.includes(secret)).length;
  await store.close();
  await server?.close();
  await sandbox.close();
  webhook.close();
  rmSync(folder, { recursive: true, force: true });

  const table = [
    ['operations', rows.length],
    ['orders', count],
    ['seconds', Math.round((performance.now() - start) / 1000)],
    ['workers killed', workers.killed],
    ['connections cut', disturbance.told.cuts],
    ['restarts of the database', disturbance.told.restarts],
    ...countOutcomes(rows),
    ['done twice', found.twice],
    ['customers charged twice, unreported', unreported],
    ['lost', found.lost],
    ['payments over their limits', found.overLimit],
    ['outcomes that differ from the books', found.wrong],
    ['sums that differ from the books', found.sums],
    ['outcomes proven by identity that differ', found.identity],
    ['open after recover', open],
    ['card data or phrases in the tables', leaks],
    ['errors of workers', workers.errors.length],
  ];
  for (const [name, value] of table) console.log(`${`${name}`.padEnd(42)}${`${value}`.padStart(8)}`);
  for (const text of [...details, ...workers.errors].slice(0, 20)) console.log(text);
  const { identity, ...rest } = found;
  const within = Object.values(rest).reduce((sum, one) => sum + one, 0) + unreported + open;
  const isFailed = identity + leaks + workers.errors.length + (values.outside ? 0 : within) > 0;
  process.exitCode = isFailed ? 1 : 0;
}

/**
 * Orders of which two attempts hold money, and that `uncertain` does not list.
 * @param {import('aps-payops/journal').Journal} pay
 * @param {import('./lib/faults.js').Books[]} books
 */
async function chargedTwice(pay, books) {
  const listed = new Set();
  for await (const { kind, references = [] } of pay.uncertain()) {
    if (kind === 'paid_twice') listed.add([...references].sort().join());
  }
  /** @type {Map<string, string[]>} */
  const holders = new Map();
  for (const { merchant_reference, authorized, captured, refunded, voided } of /** @type {any[]} */ (books)) {
    const held = voided ? 0 : Math.max(Number(authorized), Number(captured)) - Number(refunded);
    const order = merchant_reference.replace(/-b$/, '');
    if (held > 0) holders.set(order, [...(holders.get(order) ?? []), merchant_reference]);
  }
  return [...holders.values()].filter((own) => own.length > 1 && !listed.has(own.sort().join())).length;
}

await main();
