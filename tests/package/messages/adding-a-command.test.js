// Adding a command is adding a table to src/dictionary/dictionary.toml: the made-up one of DESIGN.md goes into a copy of the crate and
// comes out of the generator as data, types and reference, and the sandbox reads it from there.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** The repository: the tests may run in a copy further down. */
function repository() {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'Cargo.toml'))) {
    if (folder === dirname(folder)) throw new Error('the repository is not found');
    folder = dirname(folder);
  }
  return folder;
}

const root = repository();
const run = promisify(execFile);

test('a made-up command is one table of one file', { timeout: 300_000 }, async (t) => {
  const [, table] = /```toml\n(\[commands\.COUNT_STARS\][\s\S]*?)```/.exec(
    readFileSync(join(root, 'DESIGN.md'), 'utf8'),
  );
  const copy = mkdtempSync(join(tmpdir(), 'aps-payops-command-'));
  t.after(() => rmSync(copy, { recursive: true, force: true }));
  const parts = [
    'Cargo.toml',
    'Cargo.lock',
    'build.rs',
    'README.md',
    'rust-toolchain.toml',
    'src',
    'tests/fixtures',
    'tests/rust',
  ];
  for (const part of parts) cpSync(join(root, part), join(copy, part), { recursive: true });
  for (const part of ['pkg/sandbox', 'pkg/money/currencies.js', 'scripts/lib'])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  // It may be there already, in a branch where someone tries it.
  const data = join(copy, 'src', 'dictionary', 'dictionary.toml');
  if (!readFileSync(data, 'utf8').includes('[commands.COUNT_STARS]')) appendFileSync(data, `\n${table}`);

  // Kept between runs, so that the libraries are compiled once.
  const env = { ...process.env, CARGO_TARGET_DIR: join(root, '.cache', 'made-up-target') };
  const generator = ['run', '--quiet', '--locked', '--features', 'reference', '--bin', 'generate', '--'];
  await run('cargo', [...generator, '--out', 'pkg/generated', '--docs', 'docs'], { cwd: copy, env });

  const read = (path) => readFileSync(join(copy, path), 'utf8');
  const { commands } = JSON.parse(read('pkg/generated/dictionary.json'));
  const { COUNT_STARS } = commands;
  assert.equal(COUNT_STARS.selector, 'service_command');
  assert.equal(COUNT_STARS.parameters.merchant_reference, 'required');
  assert.equal(COUNT_STARS.parameters.signature, 'supplied');
  const before = JSON.parse(readFileSync(join(root, 'pkg', 'generated', 'dictionary.json'), 'utf8')).commands;
  assert.deepEqual(Object.keys(commands).sort(), [...new Set([...Object.keys(before), 'COUNT_STARS'])].sort());
  assert.match(read('pkg/generated/commands.d.ts'), /COUNT_STARS/);
  const reference = read('docs/reference.md');
  assert.match(reference, /\n### COUNT_STARS\n/);
  assert.match(reference.split('\n### COUNT_STARS\n')[1].split('\n### ')[0], /\| `merchant_reference` \| required \|/);

  // What the sandbox makes of it: nothing but the data is new to it.
  const fromCopy = (path) => import(pathToFileURL(join(copy, path)).href);
  await (await fromCopy('scripts/lib/assets.js')).packAssets();
  const { createSandbox } = await fromCopy('pkg/sandbox/index.js');
  const { ask } = await import('../../sandbox/plain-merchant.js');
  const sandbox = createSandbox();
  const star = { service_command: 'COUNT_STARS' };
  assert.equal((await ask(sandbox, star)).response_code, '00001', 'what is required is missing');
  assert.equal((await ask(sandbox, { ...star, merchant_reference: 'a', stars: '5' })).response_code, '00027');
  assert.equal((await ask(sandbox, { ...star, merchant_reference: 'a'.repeat(41) })).response_code, '00032');
  const reply = await ask(sandbox, { ...star, merchant_reference: 'a', order_description: 'Stars' });
  assert.equal(reply.status, '98');
  assert.notEqual(reply.fort_id, undefined, 'what the data says that a reply holds');
});
