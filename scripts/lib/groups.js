// The groups of tests, in the order in which they run.

import { join } from 'node:path';
import { chromium, webDriverEnv } from './chromium.js';
import { checkDocs } from './generate.js';
import { at, packed } from './paths.js';
import { tools } from './setup.js';
import { filesBelow } from './step.js';
import { tsc } from './types.js';
import { serverRustFlags } from './wasm.js';

/** @typedef {{ kind?: 'cargo' | 'node' | 'check', env?: Record<string, string>, cwd?: string, run: string[] }} Command */
/** @typedef {{ name: string, commands: () => Command[] | null | Promise<Command[] | null> }} Group null: cannot run here */

const node = process.execPath;
const wasm = ['--locked', '--target', 'wasm32-unknown-unknown'];
const warningsFail = ['--', '-D', 'warnings'];
/** What the shipped code never does, and a test may: fail by panic. */
const testsMay = ['unwrap_used', 'expect_used', 'panic', 'indexing_slicing', 'string_slice', 'arithmetic_side_effects']
  .concat(['format_collect', 'cast_possible_truncation', 'cast_precision_loss', 'too_many_lines', 'similar_names'])
  .flatMap((lint) => ['-A', `clippy::${lint}`]);

/** Where every run of tests in wasm finds its flags and its runner. */
const wasmEnv = {
  RUSTFLAGS: serverRustFlags,
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: `${tools} test-runner`,
};
const wasmTests = ['cargo', 'test', ...wasm, '--features', 'server', '--test', 'wasm'];

/**
 * `node --test` over the test files in some folders. (Node 20 expands no patterns itself.)
 * @param {string[]} folders
 * @param {Omit<Command, 'run'>} [options]
 * @returns {Command}
 */
function nodeTests(folders, options) {
  const files = folders.flatMap(filesBelow).filter((file) => file.endsWith('.test.js'));
  const run = files.length ? [node, '--test', '--test-reporter=spec', ...files] : [node, '-e', 'throw "no test files"'];
  return { kind: 'node', run, ...options };
}

/** Tests that run against the installed package. */
const packedTests = (/** @type {string} */ folder) => [nodeTests([join(packed, 'tests', folder)], { cwd: packed })];

/** @param {(found: { browser: string, driver: string }) => Command[]} commands */
const withChromium = (commands) => async () => {
  const found = await chromium();
  return found && commands(found);
};

/** @type {Group[]} */
export const groups = [
  {
    name: 'format',
    commands: () => [
      { run: ['cargo', 'fmt', '--check'] },
      { run: ['cargo', 'fmt', '--check', '--manifest-path', at('tools', 'Cargo.toml')] },
      { run: [node, at('node_modules', '@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings'] },
    ],
  },
  {
    name: 'lint',
    commands: () => [
      { run: ['cargo', 'clippy', '--locked', '--lib', ...warningsFail] },
      { run: ['cargo', 'clippy', '--locked', '--lib', '--bins', '--features', 'reference', ...warningsFail] },
      { run: ['cargo', 'clippy', '--locked', '--tests', '--features', 'reference', ...warningsFail, ...testsMay] },
      {
        run: ['cargo', 'clippy', ...wasm, '--no-default-features', '--features', 'checkout', '--lib', ...warningsFail],
      },
      { run: ['cargo', 'clippy', ...wasm, '--features', 'server', '--lib', ...warningsFail] },
      {
        run: ['cargo', 'clippy', ...wasm, '--features', 'server', '--test', 'wasm', ...warningsFail, ...testsMay],
      },
    ],
  },
  { name: 'generated', commands: () => [{ run: checkDocs }] },
  { name: 'types', commands: () => [{ run: [node, tsc, '--noEmit'] }] },
  {
    name: 'rust',
    commands: () => [{ kind: 'cargo', run: ['cargo', 'test', '--locked', '--features', 'reference'] }],
  },
  { name: 'wasm-node', commands: () => [{ kind: 'cargo', env: wasmEnv, run: wasmTests }] },
  {
    name: 'wasm-chromium',
    commands: withChromium((found) => [{ kind: 'cargo', env: { ...wasmEnv, ...webDriverEnv(found) }, run: wasmTests }]),
  },
  { name: 'artefacts', commands: () => [nodeTests([at('tests', 'artefacts.test.js')])] },
  { name: 'pack', commands: () => [{ run: [node, at('scripts', 'pack.js')] }] },
  { name: 'package', commands: () => packedTests('package') },
  { name: 'sandbox', commands: () => packedTests('sandbox') },
  {
    name: 'consumers',
    commands: withChromium(({ browser }) => [
      nodeTests([join(packed, 'tests', 'consumers')], { cwd: packed, env: { CHROMIUM: browser } }),
    ]),
  },
  {
    name: 'browser',
    commands: withChromium(({ browser }) => [nodeTests([at('tests', 'browser')], { env: { CHROMIUM: browser } })]),
  },
  { name: 'leaks', commands: () => [{ run: [node, at('scripts', 'leaks.js')] }] },
];

/** Groups that need another to have run. */
export const needs = { package: 'pack', sandbox: 'pack', consumers: 'pack' };
