// What the package weighs, in brotli 11: printed by `npm run bench`, held to its limits by tests/artefacts.test.js.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

/** @param {string | Uint8Array} content */
export function brotli(content) {
  return brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

/**
 * A script bundled and minified by esbuild.
 * @param {string} contents
 * @param {import('esbuild').BuildOptions} [options]
 */
export async function bundle(contents, options) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
    metafile: true,
    ...options,
  });
  const inputs = Object.keys(metafile?.inputs ?? {}).filter((path) => path.startsWith('pkg/'));
  const script = outputFiles?.find(({ path }) => !path.endsWith('.wasm'));
  return { text: script?.text ?? '', inputs, files: outputFiles?.map((file) => file.contents) ?? [] };
}

const CHECKOUT = `import { Amount, validate, Payment } from 'aps-payops'; console.log(Amount, validate, Payment);`;
const ATTACHED = `import { Amount, attachCheckout, validate, Payment } from 'aps-payops'; console.log(Amount, attachCheckout, validate, Payment);`;
const UNUSED = `import 'aps-payops'; import { Amount } from 'aps-payops'; console.log('mine');`;

const CLIENT = `import { PaymentServices, buildForm, openNotification } from 'aps-payops/server'; console.log(PaymentServices, buildForm, openNotification);`;

/**
 * The most that some may weigh.
 * @type {Record<string, number>}
 */
export const LIMITS = {
  'import { Amount, validate, Payment } for browsers, wasm inlined': 27_000,
  'the same with attachCheckout': 32_000,
  'an unused import (not compressed)': 300,
  'the server wasm alone': 72_000,
  'of it PaymentServices, buildForm and openNotification': 96_000,
  'the files that aps-payops/server loads, as shipped': 140_000,
  'the tarball (gzip)': 480_000,
  'the package installed (not compressed)': 1_800_000,
};

/**
 * What is above its limit today. It may grow by half a per cent at most, so that a mended fault is not held up by its bytes.
 * The plain enums of the life cycle and the plans of the dictionary weigh more than the tricks they replaced, the engine of
 * operations and its texts are a fifth of the server's wasm. Compiled for size it would be 6 % less, and building or verifying
 * 16 to 30 % slower; flags of wasm-opt change less than 1 % of any.
 * @type {Record<string, number>}
 */
export const ABOVE_LIMIT = {
  'import { Amount, validate, Payment } for browsers, wasm inlined': 31_900,
  'the same with attachCheckout': 39_650,
  'the server wasm alone': 104_850,
  'of it PaymentServices, buildForm and openNotification': 157_000,
  'the files that aps-payops/server loads, as shipped': 162_000,
  'the tarball (gzip)': 569_000,
};

/** Every figure that has a limit, and the parts of it; in brotli 11 unless its name says otherwise. */
export async function sizes() {
  const server = await bundle(`export * from 'aps-payops/server'`, { platform: 'node' });
  const built = (/** @type {string} */ name, /** @type {string} */ file) =>
    brotli(readFileSync(join(root, 'pkg', 'wasm', name, file)));
  return {
    'import { Amount, validate, Payment } for browsers, wasm inlined': brotli((await bundle(CHECKOUT)).text),
    'the same with attachCheckout': brotli((await bundle(ATTACHED)).text),
    'an unused import (not compressed)': Buffer.byteLength((await bundle(UNUSED)).text),
    'the files that aps-payops/server loads, as shipped': server.inputs.reduce(
      (sum, path) => sum + brotli(readFileSync(join(root, path))),
      0,
    ),
    'aps-payops/server bundled and minified for Node': brotli(server.text),
    'aps-payops/server bundled and minified for Workers, with its wasm': await workerSize(
      `export * from 'aps-payops/server'`,
    ),
    'of it PaymentServices, buildForm and openNotification': await workerSize(CLIENT),
    'the server artefact: wasm and glue': built('server', 'aps_payops_bg.wasm') + built('server', 'aps_payops.js'),
    'the server wasm alone': built('server', 'aps_payops_bg.wasm'),
    'the checkout wasm alone': built('checkout', 'aps_payops_bg.wasm'),
    ...packedSizes(),
  };
}

/** A Worker: its script, and the wasm beside it. @param {string} contents */
async function workerSize(contents) {
  const options = {
    conditions: ['workerd', 'worker'],
    outdir: root,
    loader: { '.wasm': /** @type {const} */ ('file') },
  };
  const { files } = await bundle(contents, options);
  return files.reduce((sum, file) => sum + brotli(file), 0);
}

/** What npm downloads, and what it takes installed: without dependencies there is nothing beside it. */
function packedSizes() {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const [{ size, unpackedSize }] = JSON.parse(
    execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }),
  );
  return { 'the tarball (gzip)': size, 'the package installed (not compressed)': unpackedSize };
}
