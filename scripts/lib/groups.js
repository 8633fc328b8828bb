// The groups of tests. They run side by side (schedule.js), longest first.

import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { chromium, testEnv, webDriverEnv } from './chromium.js';
import { engines } from './engines.js';
import { checkDocs } from './generate.js';
import { nodes } from './nodes.js';
import { at, packed } from './paths.js';
import { Problem } from './run.js';
import { tools } from './setup.js';
import { filesBelow } from './step.js';
import { tsc } from './types.js';
import { serverRustFlags } from './wasm.js';

/** @typedef {import('../../tests/effort.js').Effort} Effort */
/** @typedef {{ kind?: 'cargo' | 'node' | 'check', env?: Record<string, string>, cwd?: string, run: string[] }} Command */
/**
 * @typedef {object} Group
 * @property {string} name
 * @property {Effort} from the least effort at which it runs: npm test leaves out groups of `all`
 * @property {string} [lane] groups of one lane do not run side by side: cargo locks its folder
 * @property {string[]} [needs] groups without which it cannot run
 * @property {string[]} [after] groups that it waits for when they run too
 * @property {(effort: Effort) => Command[] | null | Promise<Command[] | null>} commands null: cannot run here
 */

const node = process.execPath;
const wasm = ['--locked', '--target', 'wasm32-unknown-unknown'];
const warningsFail = ['--', '-D', 'warnings'];
/** Tests may panic; the shipped code never does. The files of tests do not repeat this. */
const testsMay = ['unwrap_used', 'expect_used', 'panic', 'indexing_slicing', 'string_slice', 'arithmetic_side_effects']
  .concat(['format_collect', 'cast_possible_truncation', 'cast_precision_loss', 'too_many_lines', 'similar_names'])
  .flatMap((lint) => ['-A', `clippy::${lint}`]);

/** The flags and the runner of tests in wasm. */
const wasmEnv = {
  RUSTFLAGS: serverRustFlags,
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: `${tools} test-runner`,
};
const wasmTests = ['cargo', 'test', ...wasm, '--features', 'server', '--test', 'wasm'];
const rustTests = ['cargo', 'test', '--no-fail-fast', '--locked', '--features', 'reference'];

/** How many cuts of genuine replies tests/rust/cuts.rs tries. */
const CUTS = { quick: '100000', usual: '1000000', all: '20000000' };

/** Milliseconds after which a test file counts as hanging, even on a busy machine; the other files continue. */
const TEST_TIMEOUT = 10 * 60_000;

/** Too slow for every edit: 5 s and more. */
const SLOW = new Set(
  [
    ...['abandoned-uploads', 'adding-to-the-dictionary', 'broken-call', 'every-amount', 'lost-answers', 'many-at-once'],
    ...['many-operations', 'million-rows', 'operations', 'postgres', 'recovery', 'stores', 'unresolved-operations'],
    ...['docs', 'readme', 'uploads', 'wiped-memory'],
  ].map((name) => `${name}.test.js`),
);

/** Examples with many dependencies, or that are compiled. */
const SLOW_EXAMPLES = new Set(['nest', 'next'].map((name) => `${name}.test.js`));

/** Consumers with a hundred dependencies, or that compile for half a minute. */
const SLOW_CONSUMERS = new Set(['metro', 'next', 'parcel', 'wrangler']);

/** @param {boolean} slow */
const consumers = (slow) =>
  testFiles(at('tests', 'consumers')).filter((file) => SLOW_CONSUMERS.has(basename(dirname(file))) === slow);

/** The files with tests below a path. */
export const testFiles = (/** @type {string} */ path) => filesBelow(path).filter((file) => file.endsWith('.test.js'));

/**
 * `node --test` over test files.
 * @param {string[]} files
 * @param {Omit<Command, 'run'> & { concurrency?: number }} [options] `concurrency`: how many files at once
 * @returns {Command}
 */
function nodeTests(files, { concurrency = 1, ...options } = {}) {
  const flags = [
    '--test',
    '--test-reporter=spec',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${TEST_TIMEOUT}`,
  ];
  const run = files.length ? [node, ...flags, ...files] : [node, '-e', 'throw "no test files"'];
  return { kind: 'node', run, ...options };
}

/**
 * Tests that run against the installed package.
 * @param {string} folder
 * @returns {Group['commands']}
 */
const packedTests = (folder) => (effort) => {
  // The package may not be packed yet: its tests are those of the tree.
  const files = testFiles(at('tests', folder)).filter((file) => effort !== 'quick' || !SLOW.has(basename(file)));
  // Many tests wait for a deadline, a server or a process.
  return [nodeTests(files.map(inPacked), { cwd: packed, concurrency: 3 })];
};

const inPacked = (/** @type {string} */ file) => join(packed, file.slice(at().length));

/** @param {(found: { browser: string, shell: string, driver: string }) => Command[]} commands */
const withChromium = (commands) => async () => {
  const found = await chromium();
  return found && commands(found);
};

/** @param {(env: Record<string, string>) => Command[]} commands */
const withPossibleChromium = (commands) => async () => {
  const found = await chromium();
  return commands(found ? testEnv(found) : {});
};

/** @type {Group[]} */
export const groups = [
  {
    name: 'format',
    from: 'quick',
    commands: () => [
      { run: ['cargo', 'fmt', '--check'] },
      { run: ['cargo', 'fmt', '--check', '--manifest-path', at('tools', 'Cargo.toml')] },
      { run: ['cargo', 'fmt', '--check', '--manifest-path', at('fuzz', 'Cargo.toml')] },
      { run: [node, at('node_modules', '@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings'] },
    ],
  },
  { name: 'pack', from: 'quick', commands: () => [{ run: [node, at('scripts', 'pack.js'), '--built'] }] },
  {
    name: 'browser',
    from: 'usual',
    commands: async () => {
      const env = await engines();
      return env && [nodeTests(testFiles(at('tests', 'browser')), { env, concurrency: 2 })];
    },
  },
  { name: 'package', from: 'quick', needs: ['pack'], commands: packedTests('package') },
  {
    name: 'rust',
    from: 'quick',
    lane: 'cargo',
    commands: (effort) => [{ kind: 'cargo', run: rustTests, env: { APS_CUTS: CUTS[effort] } }],
  },
  {
    name: 'lint',
    from: 'quick',
    lane: 'cargo',
    commands: (effort) => {
      const library = [
        { run: ['cargo', 'clippy', '--locked', '--lib', '--bins', '--features', 'reference', ...warningsFail] },
        { run: ['cargo', 'clippy', '--locked', '--tests', '--features', 'reference', ...warningsFail, ...testsMay] },
      ];
      const others = [
        { run: ['cargo', 'clippy', '--locked', '--lib', ...warningsFail] },
        {
          run: [
            'cargo',
            'clippy',
            ...wasm,
            ...['--profile', 'checkout', '--no-default-features', '--features', 'checkout', '--lib'],
            ...warningsFail,
          ],
        },
        { run: ['cargo', 'doc', '--no-deps', '--locked'], env: { RUSTDOCFLAGS: '-D warnings' } },
        { run: ['cargo', 'clippy', ...wasm, '--profile', 'server', '--features', 'server', '--lib', ...warningsFail] },
        {
          run: ['cargo', 'clippy', ...wasm, '--features', 'server', '--test', 'wasm', ...warningsFail, ...testsMay],
        },
      ];
      return effort === 'quick' ? library : [...library, ...others];
    },
  },
  { name: 'house', from: 'quick', commands: () => [{ run: [node, at('scripts', 'check-house.js')] }] },
  { name: 'types', from: 'quick', commands: () => [{ run: [node, tsc, '--noEmit'] }] },
  { name: 'sandbox', from: 'quick', needs: ['pack'], commands: packedTests('sandbox') },
  {
    name: 'consumers',
    from: 'usual',
    needs: ['pack'],
    commands: withChromium((found) => [
      nodeTests(consumers(false).map(inPacked), { cwd: packed, env: testEnv(found), concurrency: 2 }),
    ]),
  },
  {
    name: 'slow-consumers',
    from: 'all',
    needs: ['pack'],
    after: ['consumers'],
    commands: async (effort) => {
      const found = await chromium();
      if (!found) return null;
      const newest = (await nodes()).at(-1)?.path ?? node;
      const env = { ...testEnv(found), NODE_24: newest };
      return effort === 'all' ? [nodeTests(consumers(true).map(inPacked), { cwd: packed, env })] : null;
    },
  },
  {
    name: 'examples',
    from: 'usual',
    needs: ['pack'],
    commands: withPossibleChromium((env) => [
      nodeTests(
        testFiles(at('tests', 'examples')).filter((file) => !SLOW_EXAMPLES.has(basename(file))),
        { env },
      ),
    ]),
  },
  {
    name: 'slow-examples',
    from: 'all',
    needs: ['pack'],
    commands: () => [nodeTests(testFiles(at('tests', 'examples')).filter((file) => SLOW_EXAMPLES.has(basename(file))))],
  },
  { name: 'generated', from: 'quick', lane: 'cargo', commands: () => [{ run: checkDocs }] },
  {
    name: 'wasm-node',
    from: 'usual',
    lane: 'cargo',
    commands: () => [{ kind: 'cargo', env: wasmEnv, run: wasmTests }],
  },
  {
    name: 'wasm-chromium',
    from: 'usual',
    lane: 'cargo',
    commands: withChromium((found) => [{ kind: 'cargo', env: { ...wasmEnv, ...webDriverEnv(found) }, run: wasmTests }]),
  },
  {
    name: 'artefacts',
    from: 'usual',
    commands: () => [nodeTests([at('tests', 'artefacts.test.js'), at('tests', 'bench.test.js')])],
  },
  { name: 'faults', from: 'usual', commands: () => [nodeTests([at('tests', 'faults.test.js')])] },
  {
    name: 'docs',
    from: 'all',
    commands: withChromium((found) => [
      // Installs the tools of the site if they are missing.
      { run: [node, at('docs', 'build.js')] },
      nodeTests(testFiles(at('tests', 'docs')), { env: testEnv(found) }),
    ]),
  },
  {
    name: 'release',
    from: 'all',
    lane: 'cargo',
    commands: () => [
      nodeTests([at('tests', 'release.test.js')]),
      { run: [node, at('scripts', 'release.js'), 'check', '--rehearse'] },
    ],
  },
  {
    name: 'operation-mutants',
    from: 'all',
    lane: 'cargo',
    commands: () => [{ run: [node, at('scripts', 'mutants-operation.js')] }],
  },
  {
    name: 'comparison',
    from: 'all',
    lane: 'cargo',
    commands: () => [{ run: [node, at('scripts', 'compare-with.js'), '--count', '200000'] }],
  },
  // New inputs are kept only when the fuzzer is run by itself: a test run changes no file.
  {
    name: 'fuzz',
    from: 'all',
    lane: 'cargo',
    commands: () => [{ run: [node, at('scripts', 'fuzz.js'), '--keep-nothing'] }],
  },
];

/** Runs after all others, since it searches what they printed. */
groups.push({
  name: 'leaks',
  from: 'quick',
  after: groups.map(({ name }) => name),
  commands: () => [{ run: [node, at('scripts', 'leaks.js')] }],
});

/**
 * The groups that run these files alone, with what they need. Each file is relative to the root.
 * @param {string[]} files
 * @returns {Group[]}
 */
export function groupsOfFiles(files) {
  const found = files.map(groupOfFile);
  const missing = found.flatMap(({ needs = [] }) => needs);
  return [...groups.filter(({ name }) => missing.includes(name)), ...found];
}

/**
 * @param {string} file
 * @returns {Group}
 */
function groupOfFile(file) {
  const path = file.replaceAll('\\', '/');
  const own = { name: path, from: /** @type {const} */ ('quick') };
  const cargo = (/** @type {string[]} */ ...args) => ({
    ...own,
    lane: 'cargo',
    commands: () => [{ kind: /** @type {const} */ ('cargo'), run: [...rustTests, ...args] }],
  });
  if (path === 'tests/rust/wasm.rs') {
    return { ...own, lane: 'cargo', commands: () => [{ kind: 'cargo', env: wasmEnv, run: wasmTests }] };
  }
  const target = /^tests\/rust\/(\w+)(\.rs|\/.*)$/.exec(path)?.[1];
  if (target) return cargo('--test', target);
  const module = /^src\/(.*)\.rs$/.exec(path)?.[1];
  if (module) return cargo(...testsOfModule(module, path));
  if (path.startsWith('tests/examples/')) {
    return { ...own, needs: ['pack'], commands: withPossibleChromium((env) => [nodeTests([at(path)], { env })]) };
  }
  if (/^tests\/(package|sandbox|consumers)\//.test(path)) {
    return {
      ...own,
      needs: ['pack'],
      commands: withPossibleChromium((env) => [nodeTests([inPacked(at(path))], { cwd: packed, env })]),
    };
  }
  return { ...own, commands: withPossibleChromium((env) => [nodeTests([at(path)], { env })]) };
}

/**
 * The arguments of cargo for the tests in a source file.
 * @param {string} module as in `src/${module}.rs`
 * @param {string} path
 */
function testsOfModule(module, path) {
  if (!readFileSync(at(path), 'utf8').includes('#[test]')) {
    throw new Problem(`${path} holds no tests: those of the whole are in tests/rust/`);
  }
  if (module.startsWith('bin/')) return ['--bin', module.slice('bin/'.length)];
  const name = module.replace(/(^|\/)(lib|mod)$/, '').replaceAll('/', '::');
  return ['--lib', ...(name ? [`${name}::`] : [])];
}
