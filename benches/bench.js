// npm run bench: our calls compared with hand-written code, on Node 20, 22 and 24; cold starts; sizes.
// Every figure is from this run, and is shown with its limit if it has one.
//   --short         a few calls of each, on the current Node: a smoke test, the figures mean nothing
//   --node 22,24    only these versions
//   --only calls,starts,sizes,keystroke

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nodes } from '../scripts/lib/nodes.js';
import { keystrokes } from './keystroke.js';
import { LIMITS, sizes } from './sizes.js';
import { starts } from './start.js';

const PARTS = ['calls', 'starts', 'sizes', 'keystroke'];
const FULL = { rounds: 15, calls: 4000, processes: 25 };
const SHORT = { rounds: 3, calls: 100, processes: 1 };
/** Milliseconds from import to the first signature beyond bare Node, on Node 24 and a machine with nothing else to do. */
const START_LIMIT = 12;
/** Limits of calls are those of Node 22 and 24. */
const isHeld = (/** @type {string} */ version) => !version.startsWith('v20.');

/** @type {string[]} */
const missed = [];
let held = 0;

/**
 * One line: a figure, and how it stands to its limit.
 * @param {string} name
 * @param {string} figure
 * @param {{ value?: number, limit?: number | null, note?: string, where?: string }} [options]
 */
function line(name, figure, { value = 0, limit = null, note = '', where = '' } = {}) {
  let verdict = '';
  if (limit !== null) {
    held += 1;
    const isOver = value > limit;
    if (isOver) missed.push(`${where}${name}: ${figure.trim()}, at most ${limit}`);
    verdict = `  ≤ ${String(limit).padEnd(6)}  ${isOver ? 'missed' : 'ok'}`;
  }
  console.log(`  ${name.padEnd(64)}${figure.padStart(10)}${verdict}${note && `  ${note}`}`);
}

/** @typedef {{ name: string, median: number, min: number, max: number }} Times */
/** @typedef {{ label: string, limit: number | null, median: number, min: number, max: number }} Ratios */

/**
 * @param {{ version: string, path: string }} node
 * @param {{ rounds: number, calls: number }} counts
 */
function printCalls({ version, path }, { rounds, calls }) {
  const script = join(import.meta.dirname, 'calls.js');
  const output = execFileSync(path, [script, String(rounds), String(calls)], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  /** @type {{ title: string, times: Times[], ratios: Ratios[] }[]} */
  const groups = JSON.parse(output);
  console.log(
    `\nNode ${version}: µs per call, median of ${rounds} rounds of ${calls} distinct calls (least, greatest)`,
  );
  for (const { title, times } of groups) {
    console.log(`\n ${title}`);
    for (const { name, median, min, max } of times) {
      line(name, median.toFixed(2), { note: `(${min.toFixed(2)}, ${max.toFixed(2)})` });
    }
  }
  console.log('\n ratios, of one round each, medians: building ÷ zod 4 and node:crypto by hand, and others');
  for (const { title, ratios } of groups) {
    for (const { label, limit, median } of ratios) {
      const name = label === title ? `${title} ÷ zod and by hand` : label;
      const own = isHeld(version) ? limit : null;
      line(name, median.toFixed(2), { value: median, limit: own, where: `Node ${version}, ` });
    }
  }
}

/**
 * @param {{ version: string, path: string }} node
 * @param {number} processes
 */
function printStarts({ version, path }, processes) {
  const { bare, beyond } = starts(path, processes);
  console.log(`\nNode ${version}: ms of a fresh process beyond bare Node, median of ${processes}`);
  line('bare Node, in all', bare.toFixed(2));
  for (const [index, { name, ms }] of beyond.entries()) {
    const limit = index === 0 && version.startsWith('v24.') ? START_LIMIT : null;
    line(name, ms.toFixed(2), { value: ms, limit, where: `Node ${version}, ` });
  }
  const [ours, , theirs] = beyond.map(({ ms }) => ms);
  line('the first ÷ node:crypto', (ours / theirs).toFixed(2));
}

async function printSizes() {
  console.log('\nsizes, bytes');
  for (const [name, bytes] of Object.entries(await sizes())) {
    line(name, String(bytes), { value: bytes, limit: LIMITS[name] ?? null });
  }
}

async function printKeystrokes() {
  console.log('\na checkout form in headless Chromium, ms: median (least, greatest)');
  for (const [name, times] of Object.entries(await keystrokes())) {
    const sorted = times.toSorted((a, b) => a - b);
    const [min, median, max] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1) ?? 0];
    line(name, median.toFixed(2), { note: `(${min.toFixed(2)}, ${max.toFixed(2)}) of ${times.length}` });
  }
}

const { values } = parseArgs({
  options: { short: { type: 'boolean' }, node: { type: 'string' }, only: { type: 'string' } },
});
const counts = values.short ? SHORT : FULL;
const parts = values.only?.split(',') ?? (values.short ? ['calls', 'starts', 'sizes'] : PARTS);
for (const part of parts) if (!PARTS.includes(part)) throw new Error(`no part ${part}; there are ${PARTS.join(', ')}`);
const own = { version: process.version, path: process.execPath };
const majors = values.node?.split(',').map((major) => `v${major}.`);
const measured = values.short
  ? [own]
  : (await nodes()).filter(({ version }) => majors?.some((major) => version.startsWith(major)) ?? true);
if (measured.length === 0) throw new Error(`there is no Node ${values.node} to measure`);

for (const node of measured) {
  if (parts.includes('calls')) printCalls(node, counts);
  if (parts.includes('starts')) printStarts(node, counts.processes);
}
if (parts.includes('sizes')) await printSizes();
if (parts.includes('keystroke')) await printKeystrokes();
console.log(`\n${held - missed.length} of ${held} limits kept${missed.length ? '; missed:' : ''}`);
for (const text of missed) console.log(`  ${text}`);
