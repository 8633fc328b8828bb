// Vite: the built page runs in Chromium under a strict policy, and says so where the policy forbids WebAssembly.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { sign } from 'aps-payops/server';
import { build } from 'vite';
import { launchChromium } from '../../chromium.js';
import { assertPageBundle } from '../page-bundle.js';
import { printRow } from '../runtimes.js';

const root = import.meta.dirname;
const dist = join(root, 'dist');
const types = { '.html': 'text/html', '.js': 'text/javascript' };
const withWasm = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'`;
const withoutWasm = `default-src 'none'; script-src 'self'`;

/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('node:http').Server} */
let server;
let policy = withWasm;

before(async () => {
  await build({ root, logLevel: 'silent' });
  server = createServer((request, response) => {
    const file = request.url === '/' ? '/index.html' : String(request.url);
    try {
      const body = readFileSync(join(dist, file));
      response.writeHead(200, { 'content-type': types[extname(file)], 'content-security-policy': policy }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  server?.close();
  rmSync(dist, { recursive: true, force: true });
});

/** @param {string} csp */
async function visit(csp) {
  policy = csp;
  const page = await browser.newPage();
  try {
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => 'result' in window || document.readyState === 'complete');
    assert.deepEqual(errors, []);
    return await page.evaluate(() => window.result);
  } finally {
    await page.close();
  }
}

test('runs with wasm-unsafe-eval alone', async () => {
  const { available, amount, refused, missing } = await visit(withWasm);
  assert.equal(available, true);
  assert.equal(amount, '1.750');
  assert.equal(refused.name, 'ValidationError');
  assert.ok(missing.includes('missing'));
});

test('the server entry refuses to work in a page', async (t) => {
  const { signed } = await visit(withWasm);
  assert.match(signed.message, /browser/);
  const assets = join(dist, 'assets');
  const wasm = readFileSync(new URL('pkg/cjs/inlined.cjs', import.meta.resolve('aps-payops/package.json')), 'utf8');
  for (const name of readdirSync(assets)) {
    assert.ok(!readFileSync(join(assets, name), 'utf8').includes(wasm.slice(5000, 5060)), name);
  }
  printRow(t, 'Vite, page');
});

test('as a library, in every format, it refuses too', async () => {
  for (const format of /** @type {const} */ (['iife', 'umd', 'cjs'])) {
    const lib = { entry: join(root, '..', 'page.js'), formats: [format], name: 'shop', fileName: 'shop' };
    const built = await build({ root, configFile: false, logLevel: 'silent', build: { lib, write: false } });
    const [{ output }] = /** @type {any[]} */ (built);
    assertPageBundle(output[0].code);
  }
});

test('a server that is built whole signs away from the package', async () => {
  const out = mkdtempSync(join(tmpdir(), 'aps-payops-vite-'));
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    build: { ssr: join(root, '..', 'bundlers', 'server.js'), outDir: out },
    ssr: { noExternal: true },
  });
  const [name = ''] = readdirSync(out);
  renameSync(join(out, name), join(out, 'server.mjs'));
  const { stdout, stderr } = spawnSync(process.execPath, ['server.mjs'], { cwd: out, encoding: 'utf8' });
  assert.equal(stdout.trim(), sign({ a: 'b' }, { phrase: 'p', digest: 'SHA-256' }), stderr);
  rmSync(out, { recursive: true });
});

test('import does not throw where the policy forbids WebAssembly; the first call does, and says why', async () => {
  const { available, amount } = await visit(withoutWasm);
  assert.equal(available, false);
  assert.equal(amount.name, 'WasmBlockedError');
  assert.equal(amount.reason, 'csp');
});
