// Microseconds per call, in the Node that runs this: node benches/calls.js ROUNDS CALLS prints JSON. Contenders take turns
// in rounds within one process, so a busy machine slows all of them; ratios are computed per round, and their median
// counts.

import { groups } from './contenders.js';

const [ROUNDS = 15, CALLS = 4000] = process.argv.slice(2).map(Number);
const WARM_UP = 2;

/** @param {number[]} values */
function summary(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted.at(-1) };
}

let sink = 0;

/** @param {(i: number) => unknown} contender */
async function time(contender) {
  // The results are used, so that no call can be optimized away.
  const first = contender(0);
  if (first instanceof Promise) {
    await first;
    const start = process.hrtime.bigint();
    for (let i = 0; i < CALLS; i++) sink += (await contender(i)) ? 1 : 0;
    return Number(process.hrtime.bigint() - start) / 1000 / CALLS;
  }
  const start = process.hrtime.bigint();
  for (let i = 0; i < CALLS; i++) sink += contender(i) ? 1 : 0;
  return Number(process.hrtime.bigint() - start) / 1000 / CALLS;
}

/** @param {import('./contenders.js').Group} group */
async function measure({ title, contenders, ratios }) {
  const names = Object.keys(contenders);
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const name of names) {
      const each = await time(contenders[name]);
      if (round >= 0) times[name].push(each);
    }
  }
  const ratio = (/** @type {import('./contenders.js').Ratio} */ { ours, theirs, minus }) =>
    times[ours].map((own, round) => (own - (minus ? times[minus][round] : 0)) / times[theirs][round]);
  return {
    title,
    times: names.map((name) => ({ name, ...summary(times[name]) })),
    ratios: ratios.map((one) => ({ label: one.label, limit: one.limit ?? null, ...summary(ratio(one)) })),
  };
}

// payfort-node prints every signature it makes, which would be most of its time.
const { log } = console;
console.log = () => {};
const results = [];
for (const group of groups(CALLS)) results.push(await measure(group));
if (sink === 0) throw new Error('nothing was computed');
log(JSON.stringify(results));
