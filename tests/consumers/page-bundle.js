// The checks of every bundle for a page, whichever bundler made it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';

const file = (/** @type {string} */ path) =>
  readFileSync(new URL(path, import.meta.resolve('aps-payops/package.json')), 'latin1');

/** Pieces of the server's artefact: as a file, and as Node has it inlined. */
const SERVER = [
  file('pkg/wasm/server/aps_payops_bg.wasm').slice(5000, 5060),
  file('pkg/cjs/inlined.cjs').slice(5000, 5060),
  Buffer.from(file('pkg/wasm/server/aps_payops_bg.wasm').slice(5000, 5060), 'latin1').toString('hex'),
];

/**
 * Runs a script as a page would, and returns what it wrote to `result`.
 * @param {string} script
 * @param {(result: any) => void} [check] how the main entry did; by default, that it counts money
 */
export function assertPageBundle(script, check = assertWorks) {
  for (const piece of SERVER) assert.ok(!script.includes(piece), 'the server’s wasm is in it');
  assert.doesNotMatch(script, /brotliDecompressSync|createHmac/);
  /** @type {Record<string, any>} */
  const page = { WebAssembly, TextEncoder, TextDecoder, console, setTimeout, clearTimeout };
  page.globalThis = page.window = page.self = page;
  runInContext(script, createContext(page));
  assert.match(page.result.signed, /does not run in browsers.*exportConditions: \['node'\]/);
  check(page.result);
}

/** @param {any} result */
function assertWorks({ available, amount }) {
  assert.equal(available, true);
  assert.equal(amount, '1.750');
}
