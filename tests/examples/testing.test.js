// A shop tested against the sandbox, with Vitest and with Jest.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { install, runLater } from './stage.js';

for (const [name, program] of [
  ['testing-vitest', ['vitest', 'vitest.mjs', 'run']],
  ['testing-jest', ['jest', 'bin/jest.js']],
]) {
  test(name, async () => {
    const [runner = '', file = '', ...args] = program;
    const folder = install(String(name), { complete: true });
    const command = [join(folder, 'node_modules', runner, file), ...args];
    const { code, stdout } = await runLater(process.execPath, command, folder, { CI: '1' });
    assert.equal(code, 0, stdout);
    assert.match(stdout, /(?<!\d)6 passed/);
  });
}
