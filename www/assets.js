// The assets of the pages: scripts are bundled in memory; each file is compressed once and named by its hash, so that browsers
// can cache it for a year.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { build } from 'esbuild';

/**
 * @typedef {object} Asset
 * @property {string} type
 * @property {Uint8Array} body
 * @property {Uint8Array} [br] the same in Brotli
 * @property {Uint8Array} [gzip]
 */

const here = (/** @type {string} */ name) => new URL(name, import.meta.url);

/** @type {Promise<Record<string, Asset>> | undefined} */
let loaded;

/**
 * Built once per process.
 *
 * @returns {Promise<Record<string, Asset>>} by path, such as `/assets/checkout-1a2b3c4d5e.js`
 */
export function loadAssets() {
  loaded ??= load();
  return loaded;
}

async function load() {
  const scripts = await bundle(['checkout', 'desk']);
  const text = async (/** @type {string} */ name) => readFile(here(name));
  const wasm = fileURLToPath(import.meta.resolve('aps-payops/checkout.wasm'));
  const files = [
    ...scripts.map(({ name, body }) => ({ name, type: 'text/javascript; charset=utf-8', body })),
    { name: 'checkout.wasm', type: 'application/wasm', body: await readFile(wasm) },
    { name: 'icon.svg', type: 'image/svg+xml', body: await text('./page/icon.svg') },
  ];
  for (const name of ['base.css', 'desk.css', 'shop.css']) {
    files.push({ name, type: 'text/css; charset=utf-8', body: await minified(`./style/${name}`) });
  }
  return Object.fromEntries(await Promise.all(files.map(asset)));
}

/** @param {string[]} names */
async function bundle(names) {
  const { outputFiles } = await build({
    entryPoints: names.map((name) => fileURLToPath(here(`./page/${name}.js`))),
    outdir: fileURLToPath(here('./page')),
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
  });
  return outputFiles.map(({ path, contents }) => ({ name: path.slice(path.lastIndexOf('/') + 1), body: contents }));
}

/** @param {string} path of a style sheet */
async function minified(path) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(here(path))],
    minify: true,
    write: false,
    target: ['chrome120', 'firefox121', 'safari17'],
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

/**
 * @param {{ name: string, type: string, body: Uint8Array }} file
 * @returns {Promise<[string, Asset]>}
 */
async function asset({ name, type, body }) {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 10);
  const [br, zipped] = await Promise.all([promisify(brotliCompress)(body), promisify(gzip)(body, { level: 9 })]);
  return [`/assets/${name.replace(/\.(?=\w+$)/, `-${hash}.`)}`, { type, body, br, gzip: zipped }];
}
