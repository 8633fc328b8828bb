// React Native: Metro's bundle imports everything, and calls say that Hermes has no WebAssembly.

import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertPageBundle } from '../page-bundle.js';
import { project } from '../project.js';
import { printRow } from '../runtimes.js';

const { path, skip, run } = project('metro');

test('React Native, Metro bundle', { skip }, (t) => {
  copyFileSync(join(import.meta.dirname, '..', 'page.js'), join(path, 'page.js'));
  run(['bundle.cjs']);
  assertPageBundle(readFileSync(join(path, 'bundle.txt'), 'utf8'), ({ available, amount }) => {
    assert.equal(available, false);
    assert.match(amount, /^WasmBlockedError: .*Hermes.*no WebAssembly/);
  });
  printRow(t, 'React Native, Metro bundle');
});
