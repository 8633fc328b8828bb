// Brings a fresh clone to where it can build: npm's packages, the wasm target, the wasm-bindgen tools.
// Uses only what Node itself has, since it runs before anything is installed.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, cache } from './paths.js';
import { ask, Problem, runOrFail } from './run.js';
import { step } from './step.js';

const wasmTarget = 'wasm32-unknown-unknown';

/** The tool crate, built: `tools wasm-bindgen …`, `tools test-runner …`. */
export const tools = join(cache, 'tools', 'release', process.platform === 'win32' ? 'tools.exe' : 'tools');

export async function setup() {
  checkNode();
  await installPackages();
  await prepareRust();
  await buildTools();
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Problem(`Node 20.19 or newer is needed; this is ${process.versions.node}.`);
  }
}

async function installPackages() {
  if (packagesAreInstalled()) return;
  process.stdout.write('npm ci …\n');
  // No install scripts: every binary we use comes inside a package.
  await runOrFail('npm ci', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
}

/** npm writes what it installed beside it: compare that with the lock file. */
function packagesAreInstalled() {
  const installed = at('node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const want = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages;
  return Object.entries(want).every(
    ([path, { version, optional }]) => path === '' || (optional && !have[path]) || have[path]?.version === version,
  );
}

async function prepareRust() {
  if (ask('cargo', ['--version']) === null) {
    if (ask('rustup', ['--version']) === null) {
      throw new Problem('Rust is needed: install rustup (rustup.rs), then run this again.');
    }
    await runOrFail('rustup toolchain install', 'rustup', ['toolchain', 'install']);
  }
  const libraries = ask('rustc', ['--print', 'target-libdir', '--target', wasmTarget]);
  if (libraries !== null && existsSync(libraries)) return;
  if (ask('rustup', ['--version']) === null) {
    throw new Problem(`This Rust has no ${wasmTarget} target and there is no rustup to add it: install rustup.`);
  }
  process.stdout.write(`rustup target add ${wasmTarget} …\n`);
  await runOrFail('rustup target add', 'rustup', ['target', 'add', wasmTarget]);
}

async function buildTools() {
  await step(
    'wasm-bindgen tools',
    { inputs: ['tools/Cargo.toml', 'tools/Cargo.lock', 'tools/src'], outputs: ['.cache/tools'] },
    async () => {
      const manifest = at('tools', 'Cargo.toml');
      const args = [
        'build',
        '--release',
        '--locked',
        '--manifest-path',
        manifest,
        '--target-dir',
        join(cache, 'tools'),
      ];
      await runOrFail('building the wasm-bindgen tools', 'cargo', args, { env: { RUSTFLAGS: undefined } });
    },
  );
}
