// npm test: sets up, builds, and runs the groups of tests (lib/groups.js).
//   --only name,name      these groups alone, and what they need
//   --allow-missing       a group that cannot run here, or a skipped test, is no failure

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { count } from './lib/count.js';
import { groups, needs } from './lib/groups.js';
import { main } from './lib/main.js';
import { testOutput } from './lib/paths.js';
import { prepare } from './lib/prepare.js';
import { Problem, run } from './lib/run.js';

/** No single command of a healthy run comes near this. */
const timeout = 20 * 60_000;

/** @typedef {import('./lib/count.js').Counts} Counts */

/**
 * Runs one group; what it prints is also kept, for the search for leaks.
 * @param {import('./lib/groups.js').Group} group
 * @returns {Promise<Counts>}
 */
async function runGroup({ name, commands }) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const todo = await commands();
  if (todo === null) return { ...counts, skipped: 1 };
  for (const { kind = 'check', run: words, env, cwd } of todo) {
    const [command = '', ...args] = words;
    const { code, output } = await run(command, args, {
      cwd,
      timeout,
      env: { NO_COLOR: '1', CARGO_TERM_COLOR: 'never', LANG: 'C.UTF-8', ...env },
    });
    writeFileSync(join(testOutput, `${name}.log`), output, { flag: 'a' });
    const more = count(kind, output, code);
    counts.passed += more.passed;
    counts.failed += more.failed;
    counts.skipped += more.skipped;
  }
  return counts;
}

function chosen(/** @type {string | undefined} */ only) {
  if (only === undefined) return groups;
  const names = new Set(only.split(','));
  for (const name of names) {
    if (!groups.some((group) => group.name === name)) {
      throw new Problem(`no group ${name}; there are ${groups.map((group) => group.name).join(', ')}`);
    }
  }
  for (const [name, needed] of Object.entries(needs)) if (names.has(name)) names.add(needed);
  return groups.filter((group) => names.has(group.name));
}

await main(async () => {
  const { values } = parseArgs({ options: { only: { type: 'string' }, 'allow-missing': { type: 'boolean' } } });
  const selected = chosen(values.only);
  const started = performance.now();
  const seconds = (/** @type {number} */ since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
  await prepare();
  rmSync(testOutput, { recursive: true, force: true });
  mkdirSync(testOutput, { recursive: true });

  const lines = [`set-up and build  ${seconds(started)}`];
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const group of selected) {
    process.stdout.write(`\n=== ${group.name}\n`);
    const since = performance.now();
    const { passed, failed, skipped } = await runGroup(group);
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    const verdict = failed ? 'FAILED' : skipped ? 'skipped' : 'ok';
    lines.push(
      `${group.name.padEnd(14)}  ${verdict.padEnd(7)}  ${passed}/${passed + failed + skipped}  ${seconds(since)}`,
    );
  }
  process.stdout.write(`\n${lines.join('\n')}\nall of it  ${seconds(started)}\n\n`);
  process.stdout.write(
    `${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}\n`,
  );
  if (total.failed || (total.skipped && !values['allow-missing'])) process.exitCode = 1;
});
