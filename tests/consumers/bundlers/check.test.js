// webpack and Rollup: what their defaults make of a page, and of a server, for Rollup with the cure that the error names.

import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
    const files = readdirSync(join(path, 'dist')).filter(
      (file) => file.startsWith(name.toLowerCase()) && file.endsWith('.js'),
    );
    assert.ok(files.length >= 3);
    for (const file of files) assertPageBundle(readFileSync(join(path, 'dist', file), 'utf8'));
    printRow(t, `${name}, page`);
  });
}

test('a server bundled by Rollup with the condition node, or by webpack, signs away from the package', { skip }, () => {
  const away = mkdtempSync(join(tmpdir(), 'aps-payops-bundlers-'));
  for (const file of ['server.mjs', 'server.cjs', 'webpack-server.cjs']) {
    copyFileSync(join(path, 'dist', file), join(away, file));
    assert.equal(run([join(away, file)]).trim(), sign({ a: 'b' }, { phrase: 'p', digest: 'SHA-256' }), file);
  }
  rmSync(away, { recursive: true });
});
