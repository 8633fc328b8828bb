// TypeScript 5.0, 5.9 and 7, in every resolution that each has, strict and with library checks.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { project } from '../project.js';
import { printRow } from '../runtimes.js';

const { skip, run } = project('typescript-versions');
const require = createRequire(import.meta.url);
const compilers = {
  5: 'node_modules/typescript-5.0/bin/tsc',
  5.9: 'node_modules/typescript-5.9/bin/tsc',
  7: join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc'),
};
const all = Object.keys(compilers);
/** @type {[string, string[], string[]][]} */
const resolutions = [
  ['5.0, 5.9 and 7, nodenext', all, ['--module', 'nodenext', '--moduleResolution', 'nodenext', 'every/consumer.ts']],
  ['5.0, 5.9 and 7, bundler', all, ['--module', 'esnext', '--moduleResolution', 'bundler', 'every/consumer.ts']],
  [
    '5.0, 5.9 and 7, node16 in CommonJS',
    all,
    ['--module', 'node16', '--moduleResolution', 'node16', 'every/consumer.cts'],
  ],
  ['5.0 and 5.9, node10', ['5', '5.9'], ['--module', 'commonjs', '--moduleResolution', 'node', 'every/consumer.ts']],
];
const strict = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom', '--types', 'node'];

for (const [row, versions, flags] of resolutions) {
  test(`TypeScript ${row}`, { skip }, (t) => {
    for (const version of versions) {
      // It would not pass over the configuration of the repository by itself.
      const own = version === '7' ? ['--ignoreConfig'] : [];
      run([compilers[version], ...own, ...strict, ...flags]);
    }
    printRow(t, `TypeScript ${row}`);
  });
}
