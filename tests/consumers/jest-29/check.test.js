// The suites of ../jest, with the Jest that many projects stay with.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { project } from '../project.js';
import { printRow } from '../runtimes.js';

const { path, skip, run } = project('jest-29');
const suites = {
  'Jest 29, node': 'server.spec.cjs',
  'Jest 29, jsdom': 'page.spec.cjs',
  'Jest 29, ts-jest': 'typed.spec.ts',
};

cpSync(join(import.meta.dirname, '..', 'jest', 'suite'), join(path, 'suite'), { recursive: true });

for (const [row, suite] of Object.entries(suites)) {
  test(row, { skip }, (t) => {
    run(['node_modules/jest/bin/jest.js', '--rootDir', 'suite', '--config', 'suite/jest.config.json', '--ci', suite]);
    printRow(t, row);
  });
}
