// Builds the code that npm ships: CommonJS for Node, Deno, Bun and tests of pages (pkg/cjs), with thin ES wrappers so that
// `import` and `require` share their classes; ES modules for pages, apps and edges (pkg/esm). Code that entries share is in
// chunks, so nothing is included twice. Local names are shortened, and those that stack traces show stay (minify.js).

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { shorten } from './minify.js';
import { at } from './paths.js';
import { describeEntries, refusalSource } from './refusals.js';
import { Problem } from './run.js';
import { step } from './step.js';
import { describeTwins, TWIN, writeTwins } from './twins.js';

/** Entries for servers, by the source that each is made of. */
const SERVER = {
  server: './pkg/server.js',
  journal: './pkg/journal.js',
  sandbox: './pkg/sandbox/index.js',
  'apple-pay': './pkg/apple-pay.js',
};
const SERVER_NAMES = /** @type {(keyof typeof SERVER)[]} */ (Object.keys(SERVER));
/** Entries that need the wasm. */
const WITH_WASM = /** @type {(keyof typeof SERVER)[]} */ (['server', 'journal']);
/** Sub-paths that have a folder. */
const STUBBED = [...SERVER_NAMES, 'slim'];
/** Runtimes that provide the compiled module, with the query of its import. */
const EDGES = { workerd: '', 'edge-light': '?module' };

const sources = ['batch', 'checkout', 'client', 'core', 'generated', 'journal', 'loaders', 'message', 'money', 'net']
  .concat(['operation', 'sandbox', 'wasm'])
  .map((name) => `pkg/${name}`);

/** Writes pkg/cjs, pkg/esm, and for tools that ignore `exports` a folder for each sub-path. */
export async function bundleEntries() {
  const modules = readdirSync(at('pkg')).filter((name) => name.endsWith('.js'));
  await step(
    'entries',
    {
      inputs: [
        ...[...modules.map((name) => `pkg/${name}`), ...sources],
        ...['bundle', 'minify', 'refusals', 'twins'].map((name) => `scripts/lib/${name}.js`),
        'package-lock.json',
      ],
      outputs: ['pkg/cjs/server.cjs', 'pkg/esm/index.js', ...STUBBED.map((name) => `${name}/package.json`)],
    },
    async () => {
      for (const folder of ['cjs', 'esm']) rmSync(at('pkg', folder), { recursive: true, force: true });
      const described = describeEntries({ ...SERVER, index: './pkg/index.js', slim: './pkg/slim.js' });
      const refused = (/** @type {string} */ name) =>
        refusalSource(`aps-payops/${name}`, described[name] ?? {}, 'refuseInPages');
      const refusals = mapped(SERVER_NAMES, (name) => [name, refused(name)]);
      const { twins, replaced } = await describeTwins();
      await bundleCommonJs(refusals, replaced);
      const natives = {
        'index-native': refusalSource('aps-payops', described.index ?? {}, 'refuseInNative'),
        'slim-native': refusalSource('aps-payops/slim', described.slim ?? {}, 'refuseInNative'),
      };
      await bundleForPages({ ...refusals, ...natives }, replaced);
      writeTwins(twins, write);
      writeStubs();
    },
  );
}

/** @typedef {[RegExp, (path: string) => string][]} Replaced contents of modules, by path */

/** @type {import('esbuild').BuildOptions} */
const shared = {
  absWorkingDir: at(),
  bundle: true,
  splitting: true,
  format: 'esm',
  charset: 'utf8',
  minifySyntax: true,
  metafile: true,
  write: false,
  logLevel: 'warning',
};

/**
 * A plugin with generated entries, and replacements of modules.
 * @param {Record<string, string>} entries contents by name
 * @param {Replaced} replaced
 * @param {boolean} isCommonJs
 * @returns {import('esbuild').Plugin}
 */
const plugin = (entries, replaced, isCommonJs) => ({
  name: 'entries',
  setup(build) {
    build.onResolve({ filter: /^entry:/ }, ({ path }) => ({
      path: path.slice('entry:'.length),
      namespace: 'entry',
      sideEffects: true,
    }));
    build.onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => ({ contents: entries[path], resolveDir: at() }));
    build.onResolve({ filter: /[\\/]utf8\.js$/ }, ({ importer }) =>
      isCommonJs && importer.endsWith('call.js') ? { path: at('pkg', 'core', 'utf8-anywhere.js') } : undefined,
    );
    build.onResolve({ filter: /^\./ }, ({ path, importer, resolveDir }) => {
      const name = relative(at(), join(resolveDir, path)).replaceAll(sep, '/');
      const isLater = isCommonJs && LATER[name] && LATER[name].file !== importer;
      return isLater ? { path: name, namespace: 'later' } : undefined;
    });
    build.onResolve({ filter: /^later:/ }, ({ path }) => ({ path: path.slice('later:'.length), namespace: 'later' }));
    build.onLoad({ filter: /.*/, namespace: 'later' }, ({ path }) => ({ contents: stubOf(LATER[path]) }));
    build.onResolve({ filter: TWIN }, ({ path }) => ({ path, external: true, sideEffects: false }));
    for (const [filter, contents] of replaced) {
      build.onLoad({ filter }, ({ path }) => ({ contents: contents(path), resolveDir: join(path, '..') }));
    }
  },
});

const read = (/** @type {string} */ path) => readFileSync(path, 'utf8');

/** Modules that only some entries include: the wasm and its loader. */
const LONE = /^\.\/pkg\/(wasm\/checkout|loaders\/(checkout|server|hex)\.js|(index|server|slim)\.js)/;

/** Becomes `require` when ES modules are converted to CommonJS. */
const REQUIRE = 'globalThis.__require__';

/**
 * Modules that CommonJS loads when one of their functions is called, each a file of its own: forms are for pages, and few
 * servers describe codes or read batches. 8 % of the time from import to the first signature (1.1 ms of 12.8, Node 24).
 * @type {Record<string, { file: string, functions: string[] }>}
 */
const LATER = {
  'pkg/checkout/index.js': { file: 'checkout', functions: ['attachCheckout'] },
  'pkg/money/code-text.js': { file: 'code-text', functions: ['findText'] },
  'pkg/batch/results.js': {
    file: 'results',
    functions: ['openBatchResults', 'openReport', 'readBatchResults', 'reportRows'],
  },
};

/** What stands for such a module. @param {{ file: string, functions: string[] }} module */
const stubOf = ({ file, functions }) =>
  functions
    .map((name) => `export function ${name}(...given) { return ${REQUIRE}('./${file}.cjs').${name}(...given); }\n`)
    .join('');

/** @type {Replaced} */
const forCommonJs = [
  [/[\\/]loaders[\\/]inline\.js$/, () => `export { load } from './by-entry.js';`],
  [/[\\/]loaders[\\/]hex\.js$/, inlinedWasm],
  [
    /[\\/]journal[\\/]peers\.js$/,
    (path) => read(path.replace('.js', '-commonjs.js')).replace(`return require(`, `return ${REQUIRE}(`),
  ],
  [
    /[\\/]sandbox[\\/]dictionary-file\.js$/,
    () => `export const readDictionary = () => ${REQUIRE}('../generated/dictionary.json');`,
  ],
  [/[\\/]generated[\\/]assets\.js$/, (path) => read(path).replace(/^ {2}"dictionary\.json": .*\n/m, '')],
  [/[\\/]wasm[\\/]server[\\/]aps_payops\.js$/, acrossRealms],
];

/**
 * CommonJS: what servers load, and pages in tests.
 * @param {Record<string, string>} refusals what stands for an entry, by name
 * @param {Replaced} replaced
 */
async function bundleCommonJs(refusals, replaced) {
  const ready = (/** @type {string} */ source) => `
    import { load } from './pkg/loaders/server.js';
    import { choose } from './pkg/loaders/by-entry.js';
    choose(load);
    export * from '${source}';`;
  const core = (/** @type {string} */ source) => `
    import { loaderOf } from './pkg/loaders/compiled.js';
    import { choose } from './pkg/loaders/by-entry.js';
    import * as entry from '${source}';
    export const start = (module) => (choose(loaderOf(module)), entry);`;
  const entries = {
    ...mapped(SERVER_NAMES, (name) => [
      name,
      WITH_WASM.includes(name) ? ready(SERVER[name]) : `export * from '${SERVER[name]}';`,
    ]),
    ...mapped(WITH_WASM, (name) => [`${name}-core`, core(SERVER[name])]),
    ...mapped(SERVER_NAMES, (name) => [`${name}-refused`, refusals[name] ?? '']),
    ...Object.fromEntries(Object.entries(LATER).map(([path, { file }]) => [file, `export * from './${path}';`])),
    slim: `export * from './pkg/slim.js';`,
    page: `
      import { load } from './pkg/loaders/checkout.js';
      import { chooseForPage } from './pkg/loaders/by-entry.js';
      chooseForPage(load);
      export * from './pkg/index.js';`,
  };
  const names = await writeCommonJs(entries, [...forCommonJs, ...replaced]);
  const lines = (names.page ?? []).map((name) => `exports.${name} = server.${name};\n`);
  write('cjs/index.cjs', `'use strict';\nconst server = require('./server.cjs');\n${lines.join('')}`);
  for (const name of [...SERVER_NAMES, 'slim']) writeWrapper(name, names[name] ?? []);
  writeWrapper('index', names.page ?? []);
  await writeCommand();
  for (const edge of Object.keys(EDGES)) writeEdge(edge, names);
}

/**
 * @template {string} T
 * @param {readonly T[]} names
 * @param {(name: T) => [string, string]} pair
 */
const mapped = (names, pair) => Object.fromEntries(names.map(pair));

/** @param {string} path below pkg @param {string} text */
function write(path, text) {
  const file = at('pkg', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/**
 * @param {Record<string, string>} entries contents by name
 * @param {Replaced} replaced
 * @returns {Promise<Record<string, string[]>>} what each exports
 */
async function writeCommonJs(entries, replaced) {
  const { outputFiles = [], metafile } = await buildChunks(await grouped(entries, replaced), replaced);
  const outputs = Object.entries(metafile?.outputs ?? {}).map(([path, output]) => ({ name: basename(path), output }));
  const chunks = nameChunks(outputs.filter(({ output }) => !output.entryPoint));
  /** @type {Record<string, string[]>} */
  const names = {};
  for (const { path, text } of outputFiles) {
    const own = basename(path);
    const { output } = outputs.find(({ name }) => name === own) ?? {};
    const renamed = text.replaceAll(
      /(?<=from ")\.\/(chunk-\w+\.js)(?=";)|(?<=^import ")\.\/(chunk-\w+\.js)(?=";)/gm,
      (_, from, bare) => `./${chunks.get(from ?? bare)}`,
    );
    write(
      `cjs/${chunks.get(own) ?? own.replace('.js', '.cjs')}`,
      await shorten(`'use strict';${asCommonJs(renamed)}`, { isModule: false }),
    );
    if (output?.entryPoint) names[own.replace('.js', '')] = output.exports.toSorted();
  }
  return names;
}

/**
 * @param {Record<string, string>} entries contents by name
 * @param {Replaced} replaced
 */
async function buildChunks(entries, replaced) {
  const { build } = await import('esbuild');
  return build({
    ...shared,
    platform: 'node',
    target: 'node20.19',
    outdir: at('pkg', 'cjs'),
    entryPoints: mapped(Object.keys(entries), (name) => [name, `entry:${name}`]),
    plugins: [plugin(entries, replaced, true)],
    // An import that only loads a chunk stays.
    ignoreAnnotations: true,
  });
}

/**
 * Few chunks load faster than many: every entry imports everything for pages, every server entry the whole client.
 * @param {Record<string, string>} entries contents by name
 * @param {Replaced} replaced
 */
async function grouped(entries, replaced) {
  const modulesOf = async (/** @type {string[]} */ names) => {
    const { metafile } = await buildChunks(
      mapped(names, (name) => [name, entries[name] ?? '']),
      replaced,
    );
    const inputs = Object.keys(metafile?.inputs ?? {}).map((path) => (path.startsWith('pkg/') ? `./${path}` : path));
    return inputs.filter((path) => /^(later:|\.\/pkg\/)/.test(path) && !LONE.test(path));
  };
  const core = [
    ...(await modulesOf(['page', 'slim'])),
    ...['batch/format-error', 'message/apple-pay', 'message/invisible'].map((name) => `./pkg/${name}.js`),
  ];
  const client = await modulesOf(['server-core']);
  return mapped(Object.keys(entries), (name) => {
    const needed = /^((server|journal)(-core)?|results)$/.test(name) ? [...core, ...client] : core;
    return [name, needed.map((path) => `import '${path}';\n`).join('') + entries[name]];
  });
}

/**
 * Names of chunks that stay the same when their contents change.
 * @param {{ name: string, output: { inputs: Record<string, unknown>, bytes: number } }[]} chunks
 */
function nameChunks(chunks) {
  const known = {
    'pkg/loaders/hex.js': 'wasm',
    'pkg/core/instance.js': 'core',
    'pkg/client/index.js': 'client',
    'pkg/journal/store.js': 'operations',
    'pkg/batch/csv.js': 'csv',
    'pkg/batch/source.js': 'files',
    'pkg/refuse.js': 'refuse',
    'pkg/index.js': 'both',
  };
  let count = 0;
  return new Map(
    chunks.map(({ name, output }) => {
      const input = Object.entries(known).find(([path]) => path in output.inputs);
      return [name, `${input ? input[1] : `shared-${++count}`}.cjs`];
    }),
  );
}

/**
 * A chunk of ES modules as CommonJS, with what it imports as constants. In esbuild's own conversion, each call into another
 * chunk goes through two accessors: that is 5 % of a request, and a tenth of the start.
 * @param {string} code imports and exports as esbuild writes them
 */
function asCommonJs(code) {
  // Node's own modules without `require`, which a bundle of ES modules does not have; other files with it.
  const required = (/** @type {string} */ name) =>
    name.startsWith('node:') ? `process.getBuiltinModule("${name}")` : `require("${name}")`;
  const text = code
    .replaceAll(
      /^import \{([^}]*)\} from "([^"]+)";$/gm,
      (_, names, from) => `const {${names.replaceAll(' as ', ': ')}} = ${required(from)};`,
    )
    .replaceAll(
      /^import (?:\* as )?([\w$]+) from "([^"]+)";$/gm,
      (_, name, from) => `const ${name} = ${required(from)};`,
    )
    .replaceAll(/^import "([^"]+)";$/gm, (_, from) => `${required(from)};`)
    .replace(
      /^export \{([^}]*)\};$/m,
      (_, names) => `module.exports = {${names.replaceAll(/([\w$]+) as ([\w$]+)/g, '$2: $1')}};
Object.defineProperty(module.exports, '__esModule', { value: true });`,
    )
    .replaceAll(REQUIRE, 'require');
  const other = /^(?:(?:import|export)\b|(?:var|let|const|function|class) (?:module|exports|require)\b).*/m.exec(text);
  if (other) throw new Problem(`this cannot be a line of CommonJS: ${other[0]}`);
  return text;
}

/**
 * How Node gets the wasm: from the file in the package, which needs no decoding; in a user's bundle, where the file is
 * missing, from text that bundlers include. Deno would ask for permission to read a file.
 */
function inlinedWasm() {
  const wasm = readFileSync(at('pkg', 'wasm', 'server', 'aps_payops_bg.wasm'));
  const small = brotliCompressSync(wasm, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length },
  });
  write('cjs/inlined.cjs', `'use strict';module.exports="${small.toString('base64')}";\n`);
  return `
    function bytesOfFile() {
      if (typeof Deno !== 'undefined') return undefined;
      try {
        const { readFileSync } = process.getBuiltinModule('node:fs');
        const bytes = readFileSync(__dirname + '/../wasm/server/aps_payops_bg.wasm');
        return bytes.length === ${wasm.length} ? bytes : undefined;
      } catch {
        return undefined;
      }
    }
    const bytesOfText = () =>
      process.getBuiltinModule('node:zlib').brotliDecompressSync(Buffer.from(${REQUIRE}('./inlined.cjs'), 'base64'));
    export const inlinedBytes = () => bytesOfFile() ?? bytesOfText();`;
}

/** How the glue of wasm-bindgen recognises a compiled module. */
const BY_CLASS = '!(module instanceof WebAssembly.Module)';
const BY_TAG = `Object.prototype.toString.call(module) !== '[object WebAssembly.Module]'`;

/**
 * The glue, for a module of another realm too: Next.js provides such a module at its edge.
 * @param {string} path
 */
function acrossRealms(path) {
  const glue = read(path);
  if (!glue.includes(BY_CLASS)) throw new Problem('the glue of wasm-bindgen recognises a module differently now');
  return glue.replace(BY_CLASS, BY_TAG);
}

/**
 * The ES module of a CommonJS one.
 * @param {string} name
 * @param {readonly string[]} names
 */
function writeWrapper(name, names) {
  write(`cjs/${name}.mjs`, `export { ${names.join(', ')} } from './${name}.cjs';\n`);
}

/** The command, which imports the shipped entries. */
async function writeCommand() {
  let text = read(at('pkg', 'cli.js'));
  for (const [from, to] of [
    ...Object.entries(SERVER).map(([name, path]) => [path.replace('/pkg', ''), `./${name}.mjs`]),
  ].concat([['./generated/dictionary.json', '../generated/dictionary.json']])) {
    text = text.replaceAll(`'${from}'`, `'${to}'`);
  }
  const lost = text.match(/'\.\/[^']+(?<!\.mjs)'/);
  if (lost) throw new Problem(`pkg/cli.js imports ${lost[0]}, which is not shipped`);
  write('cjs/cli.mjs', await shorten(text, { isModule: true }));
}

/**
 * The entries of an edge, which compiles no bytes: the platform provides the wasm as a module.
 * @param {string} edge
 * @param {Record<string, string[]>} names
 */
function writeEdge(edge, names) {
  const query = EDGES[/** @type {keyof typeof EDGES} */ (edge)];
  for (const name of WITH_WASM) {
    const own = (names[name] ?? []).map((one) => `export const ${one} = entry.${one};\n`);
    write(
      `esm/${edge}/${name}.mjs`,
      `import module from '../../wasm/server/aps_payops_bg.wasm${query}';
import { start } from '../../cjs/${name}-core.cjs';

const entry = start(module);
${own.join('')}`,
    );
  }
  write(`esm/${edge}/index.mjs`, `export { ${(names.page ?? []).join(', ')} } from './server.mjs';\n`);
}

/**
 * ES modules for pages, and for apps without WebAssembly. Imports are relative: an import map or a plain file server is
 * enough.
 * @param {Record<string, string>} refusals
 * @param {Replaced} replaced
 */
async function bundleForPages(refusals, replaced) {
  const { build } = await import('esbuild');
  const entries = { ...refusals, index: `export * from './pkg/index.js';`, slim: `export * from './pkg/slim.js';` };
  const { outputFiles = [] } = await build({
    ...shared,
    platform: 'browser',
    target: 'es2022',
    outdir: at('pkg', 'esm'),
    entryPoints: mapped(Object.keys(entries), (name) => [name, `entry:${name}`]),
    chunkNames: 'shared-[hash]',
    plugins: [
      plugin(
        entries,
        [...replaced, [/[\\/]loaders[\\/]inline\.js$/, () => `export { load } from './checkout.js';`]],
        false,
      ),
    ],
  });
  for (const { path, text } of outputFiles) write(`esm/${basename(path)}`, await shorten(text, { isModule: true }));
}

/** For tools that ignore `exports`: a folder for each sub-path, with the entry that is safe in a page. */
function writeStubs() {
  for (const name of STUBBED) {
    const cjs = name === 'slim' ? 'slim' : `${name}-refused`;
    const lead = {
      private: true,
      sideEffects: false,
      main: `../pkg/cjs/${cjs}.cjs`,
      module: `../pkg/esm/${name}.js`,
      'react-native': `../pkg/esm/${name === 'slim' ? 'slim-native' : name}.js`,
      types: `../pkg/types/${name}.d.cts`,
    };
    mkdirSync(at(name), { recursive: true });
    writeFileSync(at(name, 'package.json'), `${JSON.stringify(lead, null, 2)}\n`);
  }
}
