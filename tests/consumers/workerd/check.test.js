// workerd: a Worker that imports the .wasm file signs. Edge functions get the same with `?module`.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import workerd from 'workerd';
import { params, phrase, signature } from '../expected.js';
import { printRow } from '../runtimes.js';

const here = import.meta.dirname;
const dist = join(here, 'dist');

/** @param {'workerd' | 'edge-light'} condition */
const bundle = (condition) =>
  build({
    entryPoints: [join(here, 'worker.js')],
    outdir: dist,
    bundle: true,
    format: 'esm',
    conditions: [condition],
    loader: { '.wasm': 'copy' },
    assetNames: '[name]',
    logLevel: 'silent',
    write: condition === 'workerd',
  });

/** @type {import('node:child_process').ChildProcess} */
let server;
/** @type {string} */
let url;

before(async () => {
  await bundle('workerd');
  server = spawn(workerd.default ?? workerd, ['serve', 'config.capnp', '--control-fd=3'], {
    cwd: here,
    env: { ...process.env, APS_SHA_REQUEST_PHRASE: phrase },
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  url = await new Promise((resolve, reject) => {
    server.on('exit', (code) => reject(new Error(`workerd ended with exit code ${code}`)));
    server.stdio[3]?.on('data', (line) => {
      const { event, port } = JSON.parse(String(line).split('\n')[0] ?? '');
      if (event === 'listen') resolve(`http://127.0.0.1:${port}/`);
    });
  });
});

after(() => {
  server?.removeAllListeners('exit');
  server?.kill();
  rmSync(dist, { recursive: true, force: true });
});

test('the Worker signs', async (t) => {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(params) });
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { amount: '49.99', signature });
  printRow(t, 'workerd');
});

test('the Worker carries no inlined wasm', () => {
  assert.doesNotMatch(readFileSync(join(dist, 'worker.js'), 'utf8'), /0061736d01000000/);
});

test('for edge functions the file is imported as a module', async () => {
  const { outputFiles = [] } = await bundle('edge-light');
  const script = outputFiles.find(({ path }) => path.endsWith('.js'));
  assert.match(script?.text ?? '', /from "\.\/aps_payops_bg\.wasm\?module"/);
  assert.doesNotMatch(script?.text ?? '', /0061736d01000000/);
});
