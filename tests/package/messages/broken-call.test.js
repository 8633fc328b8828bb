// A call that does not come back, by a trap or a stack that is full, breaks no other: the next one works.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('broken-call.js', import.meta.url));

/** @param {string} mode @param {string[]} [flags] */
function run(mode, flags = []) {
  const found = spawnSync(process.execPath, [...flags, script, mode], { encoding: 'utf8' });
  assert.equal(found.status, 0, found.stderr);
  const { errors, wrong } = JSON.parse(found.stdout);
  assert.deepEqual(wrong, []);
  return errors;
}

for (const [artefact, flags] of [
  ['server', []],
  ['checkout', ['--conditions=browser']],
]) {
  test(`${artefact}: at the edge of the stack every call fails by a typed error, and works again after`, () => {
    const { stack_overflow, internal } = run('overflow', flags);
    assert.ok(stack_overflow > 0, 'no call overflowed inside the wasm');
    assert.equal(internal, undefined);
  });

  test(`${artefact}: a trap is a typed error, and the next call has a new instance`, () => {
    const { internal, ...others } = run('trap', flags);
    assert.ok(internal >= 6, `${internal}`);
    assert.deepEqual(others, {});
  });
}

test('a capture that took place is answered, though the payment could not be derived', () => {
  assert.deepEqual(run('late'), { outcome: 'succeeded', payment: 'none', trapped: true });
});
