// Node's entries as few files: Node spends half a millisecond on every module that it finds and links, which is most of
// a cold start. Code that entries share goes into one chunk, so classes are the same in all of them; `aps-payops` is a
// part of `aps-payops/server`, and loads it. The sources are what every bundler and other runtime gets. For the same
// reason what the sources import when it is needed comes along at once: a chunk of its own would part the others where
// they share code with it, and two more files cost Node 1 ms.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { at } from './paths.js';
import { step } from './step.js';

const bundled = ['server', 'slim', 'apple-pay', 'journal'];
const entries = [...bundled, 'index'];

export async function bundleForNode() {
  const modules = readdirSync(at('pkg')).filter((name) => name.endsWith('.js'));
  const folders = [
    'batch',
    'checkout',
    'client',
    'core',
    'generated',
    'journal',
    'loaders',
    'message',
    'money',
    'net',
    'operation',
    'wasm',
  ];
  const inputs = [...modules, ...folders].map((name) => `pkg/${name}`);
  await step(
    'entries for Node',
    {
      inputs: [...inputs, 'package.json', 'scripts/lib/bundle.js'],
      outputs: entries.map((name) => `pkg/node/${name}.js`),
    },
    bundle,
  );
}

const OTHERS = /[^\0-\x7f]/g;
const escaped = (/** @type {string} */ character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

async function bundle() {
  const { build } = await import('esbuild');
  rmSync(at('pkg', 'node'), { recursive: true, force: true });
  /** @type {import('esbuild').BuildOptions} */
  const options = {
    outdir: at('pkg', 'node'),
    absWorkingDir: at(),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    charset: 'utf8',
    minifySyntax: true,
    metafile: true,
    logLevel: 'warning',
    plugins: [
      { name: 'at once', setup: (one) => one.onLoad({ filter: /[\\/]pkg[\\/]batch[\\/]index\.js$/ }, importsAtOnce) },
      { name: 'base64', setup: (one) => one.onLoad({ filter: /[\\/]loaders[\\/]hex\.js$/ }, asBase64) },
    ],
  };
  await build({ ...options, entryPoints: bundled.map((name) => at('pkg', `${name}.js`)) });
  // One character that is not ASCII, and engines take two bytes for each of the wasm's.
  for (const name of readdirSync(at('pkg', 'node'))) {
    const file = at('pkg', 'node', name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(OTHERS, escaped));
  }
  const { metafile } = await build({ ...options, entryPoints: [at('pkg', 'index.js')], write: false });
  const names = Object.values(metafile?.outputs ?? {}).find(({ entryPoint }) => entryPoint)?.exports ?? [];
  writeFileSync(
    at('pkg', 'node', 'index.js'),
    `export {\n${names.map((name) => `  ${name},\n`).join('')}} from './server.js';\n`,
  );
}

/**
 * A module that imports at once what it would import later.
 * @param {{ path: string }} file
 */
function importsAtOnce({ path }) {
  /** @type {string[]} */
  const imports = [];
  const contents = readFileSync(path, 'utf8').replaceAll(/(?<==> )import\(('[^']+')\)(?=;)/g, (_, from) => {
    imports.push(`import * as later${imports.length} from ${from};\n`);
    return `Promise.resolve(later${imports.length - 1})`;
  });
  return { contents: imports.join('') + contents, loader: /** @type {const} */ ('js') };
}

/**
 * The wasm as base64: nobody compresses it for Node, and there is a third less of it to read and to parse than of hex.
 */
function asBase64() {
  const text = readFileSync(at('pkg', 'wasm', 'server', 'aps_payops_bg.wasm')).toString('base64');
  return { contents: `export const inlinedBytes = () => Buffer.from('${text}', 'base64');` };
}
