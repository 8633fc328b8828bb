// Node: `import` and `require` give the same classes, from every entry.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { sep } from 'node:path';
import { test } from 'node:test';
import { params, phrase, signature } from '../expected.js';
import { printRow } from '../runtimes.js';
import * as imported from './import.js';

const require = createRequire(import.meta.url);
const required = require('./require.cjs');

test('the package is the installed one', () => {
  const parts = require.resolve('aps-payops').split(sep);
  assert.equal(parts[parts.lastIndexOf('aps-payops') - 1], 'node_modules');
});

test('import and require give the same classes and functions', () => {
  for (const name of ['Amount', 'validate', 'sign', 'createSandbox']) {
    assert.equal(typeof imported[name], 'function', name);
    assert.equal(imported[name], required[name], name);
  }
});

test('Amount is one class for every entry', () => {
  assert.equal(imported.Amount, imported.ServerAmount);
  assert.equal(required.Amount, required.ServerAmount);
});

test('both sign', (t) => {
  for (const { sign } of [imported, required]) assert.equal(sign(params, { phrase, digest: 'SHA-256' }), signature);
  for (const row of ['Node, `import`', 'Node, `require`']) printRow(t, row);
});

test('the dictionary can be required', () => {
  assert.ok(Object.keys(required.dictionary).length > 0);
});

test('require works first in a fresh process, without a flag', () => {
  const script = `const { Amount } = require('aps-payops'); console.log(String(Amount.parse('1.750', 'IQD')))`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=commonjs', '-e', script], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  assert.equal(status, 0, stderr);
  assert.equal(stdout, '1.750\n');
});
