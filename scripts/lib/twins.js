// Texts that the CommonJS build and the ES modules of pages both hold: the page's wasm, and what response codes say. They are
// files of their own, with the same names in pkg/cjs and pkg/esm: npm packs files by ending and name, so twins lie side by
// side, and gzip, which looks back 32 KiB, stores the second as a reference to the first. That is 5 % of the tarball (34 kB).

import { pathToFileURL } from 'node:url';
import { at } from './paths.js';

/** The most bytes of a file: gzip must still see the start of its twin. */
const MOST = 30_000;

/** The modules that become twins, and the names of these. */
const MODULES = { 'pkg/wasm/checkout/bytes.js': 'page-wasm', 'pkg/generated/codes.js': 'code-texts' };

/** How a module names a twin: beside itself. */
export const TWIN = /^\.\/(?:page-wasm|code-texts)-\d+\.js$/;

/** @typedef {{ name: string, texts: { name: string, text: string }[] }} Twin a file, and the constants in it */

/** @returns {Promise<{ twins: Twin[], replaced: [RegExp, () => string][] }>} `replaced`: what stands for the modules */
export async function describeTwins() {
  /** @type {Twin[]} */
  const twins = [];
  /** @type {[RegExp, () => string][]} */
  const replaced = [];
  for (const [path, base] of Object.entries(MODULES)) {
    /** @type {Record<string, string>} */
    const constants = await import(`${pathToFileURL(at(path))}?${Date.now()}`);
    const own = twinsOf(base, constants);
    twins.push(...own);
    const contents = joinTwins(constants, own);
    replaced.push([
      new RegExp(`${path.slice('pkg'.length).replaceAll('/', '[\\\\/]').replaceAll('.js', '\\.js')}$`),
      () => contents,
    ]);
  }
  return { twins, replaced };
}

/**
 * Puts pieces of the constants into as few files as they fit in.
 * @param {string} base
 * @param {Record<string, string>} constants
 */
function twinsOf(base, constants) {
  /** @type {Twin[]} */
  const twins = [];
  let room = 0;
  for (const [name, text] of Object.entries(constants)) {
    piecesOf(text).forEach((piece, index) => {
      const size = Buffer.byteLength(piece);
      if (size > room) {
        twins.push({ name: `${base}-${twins.length + 1}`, texts: [] });
        room = MOST;
      }
      room -= size;
      twins.at(-1)?.texts.push({ name: `${name}_${index + 1}`, text: piece });
    });
  }
  return twins;
}

/** Pieces of text without surrogates. @param {string} text */
function piecesOf(text) {
  const length = Math.floor((MOST * text.length) / Buffer.byteLength(text));
  return text.match(new RegExp(`[^]{1,${length}}`, 'g')) ?? [];
}

/**
 * A module that gathers the constants from their twins.
 * @param {Record<string, string>} constants
 * @param {Twin[]} twins
 */
function joinTwins(constants, twins) {
  const imports = twins.map(
    ({ name, texts }) => `import { ${texts.map((one) => one.name).join(', ')} } from './${name}.js';\n`,
  );
  const names = twins.flatMap(({ texts }) => texts.map((one) => one.name));
  const exports = Object.keys(constants).map((name) => {
    const whole = names.filter((one) => one.startsWith(`${name}_`)).join(' + ');
    return `${name === 'default' ? 'export default' : `export const ${name} =`} ${whole};\n`;
  });
  return [...imports, ...exports].join('');
}

/**
 * @param {Twin[]} twins
 * @param {(path: string, text: string) => void} write
 */
export function writeTwins(twins, write) {
  const lines = (/** @type {Twin} */ { texts }, /** @type {string} */ prefix) =>
    texts.map(({ name, text }) => `${prefix}${name}=${JSON.stringify(text)};\n`).join('');
  // The entries beside them are `.cjs` and `.mjs`, which say themselves what they are.
  write('cjs/package.json', '{ "type": "commonjs", "sideEffects": false }\n');
  for (const twin of twins) {
    write(`cjs/${twin.name}.js`, lines(twin, 'exports.'));
    write(`esm/${twin.name}.js`, lines(twin, 'export const '));
  }
}
