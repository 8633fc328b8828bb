// The table of where the package runs (docs/guide/runtimes.md): each row is proven by a test that prints it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const guide = readFileSync(new URL('docs/guide/runtimes.md', import.meta.resolve('aps-payops/package.json')), 'utf8');

/** The rows, by what they are about. */
export const rows = new Map(
  [...guide.matchAll(/^\| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \|$/gm)]
    .slice(1)
    .map(([row, name = '']) => /** @type {const} */ ([name, row])),
);

/**
 * Prints a row of the table, which the test that calls this has proven.
 * @param {{ diagnostic: (message: string) => void }} t
 * @param {string} name
 */
export function printRow(t, name) {
  const row = rows.get(name);
  assert.ok(row, `docs/guide/runtimes.md has no row ${name}`);
  t.diagnostic(row);
}
