// What each entry holds.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as main from 'aps-payops';
import * as server from 'aps-payops/server';

const root = new URL('.', import.meta.resolve('aps-payops/package.json'));
const { exports } = (await import('aps-payops/package.json', { with: { type: 'json' } })).default;
const require = createRequire(import.meta.url);
const names = (entry) => Object.keys(entry).sort();
const isError = (thing) => thing.prototype instanceof Error;
const SERVERS = ['./server', './journal', './sandbox', './apple-pay'];

/** What the first condition that holds leads to. */
function led(found, holds) {
  if (typeof found === 'string') return new URL(found, root);
  const [, next] = Object.entries(found).find(([condition]) => condition === 'default' || holds.includes(condition));
  return led(next, holds);
}

/** An entry as a runtime gets it. */
const load = async (entry, ...holds) => {
  const url = led(exports[entry], holds);
  return url.pathname.endsWith('.cjs') ? require(fileURLToPath(url)) : await import(url.href);
};

for (const entry of SERVERS) {
  for (const holds of [[], ['browser'], ['require'], ['browser', 'require'], ['react-native'], ['worker', 'browser']]) {
    test(`${entry} where only ${holds.join(' and ') || 'default'} holds: the same names, and every call throws`, async () => {
      const own = await import(entry.replace('.', 'aps-payops'));
      assertRefuses(await load(entry, ...holds), own, {
        name: 'ConfigurationError',
        code: 'not_in_browsers',
        message: /must not be in a browser.*exportConditions: \['node'\]/,
      });
    });
  }
}

/**
 * @param {Record<string, any>} browser what stands for an entry
 * @param {Record<string, any>} server the entry
 * @param {object} refused the error of every call
 */
function assertRefuses(browser, server, refused) {
  assert.deepEqual(names(browser), names(server));
  for (const name of names(server)) {
    if (Array.isArray(server[name])) {
      assert.deepEqual(browser[name], []);
      continue;
    }
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
}

test('in React Native nothing fails on import, and every call says why it fails', async () => {
  for (const entry of ['.', './slim']) {
    const native = await load(entry, 'react-native', 'require');
    const own = await load(entry, 'node', 'require');
    assert.equal(native.isAvailable(), false);
    const rest = ({ isAvailable, ...others }) => others;
    assertRefuses(rest(native), rest(own), { name: 'WasmBlockedError', reason: 'unsupported', message: /Hermes/ });
  }
});

test('import and require of every entry share their classes', async () => {
  for (const entry of ['.', ...SERVERS, './slim']) {
    const specifier = entry.replace('.', 'aps-payops');
    const imported = { ...(await import(specifier)) };
    assert.deepEqual(names(imported), names(require(specifier)), entry);
    for (const name of names(imported)) assert.equal(imported[name], require(specifier)[name], `${entry} ${name}`);
  }
});

test('modules for pages import only by relative path', async () => {
  for (const entry of ['.', './slim', ...SERVERS]) {
    const seen = new Set();
    const visit = (url) => {
      if (seen.has(url.href)) return;
      seen.add(url.href);
      const text = readFileSync(url, 'utf8');
      for (const [, from] of text.matchAll(/(?:^|[;\n])(?:import|export)\b[^;"'()=]*["']([^"']+)["']/g)) {
        assert.match(from, /^\.\.?\//, url.href);
        visit(new URL(from, url));
      }
    };
    visit(led(exports[entry], []));
    // Errors are shared, so there is something to import.
    assert.ok(seen.size > 1, entry);
  }
});

test('a page that lacks TextEncoder, TextDecoder, fetch and WebAssembly imports everything', () => {
  const script = `
    import assert from 'node:assert/strict';
    for (const name of ['TextEncoder', 'TextDecoder', 'fetch', 'Request', 'Response', 'WebAssembly', 'crypto', 'URL']) {
      delete globalThis[name];
      assert.equal(typeof globalThis[name], 'undefined', name);
    }
    const urls = ${JSON.stringify(['.', './slim', ...SERVERS].map((entry) => led(exports[entry], []).href))};
    const entries = await Promise.all(urls.map((url) => import(url)));
    assert.equal(entries[0].isAvailable(), false);
    assert.throws(() => entries[0].Amount.parse('1', 'AED'), { name: 'WasmBlockedError', reason: 'unsupported' });
  `;
  const run = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
});

test('a page in CommonJS works without TextEncoder and TextDecoder, in any script', () => {
  const script = `
    const assert = require('node:assert/strict');
    delete globalThis.TextEncoder;
    delete globalThis.TextDecoder;
    const { Amount, validate } = require(${JSON.stringify(fileURLToPath(led(exports['.'], ['browser', 'require'])))});
    assert.equal(String(Amount.parse('1.750', 'IQD')), '1.750');
    const name = 'Zoë \u0645\u062d\u0645\u062f \u{1f600}';
    const [issue] = validate('CAPTURE', { merchant_reference: 'one', amount: Amount.parse('1', 'AED'), [name]: 'x' });
    assert.equal(issue.parameter, name);
  `;
  const run = spawnSync(process.execPath, ['--input-type=commonjs', '--eval', script], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
});

test('a server loads forms, texts of codes and readers of batches only when it calls them', () => {
  const script = `
    const loaded = () => Object.keys(require.cache).map((path) => path.split(/[\\\\/]/).at(-1));
    const { attachCheckout, describe, readBatchResults } = require('aps-payops/server');
    const before = loaded();
    const later = [];
    const note = (file) => later.push([file, before.includes(file), loaded().includes(file)]);
    describe('14000');
    note('code-text.cjs');
    try {
      attachCheckout({});
    } catch {
      note('checkout.cjs');
    }
    readBatchResults('').next().catch(() => {}).then(() => {
      note('results.cjs');
      console.log(JSON.stringify(later));
    });
  `;
  const run = spawnSync(process.execPath, ['--input-type=commonjs', '--eval', script], { encoding: 'utf8' });
  assert.deepEqual(JSON.parse(run.stdout || run.stderr), [
    ['code-text.cjs', false, true],
    ['checkout.cjs', false, true],
    ['results.cjs', false, true],
  ]);
});

test('every entry has the same classes', async () => {
  for (const name of names(main)) assert.equal(server[name], main[name], name);
  const slim = await import('aps-payops/slim');
  assert.deepEqual(names(slim), [...names(main), 'init'].sort());
  assert.equal(slim.Amount, main.Amount);
});

test('every runtime of servers gets the signer, and everything else does not', async () => {
  const runtimes = {
    server: ['node', 'deno', 'bun', 'netlify', 'workerd', 'edge-light'],
    page: ['browser', 'worker', ''],
  };
  for (const entry of ['./server', './journal']) {
    const refused = new Set(['import', 'require'].map((kind) => led(exports[entry], [kind]).href));
    for (const runtime of runtimes.server) {
      for (const kind of ['import', 'require']) {
        // What bundles for an edge may hold `browser` as well, and Deno and Bun are `node` too.
        assert.ok(!refused.has(led(exports[entry], [runtime, kind]).href), `${entry} ${runtime} ${kind}`);
        if (runtime !== 'node') {
          assert.ok(!refused.has(led(exports[entry], [runtime, 'browser', kind]).href), `${entry} ${runtime} ${kind}`);
        }
      }
    }
    for (const runtime of runtimes.page) assert.ok(refused.has(led(exports[entry], [runtime, 'import']).href), runtime);
  }
});

test('tools that ignore exports get what is safe in a page', () => {
  const whole = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const leads = { '.': { ...whole, folder: root } };
  for (const entry of ['./slim', ...SERVERS]) {
    const folder = new URL(`${entry}/`, root);
    leads[entry] = { ...JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')), folder };
  }
  for (const [entry, { main, module, types, folder, ...lead }] of Object.entries(leads)) {
    assert.equal(new URL(main, folder).href, led(exports[entry], ['require']).href, entry);
    assert.equal(new URL(module, folder).href, led(exports[entry], []).href, entry);
    assert.equal(new URL(lead['react-native'], folder).href, led(exports[entry], ['react-native']).href, entry);
    assert.ok(readFileSync(new URL(types, folder), 'utf8').length > 0, entry);
  }
});

test('without WebAssembly the first call reports it', () => {
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
