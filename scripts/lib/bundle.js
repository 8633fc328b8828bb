// Node's entries as few files: Node spends half a millisecond on every module that it finds and links, which is most of
// a cold start. Code that entries share goes into one chunk, so classes are the same in all of them. The sources are
// what every bundler and other runtime gets. For the same reason what the sources import when it is needed comes along at
// once: a chunk of its own would part the others where they share code with it, and two more files cost Node 1 ms.

import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { at } from './paths.js';
import { step } from './step.js';

const entries = ['index', 'server', 'slim'];

export async function bundleForNode() {
  const modules = readdirSync(at('pkg')).filter((name) => name.endsWith('.js'));
  const folders = ['batch', 'checkout', 'loaders', 'generated', 'wasm'];
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

async function bundle() {
  const { build } = await import('esbuild');
  rmSync(at('pkg', 'node'), { recursive: true, force: true });
  await build({
    entryPoints: entries.map((name) => at('pkg', `${name}.js`)),
    outdir: at('pkg', 'node'),
    absWorkingDir: at(),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    charset: 'utf8',
    minifySyntax: true,
    logLevel: 'warning',
    plugins: [{ name: 'at once', setup: (one) => one.onLoad({ filter: /[\\/]pkg[\\/]\w+\.js$/ }, importsAtOnce) }],
  });
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
