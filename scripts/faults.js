// npm run faults: runs the journal with every fault at once, on a real PostgreSQL or PGlite, against the sandbox over HTTP;
// then compares its outcomes with the gateway's ledger.
//   --operations N     the approximate number of operations; 10,000 by default
//   --seed S           determines what each order does and the faults of each operation; 1 by default
//   --workers N        processes; 4 by default, 1 with PGlite
//   --store NAME       postgres or pglite; PostgreSQL by default, PGlite where it is not installed
//   --outside          also moves money outside the journal, and delays requests beyond the assumed limit: then what is
//                      proven by identity must hold, and every other difference must be reported
//   --kill MS          how often a worker is killed, besides those that die at a chosen step; 2000 by default, 0: never
//   --trace FILE       writes the trace of the run to FILE
//   --replay FILE      only replays a trace with the current engine

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { journaled, openStore } from '../pkg/journal.js';
import { PaymentServices } from '../pkg/server.js';
import { startPostgres } from '../tests/postgres.js';
import { chargedTwice, compare, nameIn, reportedOf } from './lib/faults/books.js';
import { chancesOf } from './lib/faults/chances.js';
import { openGateway } from './lib/faults/gateway.js';
import { dumpOf, leaksIn } from './lib/faults/leaks.js';
import { AHEAD, ASSUME_ABSENT_AFTER, LATEST, PATIENCE, REST, TIMEOUT, TOO_LATE } from './lib/faults/times.js';
import { digestOf, joinTraces, readTrace, record, replay } from './lib/faults/trace.js';
import { Workers } from './lib/faults/workers.js';

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string' },
    store: { type: 'string' },
    outside: { type: 'boolean', default: false },
    kill: { type: 'string', default: '2000' },
    trace: { type: 'string' },
    replay: { type: 'string' },
  },
});

/** Orders that a worker plays at a time; a single worker plays more. */
const MOST_AT_ONCE = 12;
const MOST_ALONE = 24;
const RESTARTS = 20_000;

const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
const printTable = (/** @type {[string, unknown][]} */ table) => {
  for (const [name, value] of table) console.log(`${name.padEnd(48)}${`${value}`.padStart(8)}`);
};

/** A numeric option. @param {'operations' | 'seed' | 'workers' | 'kill'} name @param {number} otherwise */
function numberOf(name, otherwise) {
  const value = Number(values[name] ?? otherwise);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} must be a whole number.`);
  return value;
}

/** @returns {Promise<Awaited<ReturnType<typeof startPostgres>> | undefined>} nothing for PGlite */
async function startServer() {
  if (values.store === 'pglite') return undefined;
  if (![undefined, 'postgres'].includes(values.store)) throw new Error('--store must be postgres or pglite.');
  try {
    return await startPostgres();
  } catch (error) {
    if (values.store === 'postgres') throw error;
    console.error(`  PGlite instead of PostgreSQL: ${/** @type {Error} */ (error).message}`);
    return undefined;
  }
}

/**
 * Faults outside the gateway: workers die, connections are cut, the database restarts. Meanwhile workers run `recover`.
 * @param {Workers} workers
 * @param {Awaited<ReturnType<typeof startPostgres>> | undefined} server
 * @param {import('../pkg/journal/store.js').SqlStore | undefined} store
 */
function disturb(workers, server, store) {
  const chance = chancesOf(`disturb ${values.seed}`);
  const counts = { cuts: 0, restarts: 0 };
  const kill = numberOf('kill', 2000);
  const start = performance.now();
  const timers = [setInterval(() => workers.recover(chance()), server ? 700 : 1500)];
  /** @type {Promise<unknown>} */
  let restart = Promise.resolve();
  // A single worker is killed only after it has worked for that long; otherwise it would spend its time starting.
  const [every, age] = workers.isAlone ? [kill / 8, kill] : [kill, 2 * kill];
  if (kill > 0) timers.push(setInterval(() => workers.kill(chance(), age), every));
  if (server && store && kill > 0) {
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'aps-payops'
      AND pid <> pg_backend_pid() AND state = 'active' AND CAST($1 AS text) IS NOT NULL LIMIT 1`;
    const count = (/** @type {unknown[]} */ { length }) => {
      counts.cuts += length;
    };
    const cutConnection = () => store.rows(cut, []).then(count, () => {});
    timers.push(setInterval(cutConnection, 500));
    const scheduleCut = () => {
      counts.restarts += 1;
      restart = restart.then(() => server.stop()).then(() => server.start());
    };
    timers.push(setInterval(scheduleCut, RESTARTS));
    // At least once, however short the run.
    setTimeout(scheduleCut, 3000);
  }
  const show = () => {
    const { played, operations, killed, died } = workers;
    const dead = `${killed} workers killed, ${died - killed} died at a step`;
    const seconds = Math.round((performance.now() - start) / 1000);
    process.stderr.write(
      `  ${seconds} s: ${operations} operations, ${played} orders, ${dead}, ${counts.restarts} restarts\n`,
    );
  };
  timers.push(setInterval(show, 5000));
  const stop = async () => {
    timers.forEach(clearInterval);
    await restart;
  };
  return { counts, stop };
}

/**
 * Recovers until nothing is open, or the rounds are used up.
 * @param {import('../pkg/journal.js').Journal} care
 */
async function recoverAll(care) {
  let open = 0;
  for (let round = 0; round < 12; round += 1) {
    const { open: left, failed } = await care.recover({ olderThan: 0, lease: 0, prepared: 'release' });
    open = left;
    if (open === 0 && failed.length === 0) break;
    await sleep(500);
  }
  return open;
}

/**
 * Plays until there are enough operations and nothing is in progress.
 * @param {{ folder: string, where: string, server: Awaited<ReturnType<typeof startPostgres>> | undefined }} place
 */
async function play({ folder, where, server }) {
  const [operations, isOutside, seed] = [numberOf('operations', 10_000), values.outside, numberOf('seed', 1)];
  const during = server && (await openStore(where, { patience: PATIENCE }));
  /** @type {Set<string>} */
  const seen = new Set();
  /** @type {Workers} */
  let workers;
  const deliver = async (/** @type {string} */ body) => {
    const status = await workers.notify(body);
    const name = status === 200 ? nameIn(JSON.parse(body)) : undefined;
    if (name) seen.add(name);
    return status;
  };
  const gateway = await openGateway({ seed, isOutside, deliver });
  const { account } = gateway;
  const count = server ? Math.max(1, numberOf('workers', 4)) : 1;
  const atOnce = Math.min(count > 1 ? MOST_AT_ONCE : MOST_ALONE, Math.max(2, Math.ceil(operations / count / 12)));
  workers = new Workers({ setup: { account, where, seed, folder, isOutside } }, { operations, atOnce });
  for (let number = 0; number < count; number += 1) workers.start();
  const disturbance = disturb(workers, server, during);
  await workers.isDone;
  await disturbance.stop();
  gateway.calm();
  await sleep((isOutside ? TOO_LATE : LATEST) + TIMEOUT);
  await gateway.sandbox.delivered();
  await workers.end();
  await during?.close();
  return { gateway, workers, seen, counts: disturbance.counts };
}

/**
 * Replays the traces of all processes, and checks that every stored state was decided.
 * @param {string} folder
 * @param {{ payment: string, state: string, version: string }[]} stored
 */
function replayAll(folder, stored) {
  const file = join(folder, 'trace');
  const parts = readdirSync(folder).filter((name) => name.startsWith('trace-'));
  writeFileSync(values.trace ?? file, joinTraces(parts.map((part) => join(folder, part))));
  const replayed = replay(readTrace(values.trace ?? file));
  for (const { payment, state, version } of stored) {
    if (replayed.states.get(payment)?.get(digestOf(state)) !== Number(version)) {
      replayed.problems.push(`${payment}: the stored state was never decided`);
    }
  }
  return replayed;
}

/** @param {Record<string, any>[]} rows */
function outcomesOf(rows) {
  /** @type {Map<string, number>} */
  const outcomes = new Map();
  for (const { status, evidence } of rows) {
    const name = `  ${status}${evidence ? ` by ${evidence}` : ''}`;
    outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
  }
  return [...outcomes].sort();
}

const OPERATIONS = `SELECT p.merchant_reference, o.operation_key, o.command, CAST(o.amount AS text) AS amount, o.status,
  o.evidence, o.tag, o.reference
FROM aps_journal_operation AS o JOIN aps_journal_payment AS p ON p.payment = o.payment`;
const STATES = 'SELECT payment, state, CAST(version AS text) AS version FROM aps_journal_payment';
const UNHANDLED = 'SELECT id FROM aps_journal_notification WHERE handled_at IS NULL';

/**
 * @param {{ folder: string, where: string }} place
 * @param {Awaited<ReturnType<typeof play>>} played
 */
async function judge({ folder, where }, { gateway, workers, seen, counts }) {
  const { sandbox, account, sent, struck } = gateway;
  const endRecord = record(join(folder, 'trace-last'));
  const store = await openStore(where);
  store.offset = AHEAD;
  const aps = new PaymentServices(account, { timeout: 10_000 });
  const care = journaled(aps, store, { assumeAbsentAfter: ASSUME_ABSENT_AFTER });
  await sleep(REST);
  const open = await recoverAll(care);
  endRecord();
  const { rows } = await store.query(OPERATIONS, []);
  const books = sandbox.payments();
  const { found, details } = compare(/** @type {any} */ (rows), books, seen);
  const { twice, unreported } = await chargedTwice(care, books);
  const reported = await reportedOf(care, new Set(details.map(({ payment }) => payment)));
  const silent = details.filter(({ payment }) => !reported.has(payment));
  const leaks = leaksIn(await dumpOf(store), account);
  const unhandled = (await store.query(UNHANDLED, [])).rows.length;
  const sentTwice = [...sent].filter(([, count]) => count > 1).map(([key]) => key);
  const replayed = replayAll(folder, /** @type {any} */ ((await store.query(STATES, [])).rows));
  await store.close();
  const strikes = Object.entries(struck).sort();
  const share = strikes.reduce((sum, [, count]) => sum + count, 0) / sent.size;
  /** Must be 0: always, and within the assumptions. @type {[string, number][]} */
  const always = [
    ['operations sent twice', sentTwice.length],
    ['customers charged twice, unreported', unreported.length],
    ['outcomes proven by identity that differ', found.identity],
    ['differences from the books that nobody reported', silent.length],
    ['notifications not handled', unhandled],
    ['card data or phrases in the tables', leaks.length],
    ['decisions that the replay finds otherwise', replayed.problems.length],
    ['errors of workers', workers.errors.length],
  ];
  /** @type {[string, number][]} */
  const within = [
    ['done twice', found.twice],
    ['lost', found.lost],
    ['payments over their limits', found.overLimit],
    ['outcomes that differ from the books', found.wrong],
    ['sums that differ from the books', found.sums],
    ['open after recover', open],
  ];
  printTable([
    ...[
      ['operations', rows.length],
      ['orders', workers.orders],
      ['sent to the gateway', sent.size],
    ],
    ...[['  struck there', `${(share * 100).toFixed(1)} %`], ...strikes.map(([name, count]) => [`    ${name}`, count])],
    ...[
      ['workers killed', workers.killed],
      ['  died at a step of their own', workers.died - workers.killed],
    ],
    ...[
      ['connections cut by the server', counts.cuts],
      ['restarts of the database', counts.restarts],
    ],
    ...[['orders that two attempts hold money of, listed', twice - unreported.length], ...outcomesOf(rows)],
    ...[['decisions replayed', replayed.decisions], ...within, ...always],
  ]);
  const texts = [
    ...details.map(({ kind, text }) => `${kind}: ${text}`),
    ...workers.errors,
    ...leaks,
    ...replayed.problems,
  ];
  for (const text of [...texts, ...sentTwice, ...unreported.map(String)].slice(0, 20)) console.log(text);
  const bad = (/** @type {[string, number][]} */ list) => list.some(([, count]) => count > 0);
  return !bad(always) && (values.outside || !bad(within));
}

async function main() {
  if (values.replay !== undefined) {
    const { decisions, payments, problems } = replay(readTrace(values.replay));
    printTable([
      ['decisions', decisions],
      ['payments', payments],
      ['that are decided otherwise', problems.length],
    ]);
    for (const text of problems.slice(0, 20)) console.log(text);
    process.exitCode = problems.length > 0 || decisions === 0 ? 1 : 0;
    return;
  }
  const start = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'aps-faults-'));
  const server = await startServer();
  const where = server?.url ?? join(folder, 'store');
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, async () => {
      await server?.close();
      rmSync(folder, { recursive: true, force: true });
      process.exit(1);
    });
  }
  try {
    const played = await play({ folder, where, server });
    const isGood = await judge({ folder, where }, played);
    await played.gateway.close();
    printTable([[isGood ? 'seconds' : 'FAILED after seconds', Math.round((performance.now() - start) / 1000)]]);
    process.exitCode = isGood ? 0 : 1;
  } finally {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
