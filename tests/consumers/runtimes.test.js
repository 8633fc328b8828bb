// The table of where the package runs: every row has a test that prints it.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rows } from './runtimes.js';

test('every row of the table has a project here', () => {
  const texts = readdirSync(import.meta.dirname, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('check.test.js') && !name.includes('node_modules'))
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .join('\n');
  assert.ok(rows.size >= 25);
  for (const name of rows.keys()) {
    const short = name.replace(/^TypeScript /, '').replace(/^(webpack|Rollup), page$/, "'$1'");
    assert.ok(texts.includes(short), name);
  }
});
