// The README's own examples run, and print what they say they print.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const readme = readFileSync(new URL('README.md', import.meta.resolve('aps-payops/package.json')), 'utf8');
const examples = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code);

/** What the comments behind `console.log` promise; `…` stands for anything. */
const promised = (code) =>
  [...code.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, text]) => text.split(/;|, with/)[0].trim());

test('there are examples for server, messages, Apple Pay, browser, checkout page, function and signatures', () =>
  assert.equal(examples.length, 7));

for (const [index, code] of examples.entries()) {
  test(`example ${index + 1} prints what it says`, () => {
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: new URL('.', import.meta.url),
      encoding: 'utf8',
    });
    assert.equal(run.status, 0, run.stderr);
    // A currency and its amount are parted by a space that does not break.
    const printed = run.stdout.trim().replaceAll('\u00a0', ' ').split('\n');
    for (const [line, text] of promised(code).entries()) {
      const [before, after = ''] = text.split('…');
      const own = printed[line].replace(/^\[ '(trimmed_value.*)' \]$/, '$1');
      assert.ok(own.startsWith(before.trim()) && own.endsWith(after.trim()), `${own} is not ${text}`);
    }
  });
}
