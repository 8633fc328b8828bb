// TypeScript, strict and with library checks: for Node without DOM types, for bundlers without Node's, stricter still, and for a library whose declarations tsc writes.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');

for (const project of ['tsconfig.node.json', 'tsconfig.browser.json', 'tsconfig.exact.json', 'tsconfig.library.json']) {
  test(project, () => {
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', project], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout);
  });
}
