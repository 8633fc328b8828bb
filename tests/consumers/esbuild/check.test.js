// esbuild: a function bundled for Node into one file, in both module systems, runs away from node_modules.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { params, phrase, signature } from '../expected.js';
import { assertPageBundle } from '../page-bundle.js';
import { printRow } from '../runtimes.js';

const out = mkdtempSync(join(tmpdir(), 'aps-payops-esbuild-'));
after(() => rmSync(out, { recursive: true }));
process.env.APS_SHA_REQUEST_PHRASE = phrase;

const require = createRequire(import.meta.url);

/**
 * @param {string} entry
 * @param {'esm' | 'cjs'} format
 * @param {boolean} minify
 */
async function bundled(entry, format, minify) {
  const outfile = join(out, `${minify ? 'min-' : ''}${entry}.${format === 'cjs' ? 'cjs' : 'mjs'}`);
  const { warnings } = await build({
    entryPoints: [join(import.meta.dirname, `${entry}.js`)],
    outfile,
    bundle: true,
    platform: 'node',
    format,
    minify,
    logLevel: 'silent',
  });
  assert.deepEqual(warnings, []);
  return format === 'cjs' ? require(outfile) : import(pathToFileURL(outfile).href);
}

for (const format of /** @type {const} */ (['esm', 'cjs'])) {
  for (const minify of [false, true]) {
    const name = `${format}${minify ? ', minified' : ''}`;

    test(name, async () => {
      const { handler } = await bundled('function', format, minify);
      const request = new Request('http://localhost/', { method: 'POST', body: JSON.stringify(params) });
      const response = await handler(request);
      assert.deepEqual(await response.json(), { amount: '49.99', signature });
    });

    test(`the sandbox: ${name}`, async () => {
      const { run } = await bundled('sandbox', format, minify);
      const type = 'text/css;charset=UTF-8';
      assert.deepEqual(await run(), { outcome: 'succeeded', asksForCard: true, sheet: 200, type });
    });
  }
}

test('a page refuses to sign', async (t) => {
  const entryPoints = [join(import.meta.dirname, '..', 'page.js')];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: 'iife', write: false, logLevel: 'silent' });
  assertPageBundle(outputFiles[0]?.text ?? '');
  printRow(t, 'esbuild, page');
});

test('the zip of a Lambda is the bundle alone', async (t) => {
  const zip = join(out, 'zip');
  mkdirSync(zip);
  await bundled('function', 'cjs', true);
  copyFileSync(join(out, 'min-function.cjs'), join(zip, 'index.js'));
  const script = `
    require('./index.js').handler(new Request('http://localhost/', { method: 'POST', body: process.argv[1] }))
      .then((response) => response.text()).then(console.log)`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script, JSON.stringify(params)], {
    cwd: zip,
    encoding: 'utf8',
    env: { AWS_LAMBDA_FUNCTION_NAME: 'pay', APS_SHA_REQUEST_PHRASE: phrase },
  });
  assert.equal(stderr, '');
  assert.deepEqual(JSON.parse(stdout), { amount: '49.99', signature });
  rmSync(zip, { recursive: true });
  printRow(t, 'esbuild, AWS Lambda zip');
});

test('nothing lies beside the bundles', () => {
  const names = ['function.cjs', 'function.mjs', 'sandbox.cjs', 'sandbox.mjs'];
  assert.deepEqual(readdirSync(out).sort(), [...names, ...names.map((name) => `min-${name}`)].sort());
});
