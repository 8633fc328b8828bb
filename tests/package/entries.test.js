// What each entry holds.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import * as main from 'aps-payops';
import * as server from 'aps-payops/server';

/** A file of the package that no condition of Node's leads to. */
const file = (path) => import(new URL(path, import.meta.resolve('aps-payops/package.json')).href);
const names = (entry) => Object.keys(entry).sort();

test('what a browser gets in place of the server has the same names, and every call throws', async () => {
  const browser = await file('pkg/server.browser.js');
  assert.deepEqual(names(browser), names(server));
  const refused = { name: 'ConfigurationError', code: 'not_in_browsers', message: /must not be in a browser/ };
  const isError = (thing) => thing.prototype instanceof Error;
  for (const name of names(server)) {
    if (isError(server[name])) {
      assert.ok(isError(browser[name]), name);
      continue;
    }
    if (/^class\b/.test(String(server[name]))) {
      assert.throws(() => new browser[name](), refused, name);
      const statics = Object.getOwnPropertyNames(server[name]).filter((own) => typeof server[name][own] === 'function');
      for (const own of statics) assert.throws(() => browser[name][own](), refused, `${name}.${own}`);
    } else {
      assert.throws(() => browser[name](), refused, name);
    }
  }
});

test('every entry has the same classes', async () => {
  for (const name of names(main)) assert.equal(server[name], main[name], name);
  const slim = await import('aps-payops/slim');
  assert.deepEqual(names(slim), [...names(main), 'init'].sort());
  assert.equal(slim.Amount, main.Amount);
});

test('what every runtime is led to shares its modules', async () => {
  const { exports } = (await import('aps-payops/package.json', { with: { type: 'json' } })).default;
  const runtimes = ['workerd', 'edge-light', 'deno', 'bun', 'browser', 'node', 'default'];
  for (const runtime of runtimes) {
    // Of conditions that hold the first counts. Deno and Bun, and what bundles for an edge, are `node` as well.
    const holds = (condition) =>
      condition === runtime || condition === 'default' || (condition === 'node' && runtime !== 'browser');
    const led = ['.', './server', './slim'].map(
      (entry) => Object.entries(exports[entry]).find(([own]) => holds(own))[1],
    );
    const folders = new Set(led.map((path) => path.slice(0, path.lastIndexOf('/'))));
    assert.equal(folders.size, 1, `${runtime}: ${led}`);
  }
});

test('an engine without WebAssembly is told at the first call', () => {
  const script = `
    import assert from 'node:assert/strict';
    import { Amount, WasmBlockedError, isAvailable } from 'aps-payops/server';
    assert.equal(isAvailable(), false);
    assert.throws(() => Amount.parse('1', 'AED'), (error) => error instanceof WasmBlockedError && error.reason === 'unsupported');
  `;
  const run = spawnSync(process.execPath, ['--jitless', '--input-type=module', '--eval', script], {
    cwd: new URL('.', import.meta.url),
    encoding: 'utf8',
  });
  assert.equal(run.status, 0, run.stderr);
});

test('the slim entry works once the wasm is there, and not before', () => {
  const script = `
    import assert from 'node:assert/strict';
    import { readFileSync } from 'node:fs';
    import { fileURLToPath } from 'node:url';
    import { Amount, ApsError, WasmBlockedError, init, isAvailable } from 'aps-payops/slim';
    assert.equal(isAvailable(), true);
    assert.throws(() => Amount.parse('1', 'AED'), (error) => error instanceof ApsError && /init/.test(error.message));
    await assert.rejects(init(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)), TypeError);
    await assert.rejects(init(new Uint8Array([1, 2, 3])), WasmBlockedError);
    await assert.rejects(init('data:text/plain,'), WasmBlockedError);
    await assert.rejects(init('http://127.0.0.1:1/'), TypeError);
    const bytes = readFileSync(fileURLToPath(import.meta.resolve('aps-payops/checkout.wasm')));
    await Promise.all([init(bytes), init(bytes)]);
    assert.equal(isAvailable(), true);
    assert.equal(String(Amount.parse('1', 'AED')), '1.00');
    const types = [undefined, 'application/wasm', 'application/octet-stream'];
    for (const type of types) await init(new Response(bytes, { headers: type ? { 'content-type': type } : {} }));
  `;
  const run = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: new URL('.', import.meta.url),
    encoding: 'utf8',
  });
  assert.equal(run.status, 0, run.stderr);
});
