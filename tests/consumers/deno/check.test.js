// Deno signs and takes a payment through the sandbox.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sign } from 'aps-payops/server';
import { project } from '../project.js';
import { printRow } from '../runtimes.js';

const { path, skip } = project('deno');

/** npm has a package of it for each platform. */
function findBinary() {
  const folder = join(path, 'node_modules', '@deno');
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder)
    .flatMap((name) => [join(folder, name, 'deno'), join(folder, name, 'bin', 'deno')])
    .find((file) => existsSync(file));
}

const binary = skip ? undefined : findBinary();

test('Deno', { skip: skip || (binary ? false : 'npm has no Deno for this machine.') }, (t) => {
  // The package was replaced where it lay: what Deno kept of the old one is not of this one.
  const flags = ['run', '--no-code-cache', '--node-modules-dir=manual', '-A', '--no-lock'];
  const { status, stdout, stderr } = spawnSync(String(binary), [...flags, 'sign.mjs'], { cwd: path, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const signature = sign({ a: 'b' }, { phrase: 'p', digest: 'SHA-256' });
  assert.deepEqual(JSON.parse(stdout), { outcome: 'succeeded', signature, same: true, openStore: 'function' });
  printRow(t, 'Deno');
});
