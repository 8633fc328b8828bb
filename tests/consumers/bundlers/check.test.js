// webpack and Rollup: what their defaults make of a page, and Rollup's of a server with the cure that the error names.

import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { sign } from 'aps-payops/server';
import { assertPageBundle } from '../page-bundle.js';
import { project } from '../project.js';
import { printRow } from '../runtimes.js';

const { path, skip, run } = project('bundlers');

before(() => {
  if (skip) return;
  copyFileSync(join(import.meta.dirname, '..', 'page.js'), join(path, 'page.js'));
  run(['bundle.cjs']);
});

for (const name of ['webpack', 'Rollup']) {
  test(`${name}, page`, { skip }, (t) => {
    assertPageBundle(readFileSync(join(path, 'dist', `${name.toLowerCase()}.js`), 'utf8'));
    printRow(t, `${name}, page`);
  });
}

test('a server bundled by Rollup with the condition node signs', { skip }, () => {
  assert.equal(run(['dist/server.mjs']).trim(), sign({ a: 'b' }, { phrase: 'p', digest: 'SHA-256' }));
});
