// The two artefacts: cargo, wasm-bindgen, wasm-opt, then the bytes as text.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { textFromBytes } from '../../pkg/loaders/text.js';
import { at, root, target } from './paths.js';
import { ask, Problem, runOrFail } from './run.js';
import { tools } from './setup.js';
import { step } from './step.js';

/** The version that optimises: nothing else of npm's goes into the wasm. */
const { binaryen } = JSON.parse(readFileSync(at('package.json'), 'utf8')).devDependencies;

/** @typedef {{ name: 'checkout' | 'server', cargo: string[], flags: string, optimize: '-Oz' | '-O3' }} Artefact */

const serverFlags = '-C target-feature=+simd128';

/** @type {Artefact[]} */
const artefacts = [
  { name: 'checkout', cargo: ['--no-default-features', '--features', 'checkout'], flags: '', optimize: '-Oz' },
  { name: 'server', cargo: ['--features', 'server'], flags: serverFlags, optimize: '-O3' },
];

/**
 * RUSTFLAGS for wasm: none of this machine's paths in the file, so the same source gives the same bytes anywhere.
 * @param {string} flags
 */
function rustFlags(flags) {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  return `${flags} --remap-path-prefix=${cargoHome}=cargo --remap-path-prefix=${root}=aps-payops`.trim();
}

/** The flags of the server artefact, for tests in wasm: what is tested is what is shipped. */
export const serverRustFlags = rustFlags(serverFlags);

/**
 * @param {{ optimised?: boolean }} [options] not optimised: for a loop of edits, not for what is shipped or measured
 */
export async function buildWasm({ optimised = true } = {}) {
  for (const artefact of artefacts) {
    const inputs = [
      'src',
      'build.rs',
      'Cargo.toml',
      'Cargo.lock',
      'tools/Cargo.lock',
      'scripts/lib/wasm.js',
      'pkg/loaders/text.js',
    ];
    const outputs = ['aps_payops.js', 'aps_payops.d.ts', 'aps_payops_bg.wasm', 'bytes.js', 'bytes.d.ts'];
    await step(
      `${artefact.name} wasm`,
      {
        inputs: [
          ...inputs,
          `binaryen ${binaryen}`,
          String(ask('rustc', ['--version'])),
          optimised ? 'optimised' : 'quick',
        ],
        outputs: outputs.map((file) => `pkg/wasm/${artefact.name}/${file}`),
      },
      () => build(artefact, optimised),
    );
  }
}

/**
 * @param {Artefact} artefact
 * @param {boolean} optimised
 */
async function build({ name, cargo, flags, optimize }, optimised) {
  const profile = optimised ? name : 'quick';
  const out = at('pkg', 'wasm', name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await runOrFail(
    `cargo build (${name})`,
    'cargo',
    ['build', '--lib', '--locked', '--target', 'wasm32-unknown-unknown', '--profile', profile, ...cargo],
    // Both artefacts share what they stand on only if it is compiled with the same flags.
    { env: { RUSTFLAGS: rustFlags(optimised ? flags : '') } },
  );
  await runOrFail(`wasm-bindgen (${name})`, tools, [
    'wasm-bindgen',
    join(target, 'wasm32-unknown-unknown', profile, 'aps_payops.wasm'),
    ...['--target', 'web', '--omit-default-module-path', '--out-dir', out],
  ]);
  const wasm = join(out, 'aps_payops_bg.wasm');
  if (optimised) {
    // Which features wasm-opt may use, it reads from the section that the compiler wrote.
    await runOrFail(`wasm-opt (${name})`, process.execPath, [
      at('node_modules', 'binaryen', 'bin', 'wasm-opt'),
      ...[wasm, '-o', wasm, optimize, '--strip-debug', '--strip-producers', '--strip-target-features'],
    ]);
  }
  await trimGlue(out);
  const bytes = readFileSync(wasm);
  const text = name === 'checkout' ? textFromBytes(bytes) : bytes.toString('hex');
  writeFileSync(join(out, 'bytes.js'), `export default ${JSON.stringify(text)};\n`);
  writeFileSync(join(out, 'bytes.d.ts'), 'declare const text: string;\nexport default text;\n');
}

/** How the glue's initSync keeps to the first instance that it made. */
const ONCE = 'if (wasm !== void 0) return wasm;';

/**
 * Takes the asynchronous loader out of the glue: we only ever call initSync, and it would weigh on every page. And makes
 * that make a new instance at each call: one that a trap has left in disorder has to be replaced.
 * @param {string} out
 */
async function trimGlue(out) {
  const { build } = await import('esbuild');
  const glue = join(out, 'aps_payops.js');
  await build({
    stdin: { contents: `export * from './aps_payops.js';`, resolveDir: out },
    outfile: glue,
    allowOverwrite: true,
    bundle: true,
    format: 'esm',
    charset: 'utf8',
    logLevel: 'silent',
  });
  const script = readFileSync(glue, 'utf8');
  if (!script.includes(ONCE)) throw new Problem('the glue of wasm-bindgen is not as expected: its initSync differs');
  writeFileSync(glue, script.replace(ONCE, ''));
  const file = join(out, 'aps_payops.d.ts');
  const types = readFileSync(file, 'utf8');
  const end = types.lastIndexOf('/**', types.indexOf('export default function __wbg_init'));
  if (end < 0 || readFileSync(glue, 'utf8').includes('__wbg_load')) {
    throw new Problem('the glue of wasm-bindgen is not as expected: its asynchronous loader could not be taken out');
  }
  // Node's own types have no WebAssembly, and who compiles for Node alone has no others.
  const portable = types
    .slice(0, end)
    .replace(/^export type InitInput = .*\n\n/m, '')
    .replace(/^export type SyncInitInput = .*/m, 'export type SyncInitInput = object;')
    .replaceAll('WebAssembly.Memory', '{ readonly buffer: ArrayBuffer }')
    .replaceAll('WebAssembly.Table', 'object');
  writeFileSync(file, portable);
  rmSync(join(out, 'aps_payops_bg.wasm.d.ts'), { force: true });
}
