// The examples of the README and of the guides run, and print what they say they print.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('.', import.meta.resolve('aps-payops/package.json'));
const guides = readdirSync(new URL('docs/guide/', root)).map((name) => `docs/guide/${name}`);
const files = ['README.md', ...guides];
const read = (file) => readFileSync(new URL(file, root), 'utf8');

/** What the comments behind `console.log` promise. */
const promised = (code) => [...code.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, text]) => text.trim());

for (const file of files) {
  const examples = [...read(file).matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code);
  for (const [index, code] of examples.entries()) {
    test(`${file}: example ${index + 1} prints what it says`, () => {
      const run = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
        cwd: new URL('.', import.meta.url),
        encoding: 'utf8',
        timeout: 60_000,
      });
      assert.equal(run.status, 0, run.stderr);
      const lines = run.stdout.trim().split('\n');
      // A loop prints its line again and again.
      const wanted = promised(code);
      assert.deepEqual(
        lines
          .filter((line, place) => place === 0 || line !== lines[place - 1] || wanted.includes(line))
          .slice(0, wanted.length),
        wanted.length > 0 ? wanted : [],
        run.stdout,
      );
    });
  }
}

test('there are examples for server, notification, page and function in the README', () => {
  assert.equal([...read('README.md').matchAll(/```js\n/g)].length, 4);
  assert.ok(read('README.md').split('\n').length <= 151);
});

test('no link of the README and the guides is broken, in the package as in the clone', () => {
  for (const file of files) {
    for (const [, link] of read(file).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (/^https?:/.test(link)) continue;
      assert.ok(existsSync(new URL(link, new URL(file, root))), `${file}: ${link}`);
    }
  }
});
