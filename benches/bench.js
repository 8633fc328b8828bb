// npm run bench: how fast we are beside what merchants use today. Contenders take turns in one process, round by round,
// so that a busy machine slows all of them; every call has arguments of its own and no result is kept.

import { execFileSync } from 'node:child_process';
import { groups } from './contenders.js';
import { keystrokes } from './keystroke.js';
import { sizes } from './sizes.js';

const ROUNDS = 15;
const CALLS = 10_000;
const PROCESSES = 31;

/** @param {number[]} values */
function summary(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    min: /** @type {number} */ (sorted[0]),
    median: /** @type {number} */ (sorted[sorted.length >> 1]),
    max: /** @type {number} */ (sorted.at(-1)),
  };
}

/** @param {number} value */
const wide = (value) => value.toFixed(2).padStart(8);

/**
 * @param {string} name
 * @param {{ min: number, median: number, max: number }} times
 * @param {string} note
 */
function line(name, { median, min, max }, note) {
  console.log(`  ${name.padEnd(46)}${wide(median)}${wide(min)}${wide(max)}${note}`);
}

let sink = 0;

/**
 * Microseconds per call.
 * @param {(i: number) => unknown} contender
 */
function time(contender) {
  const start = process.hrtime.bigint();
  // The results are looked at, so that no call can be optimized away.
  for (let i = 0; i < CALLS; i++) sink += contender(i) ? 1 : 0;
  return Number(process.hrtime.bigint() - start) / 1000 / CALLS;
}

/** payfort-node prints every signature it makes, which would be most of its time. */
function silently(/** @type {() => void} */ work) {
  const { log } = console;
  console.log = () => {};
  try {
    work();
  } finally {
    console.log = log;
  }
}

console.log(`node ${process.version}\n\nfresh processes, ${PROCESSES} each, taking turns, ms: median, min, max`);
const scripts = {
  'bare node': 'process.exitCode = 0',
  'import and first signature': `import { sign } from 'aps-payops/server'; sign({ amount: '1' }, { phrase: 'p', digest: 'SHA-256' })`,
  'import of the checkout entry and first amount': `import { Amount } from 'aps-payops'; Amount.parse('1.00', 'AED')`,
};
/** @type {Record<string, number[]>} */
const starts = Object.fromEntries(Object.keys(scripts).map((name) => [name, []]));
for (let round = -1; round < PROCESSES; round++) {
  for (const [name, script] of Object.entries(scripts)) {
    const start = process.hrtime.bigint();
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: import.meta.dirname });
    if (round >= 0) starts[name].push(Number(process.hrtime.bigint() - start) / 1e6);
  }
}
for (const [name, taken] of Object.entries(starts)) {
  // Each beside the bare one of its own turn, for a machine is not equally busy all the time.
  const beyond = summary(taken.map((time, turn) => time - starts['bare node'][turn])).median;
  line(name, summary(taken), name === 'bare node' ? '' : `   beyond bare node: ${beyond.toFixed(2)}`);
}

console.log(`\n${ROUNDS} rounds of ${CALLS} distinct calls, µs per call: median, min, max\n`);
for (const [title, contenders] of Object.entries(groups(CALLS))) {
  const names = Object.keys(contenders);
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(names.map((name) => [name, []]));
  silently(() => {
    for (let round = -2; round < ROUNDS; round++) {
      for (const name of names) {
        const each = time(/** @type {Record<string, (i: number) => unknown>} */ (contenders)[name]);
        if (round >= 0) times[name].push(each);
      }
    }
  });
  console.log(title);
  const [ours] = names;
  const results = names.map((name) => /** @type {const} */ ([name, summary(times[name])]));
  const mine = results[0][1].median;
  for (const [name, result] of results) {
    line(name, result, name === ours ? '' : `   ours ÷ this: ${(mine / result.median).toFixed(2)}`);
  }
  console.log();
}

console.log('a checkout form in headless Chromium, ms: median, min, max');
for (const [name, times] of Object.entries(await keystrokes())) line(name, summary(times), `   of ${times.length}`);

console.log('\nsizes, bytes in brotli 11');
for (const [name, bytes] of Object.entries(await sizes()))
  console.log(`  ${name.padEnd(62)}${String(bytes).padStart(8)}`);
if (sink === 0) throw new Error('nothing was computed');
