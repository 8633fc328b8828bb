// Vitest, in Node and in jsdom.

import { test } from 'node:test';
import { project } from '../project.js';
import { printRow } from '../runtimes.js';

const { skip, run } = project('vitest');

for (const [row, suite] of Object.entries({ 'Vitest, node': 'server.spec.js', 'Vitest, jsdom': 'page.spec.js' })) {
  test(row, { skip }, (t) => {
    run(['node_modules/vitest/vitest.mjs', 'run', '--root', 'suite', suite]);
    printRow(t, row);
  });
}
