// Cold starts: fresh processes that take turns, each compared with bare Node in the same turn, since the load of a machine
// varies.

import { execFileSync } from 'node:child_process';

const BARE = 'process.exitCode = 0';
const SCRIPTS = {
  'aps-payops/server to the first signature': `import { sign } from 'aps-payops/server'; sign({ amount: '1' }, { phrase: 'p', digest: 'SHA-256' })`,
  'aps-payops to the first amount': `import { Amount } from 'aps-payops'; Amount.parse('1.00', 'AED')`,
  'node:crypto to the first digest': `import { createHash } from 'node:crypto'; createHash('sha256').update('pamount=1p').digest('hex')`,
};

const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/**
 * Milliseconds beyond bare Node, medians.
 * @param {string} node
 * @param {number} processes of each
 */
export function starts(node, processes) {
  const time = (/** @type {string} */ script) => {
    const start = process.hrtime.bigint();
    execFileSync(node, ['--input-type=module', '-e', script], { cwd: import.meta.dirname });
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  /** @type {number[]} */
  const bare = [];
  /** @type {Record<string, number[]>} */
  const beyond = Object.fromEntries(Object.keys(SCRIPTS).map((name) => [name, []]));
  for (let turn = -1; turn < processes; turn++) {
    const own = time(BARE);
    const rest = Object.entries(SCRIPTS).map(([name, script]) => /** @type {const} */ ([name, time(script) - own]));
    // The first warms the cache of files.
    if (turn < 0) continue;
    bare.push(own);
    for (const [name, value] of rest) beyond[name].push(value);
  }
  return {
    bare: median(bare),
    beyond: Object.entries(beyond).map(([name, values]) => ({ name, ms: median(values) })),
  };
}
