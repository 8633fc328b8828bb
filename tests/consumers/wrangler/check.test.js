// Wrangler, dry run: the Worker and its wasm, as they would be deployed. It needs Node 22.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { project } from '../project.js';
import { printRow } from '../runtimes.js';

const { path, skip, run } = project('wrangler');
const node = process.env.NODE_24 ?? process.execPath;
const major = Number(process.versions.node.split('.')[0]);
const tooOld = !process.env.NODE_24 && major < 22 && 'Wrangler needs Node 22: NODE_24 names one.';

test('Wrangler, dry run', { skip: skip || tooOld }, (t) => {
  const script = 'node_modules/wrangler/bin/wrangler.js';
  run([script, 'deploy', '--dry-run', '--outdir', 'dist'], { node, env: { WRANGLER_SEND_METRICS: 'false' } });
  const names = readdirSync(join(path, 'dist'));
  assert.equal(names.filter((name) => name.endsWith('.wasm')).length, 1, names.join(' '));
  const worker = readFileSync(join(path, 'dist', 'worker.js'), 'utf8');
  assert.match(worker, /aps_payops_bg\.wasm/);
  assert.doesNotMatch(worker, /brotliDecompressSync/);
  printRow(t, 'Wrangler, dry run');
});
