// npm test: sets up, builds, and runs the groups of tests (lib/groups.js) side by side.
//   FILE …                these files or folders alone, and what they need: tests/**/*.test.js, tests/rust/*.rs, src/**/*.rs
//   --effort quick        what suits every edit, on wasm that is not optimised: npm run test:quick
//   --effort all          everything, as often and as long as it can be: npm run test:all
//   --only name,name      these groups alone, and what they need
//   --jobs N              at most so many groups at once
//   --allow-missing       a group that cannot run here, or a skipped test, is no failure

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { count, failures } from './lib/count.js';
import { groups, groupsOfFiles, testFiles } from './lib/groups.js';
import { main } from './lib/main.js';
import { at, root, testOutput } from './lib/paths.js';
import { prepare } from './lib/prepare.js';
import { Problem, run } from './lib/run.js';
import { schedule } from './lib/schedule.js';
import { setup } from './lib/setup.js';
import { filesBelow } from './lib/step.js';

/** No single command of a healthy run comes near this. */
const TIMEOUTS = { quick: 10 * 60_000, usual: 25 * 60_000, all: 120 * 60_000 };

/** @typedef {import('./lib/count.js').Counts} Counts */
/** @typedef {import('./lib/groups.js').Group} Group */
/** @typedef {import('./lib/groups.js').Effort} Effort */
/** @typedef {{ counts: Counts, output: string, failed: string[], seconds: number }} Result */

/**
 * Runs one group; what it prints is also kept, for the search for leaks.
 * @param {Group} group
 * @param {Effort} effort
 * @param {boolean} quiet whether what it prints waits until it has ended
 * @returns {Promise<Result>}
 */
async function runGroup({ name, commands }, effort, quiet) {
  const since = performance.now();
  const log = join(testOutput, `${name.replaceAll('/', '-')}.log`);
  /** @type {Result} */
  const result = { counts: { passed: 0, failed: 0, skipped: 0 }, output: '', failed: [], seconds: 0 };
  const todo = await commands(effort);
  if (todo === null) result.counts.skipped = 1;
  for (const { kind = 'check', run: words, env, cwd } of todo ?? []) {
    const [command = '', ...args] = words;
    const { code, output } = await run(command, args, {
      cwd,
      quiet,
      timeout: TIMEOUTS[effort],
      env: { NO_COLOR: '1', CARGO_TERM_COLOR: 'never', LANG: 'C.UTF-8', TEST_EFFORT: effort, ...env },
    });
    writeFileSync(log, output, { flag: 'a' });
    result.output += output;
    const more = count(kind, output, code);
    result.counts.passed += more.passed;
    result.counts.failed += more.failed;
    result.counts.skipped += more.skipped;
    if (more.failed) result.failed.push(...failures(kind, output, `${command} ${args.join(' ')}`));
  }
  result.seconds = (performance.now() - since) / 1000;
  return result;
}

/**
 * @param {string | undefined} only
 * @param {Effort} effort
 */
function selectGroups(only, effort) {
  const efforts = ['quick', 'usual', 'all'];
  if (only === undefined) return groups.filter(({ from }) => efforts.indexOf(from) <= efforts.indexOf(effort));
  const names = new Set(only.split(','));
  for (const name of names) {
    const group = groups.find((other) => other.name === name);
    if (!group) throw new Problem(`no group ${name}; there are ${groups.map((other) => other.name).join(', ')}`);
    for (const needed of group.needs ?? []) names.add(needed);
  }
  return groups.filter((group) => names.has(group.name));
}

/**
 * The test files at or below paths, relative to the root.
 * @param {string[]} paths
 */
function selectFiles(paths) {
  const files = paths.flatMap((path) => {
    const full = resolve(root, path);
    if (!existsSync(full)) throw new Problem(`${path} is not there`);
    const found = full.endsWith('.js') || full.endsWith('.rs') ? [full] : [...testFiles(full), ...rustTests(full)];
    if (found.length === 0) throw new Problem(`there are no tests below ${path}`);
    return found;
  });
  return files.map((file) => relative(root, file));
}

/** The files of cargo's tests below a folder. */
const rustTests = (/** @type {string} */ folder) =>
  folder.startsWith(at('tests')) ? filesBelow(folder).filter((file) => /\/rust\/\w+\.rs$/.test(file)) : [];

const verdictOf = (/** @type {Counts} */ { failed, skipped }) => (failed ? 'FAILED' : skipped ? 'skipped' : 'ok');

/** @param {string[]} argv */
function readArguments(argv) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      effort: { type: 'string', default: 'usual' },
      only: { type: 'string' },
      jobs: { type: 'string', default: String(Math.max(2, availableParallelism()) + 1) },
      'allow-missing': { type: 'boolean', default: false },
    },
  });
  const { effort, only, jobs } = values;
  if (!(effort in TIMEOUTS)) throw new Problem(`--effort is one of ${Object.keys(TIMEOUTS).join(', ')}`);
  if (!/^[1-9]\d*$/.test(jobs)) throw new Problem('--jobs is a number from 1');
  const checkedEffort = /** @type {Effort} */ (effort);
  return {
    effort: checkedEffort,
    selected: positionals.length ? groupsOfFiles(selectFiles(positionals)) : selectGroups(only, checkedEffort),
    jobs: Number(jobs),
    allowMissing: values['allow-missing'],
  };
}

/**
 * Runs the groups and says of each how it went.
 * @param {Group[]} selected
 * @param {{ effort: Effort, jobs: number }} options
 */
async function runAll(selected, { effort, jobs }) {
  /** @type {Map<string, Result>} */
  const results = new Map();
  const say = (/** @type {string} */ text) => process.stdout.write(text);
  const quiet = selected.length > 1 && jobs > 1;
  await schedule(
    selected,
    jobs,
    async (group) => {
      say(quiet ? `… ${group.name}\n` : `\n=== ${group.name}\n`);
      const result = await runGroup(group, effort, quiet);
      results.set(group.name, result);
      const { counts, output, seconds } = result;
      if (quiet) say(`\n=== ${group.name}  ${verdictOf(counts)}  ${seconds.toFixed(1)} s\n${output}\n`);
      return counts.failed === 0;
    },
    ({ name }, needed) => {
      const counts = { passed: 0, failed: 1, skipped: 0 };
      results.set(name, { counts, output: '', failed: [`not run, since ${needed} failed`], seconds: 0 });
    },
  );
  return selected.flatMap(({ name }) => {
    const result = results.get(name);
    return result ? [/** @type {const} */ ([name, result])] : [];
  });
}

await main(async () => {
  const { effort, selected, jobs, allowMissing } = readArguments(process.argv.slice(2));
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  rmSync(testOutput, { recursive: true, force: true });
  mkdirSync(testOutput, { recursive: true });
  // Cargo builds for itself what it tests.
  if (selected.every(({ lane, name }) => lane === 'cargo' && /\.rs$/.test(name))) await setup();
  else await prepare({ optimised: effort !== 'quick' });
  const prepared = seconds();

  const results = await runAll(selected, { effort, jobs });
  const total = { passed: 0, failed: 0, skipped: 0 };
  process.stdout.write(`\nset-up and build  ${prepared}\n`);
  const width = Math.max(...results.map(([name]) => name.length));
  for (const [name, { counts, seconds }] of results) {
    const { passed, failed, skipped } = counts;
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    const of = `${passed}/${passed + failed + skipped}`;
    process.stdout.write(
      `${name.padEnd(width)}  ${verdictOf(counts).padEnd(7)}  ${of.padStart(9)}  ${seconds.toFixed(1).padStart(6)} s\n`,
    );
  }
  process.stdout.write(`all of it  ${seconds()}\n`);
  for (const [name, { failed }] of results) for (const line of failed) process.stdout.write(`\n${name}: ${line}`);
  process.stdout.write(
    `\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}\n`,
  );
  if (total.failed || (total.skipped && !allowMissing)) process.exitCode = 1;
});
