// What the built files hold and weigh: no hash where there must be none, and the limits on size.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const temporary = mkdtempSync(join(tmpdir(), 'aps-payops-artefacts-'));
after(() => rmSync(temporary, { recursive: true }));

const wasm = (/** @type {string} */ name) => readFileSync(join(root, 'pkg', 'wasm', name, 'aps_payops_bg.wasm'));

/** The first words of SHA-512's round constants (FIPS 180-4, 4.2.3); their upper halves are those of SHA-256. */
const roundConstants = [
  0x428a2f98d728ae22n,
  0x7137449123ef65cdn,
  0xb5c0fbcfec4d3b2fn,
  0xe9b5dba58189dbbcn,
  0x3956c25bf348b538n,
  0x59f111f1b605d019n,
  0x923f82a4af194f9bn,
  0xab1c5ed5da6d8118n,
];

/** The first words of the initial states: SHA-256, SHA-512 (FIPS 180-4, 5.3), SHA-1 and MD5 share the last two. */
const initialStates = [0x6a09e667n, 0xbb67ae85n, 0x67452301n, 0xefcdab89n];

/**
 * A number as wasm holds it in code: signed LEB128.
 * @param {bigint} value
 * @param {number} bits
 */
function leb128(value, bits) {
  let rest = BigInt.asIntN(bits, value);
  const bytes = [];
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const done = (rest === 0n && low < 64) || (rest === -1n && low >= 64);
    bytes.push(done ? low : low | 0x80);
    if (done) return Buffer.from(bytes);
  }
}

/**
 * Every way in which a word may lie in a wasm file: in data in either byte order, or in code.
 * @param {bigint} value
 * @param {32 | 64} bits
 */
function forms(value, bits) {
  const bigEndian = Buffer.from(value.toString(16).padStart(bits / 4, '0'), 'hex');
  return [bigEndian, Buffer.from(bigEndian).reverse(), leb128(value, bits)];
}

const holds = (/** @type {Buffer} */ file, /** @type {bigint} */ value, /** @type {32 | 64} */ bits) =>
  forms(value, bits).some((bytes) => file.includes(bytes));

test('the checkout artefact holds no constant of a hash', () => {
  const file = wasm('checkout');
  for (const word of roundConstants) {
    assert.equal(holds(file, word, 64), false, `SHA-512: ${word.toString(16)}`);
    assert.equal(holds(file, word >> 32n, 32), false, `SHA-256: ${(word >> 32n).toString(16)}`);
  }
  for (const word of initialStates) assert.equal(holds(file, word, 32), false, word.toString(16));
});

test('the server artefact holds those of SHA-256 and SHA-512, so the search finds what it looks for', () => {
  const file = wasm('server');
  assert.ok(roundConstants.every((word) => holds(file, word, 64)));
  assert.ok(roundConstants.every((word) => holds(file, word >> 32n, 32)));
});

/**
 * Bundles a script for browsers, as esbuild does for a page.
 * @param {string} contents
 * @param {import('esbuild').BuildOptions} [options]
 */
async function bundle(contents, options) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
    ...options,
  });
  return outputFiles[0]?.text ?? '';
}

/** @param {string | Buffer} content */
function brotli(content) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
  return brotliCompressSync(content, { params }).length;
}

/**
 * Tries every way in which something exported may be called.
 * @param {string} name
 * @param {unknown} thing
 */
function assertRefuses(name, thing) {
  if (typeof thing !== 'function') return;
  const because = /browser/;
  // A class cannot be called, which says nothing of why, so classes are tried with `new`.
  if (/^class\b/.test(Function.prototype.toString.call(thing))) {
    if (!(thing.prototype instanceof Error)) assert.throws(() => Reflect.construct(thing, []), because, `new ${name}`);
  } else {
    assert.throws(() => thing(), because, name);
  }
  for (const key of Object.getOwnPropertyNames(thing)) {
    if (['length', 'name', 'prototype', 'arguments', 'caller'].includes(key)) continue;
    const member = Reflect.get(thing, key);
    if (typeof member === 'function' && !(thing.prototype instanceof Error)) {
      assert.throws(() => member.call(thing), because, `${name}.${key}`);
    }
  }
}

test('bundled for a browser, /server throws on every call, saying why, and holds no wasm and no signer', async () => {
  const text = await bundle(`export * from 'aps-payops/server'`);
  assert.doesNotMatch(text, /0061736d01000000/i, 'there is wasm in it');
  assert.doesNotMatch(text, /subtle|WebAssembly\.(Module|instantiate)|createHash|createHmac/);
  const file = join(temporary, 'server-in-browser.mjs');
  writeFileSync(file, text);
  const inBrowser = await import(pathToFileURL(file).href);
  const server = await import('aps-payops/server');
  assert.deepEqual(
    Object.keys(inBrowser).sort(),
    Object.keys(server).sort(),
    'the same names, so that imports resolve',
  );
  assert.ok(Object.keys(inBrowser).includes('sign'));
  for (const [name, thing] of Object.entries(inBrowser)) assertRefuses(name, thing);
});

test('a browser bundle of the main entry holds the checkout artefact and not the server one', async () => {
  const text = await bundle(`export * from 'aps-payops'`);
  assert.ok(text.includes(wasm('checkout').toString('hex')));
  assert.ok(!text.includes(wasm('server').toString('hex')));
});

test('the slim entry holds no wasm', async () => {
  assert.doesNotMatch(await bundle(`export * from 'aps-payops/slim'`), /0061736d01000000/i);
});

test('an unused import weighs at most 300 bytes', async (t) => {
  for (const entry of ['aps-payops', 'aps-payops/server', 'aps-payops/slim']) {
    const used = `import '${entry}'; import { Amount } from '${entry}'; console.log('mine');`;
    const { length } = Buffer.from(await bundle(used));
    t.diagnostic(`${entry}, unused: ${length} bytes`);
    assert.ok(length <= 300, `${entry}: ${length} bytes`);
  }
});

test('amounts, validation and life cycle in a page weigh at most 20 KB', async (t) => {
  const used = `import { Amount, validate, Payment } from 'aps-payops'; console.log(Amount, validate, Payment);`;
  const size = brotli(await bundle(used));
  t.diagnostic(`browser bundle: ${size} bytes in brotli 11`);
  assert.ok(size <= 20_000, `${size} bytes`);
});

test("the server's files weigh at most 45 KB", async (t) => {
  const { metafile, outputFiles } = await build({
    stdin: { contents: `export * from 'aps-payops/server'`, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    metafile: true,
    absWorkingDir: root,
    logLevel: 'silent',
  });
  const files = Object.keys(metafile.inputs).filter((path) => path.startsWith('pkg/'));
  const shipped = files.reduce((sum, path) => sum + brotli(readFileSync(join(root, path))), 0);
  const bundled = brotli(Buffer.from(outputFiles[0]?.contents ?? []));
  t.diagnostic(`server, in brotli 11: ${shipped} bytes as shipped (${files.length} files), ${bundled} bundled`);
  assert.ok(shipped <= 45_000, `${shipped} bytes`);
});
