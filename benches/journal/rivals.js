// pg-boss, DBOS and absurd, each used as its documentation recommends: an operation is requested, an empty step is
// carried out, its end is recorded. They are installed under .cache, from the versions that package-lock.json names.

import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { at, cache } from '../../scripts/lib/paths.js';

/**
 * @typedef {{ url: string, count: number, inFlight: number[],
 *   measure: (count: number, inFlight: number, work: (index: number) => Promise<unknown>) => Promise<{ perSecond: number, each: number }>,
 *   line: (name: string, figures: { perSecond: number, each: number }) => void,
 *   journal: (name: string) => Promise<unknown> }} Bench `journal`: makes a payment
 */

const folder = join(cache, 'bench-journal');
const ROUNDS = 4;

function install() {
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) {
    copyFileSync(at('benches', 'journal', name), join(folder, name));
  }
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--silent'];
  execFileSync('npm', flags, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** @param {string} name */
const load = (name) => import(pathToFileURL(createRequire(join(folder, 'package.json')).resolve(name)).href);

/** A queue: a worker takes the next job, not its own. @param {Bench} bench */
async function measurePgBoss({ url, count, inFlight, measure, line, journal }) {
  const { PgBoss } = await load('pg-boss');
  const boss = new PgBoss({ connectionString: url, max: 20, supervise: false, schedule: false });
  boss.on('error', () => {});
  await boss.start();
  await boss.createQueue('bench');
  const once = async (/** @type {number} */ index) => {
    await boss.send('bench', { index });
    let job;
    // Others may hold all that are waiting at this moment.
    while (job === undefined) [job] = await boss.fetch('bench');
    await boss.complete('bench', job.id);
  };
  await measure(20, 4, once);
  for (const own of inFlight) line(`pg-boss, ${own} in flight: send, fetch, complete`, await measure(count, own, once));
  // The goal is no more than its time, measured in turns, since what else the machine does is nobody's.
  for (const own of inFlight) {
    const times = { journal: 0, queue: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const some = Math.ceil(count / ROUNDS);
      times.journal += (await measure(some, own, (index) => journal(`turn-${own}-${round}-${index}`))).each;
      times.queue += (await measure(some, own, once)).each;
    }
    const share = (times.journal / times.queue).toFixed(2);
    console.log(`  in turns, ${own} in flight: a PURCHASE of the journal takes ${share} of pg-boss's time`);
  }
  await boss.stop({ graceful: false });
}

/** A workflow under a key, with one step. @param {Bench} bench */
async function measureDbos({ url, count, inFlight, measure, line }) {
  const { DBOS } = await load('@dbos-inc/dbos-sdk');
  const systemDatabaseUrl = url.replace(/\/postgres$/, '/dbos_bench');
  DBOS.setConfig({
    name: 'bench',
    systemDatabaseUrl,
    runAdminServer: false,
    logLevel: 'error',
    systemDatabasePoolSize: 20,
  });
  const nothing = async () => {};
  const workflow = DBOS.registerWorkflow(async () => DBOS.runStep(nothing, { name: 'nothing' }), { name: 'bench' });
  await DBOS.launch();
  const run = crypto.randomUUID();
  const once = (/** @type {number | string} */ index) =>
    DBOS.startWorkflow(workflow, { workflowID: `${run} ${index}` })().then((handle) => handle.getResult());
  await measure(20, 4, (index) => once(`warm-${index}`));
  for (const own of inFlight) {
    line(
      `DBOS, ${own} in flight: a workflow with one step`,
      await measure(count, own, (index) => once(`${own}-${index}`)),
    );
  }
  await DBOS.shutdown();
}

/**
 * absurd's tables come with absurdctl, which is on PyPI.
 * @returns {string | undefined} where it is
 */
function findAbsurdctl() {
  const own = join(folder, 'python', 'bin', 'absurdctl');
  const runs = (/** @type {string} */ path) => spawnSync(path, ['--help'], { stdio: 'ignore' }).status === 0;
  const found = [process.env.ABSURDCTL ?? 'absurdctl', own].find(runs);
  if (found) return found;
  spawnSync('python3', ['-m', 'venv', join(folder, 'python')], { stdio: 'ignore' });
  spawnSync(join(folder, 'python', 'bin', 'pip'), ['install', '--quiet', 'absurdctl==0.5.1'], { stdio: 'ignore' });
  return runs(own) ? own : undefined;
}

/** A task with one step. @param {Bench} bench */
async function measureAbsurd({ url, count, inFlight, measure, line }) {
  const ctl = findAbsurdctl();
  if (ctl === undefined) {
    console.log('  absurd: its tables come with absurdctl (pip install absurdctl), which is not here: ABSURDCTL=PATH');
    return;
  }
  // It runs psql.
  execFileSync(ctl, ['init', '-d', url], { stdio: 'ignore' });
  execFileSync(ctl, ['create-queue', '-d', url, 'default'], { stdio: 'ignore' });
  const { Absurd } = await load('absurd-sdk');
  const quiet = { log: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const app = new Absurd({ db: url, log: quiet });
  app.registerTask({ name: 'bench' }, (_, task) => task.step('nothing', async () => ({})));
  const once = async () => {
    await app.spawn('bench', {});
    await app.workBatch('bench', 120, 1);
  };
  await measure(20, 4, once);
  for (const own of inFlight)
    line(`absurd, ${own} in flight: spawn, claim, a step, complete`, await measure(count, own, once));
  await app.close();
}

/** @param {Bench} bench */
export async function rivals(bench) {
  install();
  for (const [name, own] of Object.entries({ 'pg-boss': measurePgBoss, DBOS: measureDbos, absurd: measureAbsurd })) {
    try {
      await own(bench);
    } catch (error) {
      console.log(`  ${name}: ${/** @type {Error} */ (error).message}`);
    }
  }
}
