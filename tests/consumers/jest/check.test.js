// Jest with what it comes with, in Node and in jsdom, and with ts-jest.

import { test } from 'node:test';
import { project } from '../project.js';
import { printRow } from '../runtimes.js';

const { skip, run } = project('jest');
const suites = { 'Jest 30, node': 'server.spec.cjs', 'Jest 30, jsdom': 'page.spec.cjs', 'ts-jest': 'typed.spec.ts' };

for (const [row, suite] of Object.entries(suites)) {
  test(row, { skip }, (t) => {
    run(['node_modules/jest/bin/jest.js', '--rootDir', 'suite', '--config', 'suite/jest.config.json', '--ci', suite]);
    printRow(t, row);
  });
}
