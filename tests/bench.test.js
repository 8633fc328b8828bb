// The benchmark runs, and prints a figure for everything that has a limit. (What the figures are is not tested: they are
// of whatever machine this is, with whatever else it does.)

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { LIMITS } from '../benches/sizes.js';

const root = resolve(import.meta.dirname, '..');

/** The lines for what users do. */
const EXPECTED = [
  'a flat ASCII request ÷ zod and by hand',
  'a request in Arabic ÷ zod and by hand',
  'a request with options ÷ zod and by hand',
  'a request with { payment } ÷ zod and by hand',
  'a nested request ÷ zod and by hand',
  'verify ÷ by hand',
  'openReply ÷ verify',
  'openNotification ÷ verify',
  'aps.capture(params) ÷ verify',
  'aps.capture(params, { payment }) ÷ verify',
  'aps-payops/server to the first signature',
  'the first ÷ node:crypto',
  'valibot, then node:crypto by hand',
  'payfort-node: sign alone',
  '@noble/hashes: sign alone',
  'the tarball (gzip)',
  'the package installed (not compressed)',
  ...Object.keys(LIMITS),
];

test('a short run of the benchmark prints every figure', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['benches/bench.js', '--short'], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  for (const name of EXPECTED) {
    const line = stdout.split('\n').find((text) => text.trim().startsWith(name));
    assert.ok(line, `nothing of ${name} in\n${stdout}`);
    const [, figure] = /^\s+(-?\d+(?:\.\d+)?)(?:\s|$)/.exec(line.trim().slice(name.length)) ?? [];
    assert.ok(Number.isFinite(Number(figure)), line);
  }
  assert.match(stdout, /^\d+ of \d+ limits kept/m);
});
